// The facts of one reader as they are written, in YAML or in a row of CSV, so that one function gives them meaning.
// In CSV lists and pairs are separated by `;` and an empty cell is an absent key (site-files.md).

import SiteFiles

struct WrittenFact {
  var text: String
  /// What `FactSource.position` turns into a place of the file.
  var at: SourcePosition
}

struct WrittenPair {
  var key: String
  var value: String
  var at: SourcePosition
}

protocol FactSource {
  /// Where the reader begins.
  var start: SourcePosition { get }
  mutating func text(_ key: String) -> WrittenFact?
  /// Is anything written under the key, whatever it is?
  func isWritten(_ key: String) -> Bool
  mutating func list(_ key: String) -> [WrittenFact]?
  /// A map of texts; a value that is a list gives a pair for each of its items.
  mutating func pairs(_ key: String) -> [WrittenPair]?
  func position(_ at: SourcePosition) -> SourcePosition
}

struct NodeFacts: FactSource {
  var fields: MapFields
  var start: SourcePosition { fields.node.position }

  mutating func text(_ key: String) -> WrittenFact? {
    guard let text = fields.text(key), let value = fields.entry(key)?.value else { return nil }
    return WrittenFact(text: text, at: value.position)
  }

  func isWritten(_ key: String) -> Bool { fields.entry(key).map { !$0.value.isEmpty } ?? false }

  mutating func list(_ key: String) -> [WrittenFact]? {
    fields.locatedTexts(key)?.map { WrittenFact(text: $0.text, at: $0.position) }
  }

  mutating func pairs(_ key: String) -> [WrittenPair]? {
    guard let value = fields.value(key) else { return nil }
    guard let entries = value.map else {
      fields.report(FileProblem(.wrongType, at: value.position, "`\(key)` must be a map of keys"))
      return []
    }
    var pairs: [WrittenPair] = []
    for entry in entries {
      for item in entry.value.list ?? [entry.value] {
        if item.text == nil {
          fields.report(FileProblem(.wrongType, at: item.position, "`\(key).\(entry.key)` must be a single text"))
        }
        // Kept without a value too: a fact that cannot be read is not the same as one that is absent.
        pairs.append(WrittenPair(key: entry.key, value: item.isEmpty ? "" : item.text ?? "", at: item.position))
      }
    }
    return pairs
  }

  func position(_ at: SourcePosition) -> SourcePosition { at }
}

/// `SourcePosition.column` counts fields here until `position` makes it a column of characters.
struct RowFacts: FactSource {
  var record: CSVRecord
  /// Names of columns and the indices of their fields: few, and searched for every fact of every reader.
  var columns: [(name: String, index: Int)]
  var start: SourcePosition { SourcePosition(line: record.line) }

  private func cell(_ key: String) -> (text: String, at: SourcePosition)? {
    // Lengths first: nearly every name is another one, and Swift's comparison of texts is thorough.
    guard let index = columns.first(where: { $0.name.utf8.count == key.utf8.count && $0.name == key })?.index,
      index < record.fields.count,
      !record.fields[index].isEmpty
    else { return nil }
    return (record.fields[index], SourcePosition(line: record.line, column: index))
  }

  func text(_ key: String) -> WrittenFact? {
    cell(key).map { WrittenFact(text: $0.text, at: $0.at) }
  }

  func isWritten(_ key: String) -> Bool { cell(key) != nil }

  func list(_ key: String) -> [WrittenFact]? {
    cell(key).map { cell in
      Self.items(cell.text).map { WrittenFact(text: $0, at: cell.at) }
    }
  }

  func pairs(_ key: String) -> [WrittenPair]? {
    cell(key).map { cell in
      Self.items(cell.text).map { item in
        let sides = item.utf8.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
        return WrittenPair(
          key: Self.trimmed(sides[0]), value: sides.count > 1 ? Self.trimmed(sides[1]) : "", at: cell.at)
      }
    }
  }

  /// Exact when no earlier cell is quoted.
  func position(_ at: SourcePosition) -> SourcePosition {
    let before = record.fields.prefix(at.column).reduce(0) { $0 + $1.unicodeScalars.count + 1 }
    return SourcePosition(line: at.line, column: before + 1)
  }

  private static func items(_ text: String) -> [String] {
    // Most cells hold one word.
    if !text.utf8.contains(where: { $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: " ") }) { return [text] }
    return text.utf8.split(separator: UInt8(ascii: ";")).map(trimmed).filter { !$0.isEmpty }
  }

  private static func trimmed(_ part: Substring.UTF8View.SubSequence) -> String {
    var part = part
    while part.first == UInt8(ascii: " ") { part = part.dropFirst() }
    while part.last == UInt8(ascii: " ") { part = part.dropLast() }
    return String(Substring(part))
  }
}
