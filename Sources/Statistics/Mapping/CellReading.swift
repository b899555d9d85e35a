// How one field's cells become a number of the packed record: a word's number, days since 1970, an amount. Called once
// for each different text; the mapper remembers the answer. nil means that the mapping does not know this text.

import Bulletins
import Foundation

struct CellReading {
  /// A person under eighteen: the row is dropped, whatever else it says.
  static let underAge: Int32 = -2
  static let unknown: Int32 = -1

  let field: RecordField
  let rule: FieldRule
  let arrestDate: FieldRule.Reading?

  /// - Parameter cells: of the rule's columns, white space around removed.
  func value(_ cells: [String], knowledge: ImportKnowledge, words: inout WordList) -> Int32? {
    let first = cells.first ?? ""
    switch rule.reading {
    case .constant(let word): return number(word, knowledge, &words)
    case .date(let pattern): return pattern.date(first).map { Int32($0.daysSince1970) }
    case .years: return Int(first).flatMap { age($0, &words) } ?? (first.isEmpty ? 0 : nil)
    case .yearOfBirth:
      if first.isEmpty { return 0 }
      guard case .date(let pattern) = arrestDate, let arrested = pattern.date(cells.last ?? ""), let born = Int(first),
        born > 1_800
      else { return nil }
      return age(arrested.year - born, &words)
    case .weight(let units, let decimal): return weight(cells, units, decimal)
    case .after(let prefix, let table):
      guard first.hasPrefix(prefix) else { return 0 }
      let rest = String(first.dropFirst(prefix.count)).trimmingCharacters(in: .whitespaces)
      return number(table[rest] ?? rest, knowledge, &words)
    case .words(let table, let beginnings):
      let text = cells.count == 1 ? first : cells.filter { !$0.isEmpty }.joined(separator: ";")
      if let word = table[text] { return number(word, knowledge, &words) }
      if let found = beginnings.first(where: { text.hasPrefix($0.key) }) {
        return number(found.value, knowledge, &words)
      }
      // An empty cell says nothing; any other text must be one that the mapping names, if it names any.
      guard text.isEmpty || table.isEmpty && beginnings.isEmpty else { return nil }
      return number(text, knowledge, &words)
    }
  }

  private func age(_ years: Int, _ words: inout WordList) -> Int32? {
    if (0..<18).contains(years) { return Self.underAge }
    return AgeBand.of(years).flatMap { words.number($0.name) }.map(Int32.init)
  }

  /// Tenths times four, and the unit: 1 GM, 2 DU, 0 none.
  private func weight(_ cells: [String], _ units: [String: WeightUnit], _ decimal: DecimalSign?) -> Int32? {
    var (amount, unit) = (cells[0], cells.count > 1 ? cells[1] : "")
    if cells.count == 1, let space = amount.lastIndex(of: " ") {
      unit = String(amount[amount.index(after: space)...])
      amount = String(amount[..<space])
    }
    if amount.isEmpty { return 0 }
    if let decimal {
      guard let plain = decimal.plain(amount) else { return nil }
      amount = plain
    }
    guard let known = units[unit], amount.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }),
      let value = Double(amount)
    else { return nil }
    let tenths = (value * known.factor * 10).rounded()
    guard tenths < Double(Int32.max / 4) else { return nil }
    return Int32(tenths) * 4 + (known.unit == "GM" ? 1 : 2)
  }

  private func number(_ text: String, _ knowledge: ImportKnowledge, _ words: inout WordList) -> Int32? {
    switch field {
    case .attempt, .firearm, .overdose, .naloxone, .multiJurisdiction:
      return text == "Y" ? 1 : text == "N" || text.isEmpty ? 0 : nil
    case .arrestees, .charges:
      // There was at least the one arrest; how many charges there were, nobody said.
      if text.isEmpty { return field == .arrestees ? 1 : 0 }
      return Int32(text).flatMap { (1...999).contains($0) ? $0 : nil }
    case .town:
      return knowledge.towns[text].flatMap { words.number($0.name) }.map(Int32.init)
    case .suspected, .laboratory:
      guard !text.isEmpty else { return 0 }
      let name = knowledge.substances[text]?.name ?? knowledge.substances[text.lowercased()]?.name
      return name.flatMap { words.number($0) }.map(Int32.init)
    case .drugCodes:
      let codes = text.split(separator: ";", omittingEmptySubsequences: false)
      let known = "ABCDEFGHIJKLMNOPUX"
      guard text.isEmpty || codes.allSatisfy({ $0.count == 1 && known.contains($0) }) else { return nil }
      return words.number(text).map(Int32.init)
    default:
      if let allowed = field.words, !allowed.contains(text) { return nil }
      if text.isEmpty, RecordField.required.contains(field) { return nil }
      return words.number(text).map(Int32.init)
    }
  }
}

/// What an import knows beside its mapping.
package struct ImportKnowledge: Sendable {
  package var substances: Substances
  package var towns: Towns
  package init(substances: Substances, towns: Towns) {
    self.substances = substances
    self.towns = towns
  }
}
