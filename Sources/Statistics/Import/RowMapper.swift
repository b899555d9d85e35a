// One row of an export to one packed record, or the reason why not. The work of reading a text is done once for each
// different text (ByteMemo); a million rows then cost a few hundred nanoseconds each.

import Bulletins
package import SiteFiles

/// What became of a row.
package enum RowFate: Hashable, Sendable {
  case mapped
  /// Not what this table counts.
  case dropped(Drop, reason: String)
  /// The same person and incident stands elsewhere already.
  case doubled(other: KeyIndex.Place)
  /// The mapping does not know what this says; the row is left out until somebody has looked.
  case unknown(column: String, value: String)

  package enum Drop: Hashable, Sendable {
    case otherDrug, noSubstance, underAge
  }
}

final class RowMapper {
  private struct Step {
    var field: RecordField
    var columns: [Int]
    var names: [String]
    var reading: CellReading
    var memo = ByteMemo()
    /// For rules without a column.
    var constant: Int32?
  }
  private let knowledge: ImportKnowledge
  private let width: Int
  private let keyColumns: (incident: Int, person: Int)
  private let keyNames: (incident: String, person: String)
  private var steps: [Step] = []
  private(set) var words = WordList()
  private var scratch: [UInt8] = []
  private var answers: [UInt64: (answer: OpioidLogic.Answer, suspected: UInt16, codes: UInt16)] = [:]
  private var regions: [UInt16: UInt16] = [:]
  private let hasCodes: Bool
  /// Flags of the fields that the mapping fills.
  private let sent: UInt16
  /// Day of the extract; nil where it is not known.
  private let asOf: CivilDate?

  /// - Throws: every `FileProblem` that the header has, at line 1.
  init(_ mapping: Mapping, header: CSVFields, knowledge: ImportKnowledge, asOf: CivilDate?) throws(HeaderProblems) {
    self.knowledge = knowledge
    self.asOf = asOf
    width = header.count
    let names = header.strings
    var problems: [FileProblem] = []
    let used = Set(mapping.rules.values.flatMap(\.columns))
    for (index, name) in names.enumerated() {
      let place = SourcePosition(line: header.line, column: index + 1)
      if names[..<index].contains(name) {
        problems.append(FileProblem(.repeatedKey, at: place, "the column `\(name)` for the second time"))
      } else if !used.contains(name), !mapping.ignored.contains(name) {
        problems.append(
          FileProblem(
            .unknownKey, at: place, "the mapping does not know the column `\(name)`",
            hint: "map it, or name it under `ignore`"))
      }
    }
    for name in used.sorted() where !names.contains(name) {
      problems.append(
        FileProblem(
          .missingKey, at: SourcePosition(line: header.line), "the export has no column `\(name)`",
          hint: Suggestion.hint(for: name, in: names)))
    }
    guard problems.isEmpty else { throw HeaderProblems(problems: problems) }
    func index(_ name: String) -> Int { names.firstIndex(of: name) ?? 0 }
    let incident = mapping.rules[.incident]?.columns.first ?? ""
    let person = mapping.rules[.person]?.columns.first ?? ""
    keyNames = (incident, person)
    keyColumns = (index(incident), index(person))
    hasCodes = mapping.rules[.drugCodes] != nil
    sent = mapping.rules.keys.reduce(0) { $0 | ($1.sent?.rawValue ?? 0) }
    let arrested = mapping.rules[.arrestDate]
    for field in RecordField.allCases where field != .incident && field != .person {
      guard let rule = mapping.rules[field] else { continue }
      var columns = rule.columns
      if rule.reading == .yearOfBirth { columns += arrested?.columns ?? [] }
      let reading = CellReading(field: field, rule: rule, arrestDate: arrested?.reading)
      var step = Step(field: field, columns: columns.map(index), names: columns, reading: reading)
      if columns.isEmpty { step.constant = reading.value([], knowledge: knowledge, words: &words) }
      steps.append(step)
    }
  }

  /// - Returns: the record when the fate is `mapped`; doubles are the caller's to find.
  func map(_ row: CSVFields) -> (record: PackedRecord, fate: RowFate) {
    var record = PackedRecord()
    guard row.count == width else {
      return (record, .unknown(column: "", value: "\(row.count) fields where the header has \(width)"))
    }
    record.line = UInt32(clamping: row.line)
    guard let incident = Self.key(row[keyColumns.incident]) else {
      return (record, .unknown(column: keyNames.incident, value: "no hashed key of 16 hexadecimal digits"))
    }
    guard let person = Self.key(row[keyColumns.person]) else {
      return (record, .unknown(column: keyNames.person, value: "no hashed key of 16 hexadecimal digits"))
    }
    record.incident = incident
    record.person = person
    record.flags = sent
    var isUnderAge = false
    for index in steps.indices {
      let value = steps[index].constant ?? value(of: index, row)
      if value == CellReading.unknown { return (record, unknown(steps[index], row)) }
      if value == CellReading.underAge {
        isUnderAge = true
      } else {
        set(steps[index].field, value, in: &record)
      }
    }
    if isUnderAge { return (record, .dropped(.underAge, reason: "under eighteen")) }
    if let asOf, Int64(max(record.arrested, record.reported)) > asOf.daysSince1970 {
      let field: RecordField = Int64(record.arrested) > asOf.daysSince1970 ? .arrestDate : .reportDate
      return (record, late(field, row, asOf))
    }
    return settle(&record)
  }

  private func value(of index: Int, _ row: CSVFields) -> Int32 {
    let columns = steps[index].columns
    if columns.count == 1 { return value(of: index, row, key: row[columns[0]]) }
    scratch.removeAll(keepingCapacity: true)
    for column in columns {
      scratch.append(contentsOf: row[column])
      scratch.append(0)
    }
    return scratch.withUnsafeBufferPointer { value(of: index, row, key: $0) }
  }

  private func value(of index: Int, _ row: CSVFields, key: UnsafeBufferPointer<UInt8>) -> Int32 {
    let hash = ByteMemo.hash(key)
    if let known = steps[index].memo.find(key, hash: hash) { return known }
    let cells = steps[index].columns.map { Self.trimmed(row.string($0)) }
    let value = steps[index].reading.value(cells, knowledge: knowledge, words: &words) ?? CellReading.unknown
    steps[index].memo.insert(key, hash: hash, value)
    return value
  }

  private func set(_ field: RecordField, _ value: Int32, in record: inout PackedRecord) {
    let word = UInt16(truncatingIfNeeded: value)
    switch field {
    case .incident, .person: break
    case .reportDate: record.reported = value
    case .arrestDate: record.arrested = value
    case .ori: record[.ori] = word
    case .agency: record[.agency] = word
    case .town: record[.town] = word
    case .statute: record[.statute] = word
    case .offense: record[.offense] = word
    case .substanceClass: record[.substanceClass] = word
    case .ageBand: record[.ageBand] = word
    case .sex: record[.sex] = word
    case .drugCodes: record[.drugCodes] = word
    case .suspected: record[.suspected] = word
    case .laboratory: record[.laboratory] = word
    case .labStatus: record[.labStatus] = word
    case .arrestees: record.arrestees = word
    case .charges:
      record.charges = word
      record.set(.chargesSent, value > 0)
    case .weight:
      record.weight = UInt32(value / 4)
      record[.unit] = words.number(value % 4 == 1 ? "GM" : value % 4 == 2 ? "DU" : "") ?? 0
    case .attempt: record.set(.attempt, value == 1)
    case .firearm: record.set(.firearm, value == 1)
    case .overdose: record.set(.overdose, value == 1)
    case .naloxone: record.set(.naloxone, value == 1)
    case .multiJurisdiction: record.set(.multiJurisdiction, value == 1)
    }
  }

  /// What follows from several fields: the region, the codes, whether it is an opioid.
  private func settle(_ record: inout PackedRecord) -> (PackedRecord, RowFate) {
    let town = record[.town]
    if let region = regions[town] {
      record[.region] = region
    } else {
      let region = words.number(knowledge.towns[words.words[Int(town)]]?.region ?? "") ?? 0
      regions[town] = region
      record[.region] = region
    }
    if record.reported < record.arrested {
      return (record, .unknown(column: "", value: "reported before the arrest"))
    }
    let key =
      UInt64(record[.suspected]) | UInt64(record[.laboratory]) << 16 | UInt64(record[.labStatus]) << 32
      | UInt64(record[.drugCodes]) << 48
    let known = answers[key] ?? answer(record)
    answers[key] = known
    record[.suspected] = known.suspected
    record[.drugCodes] = known.codes
    switch known.answer {
    case .opioid: return (record, .mapped)
    case .other(let reason): return (record, .dropped(.otherDrug, reason: reason))
    case .unnamed(let reason): return (record, .dropped(.noSubstance, reason: reason))
    case .unclear(let reason): return (record, .unknown(column: "", value: reason))
    }
  }

  private func answer(_ record: PackedRecord) -> (answer: OpioidLogic.Answer, suspected: UInt16, codes: UInt16) {
    func text(_ slot: WordSlot) -> String { words.words[Int(record[slot])] }
    let suspected = knowledge.substances[text(.suspected)]
    let answer = OpioidLogic.answer(
      codes: text(.drugCodes), suspected: suspected, labStatus: text(.labStatus),
      laboratory: knowledge.substances[text(.laboratory)])
    var number = record[.suspected]
    if case .opioid(let name) = answer { number = words.number(name) ?? number }
    let codes = hasCodes ? record[.drugCodes] : words.number(suspected?.codes ?? "") ?? 0
    return (answer, number, codes)
  }

  private func unknown(_ step: Step, _ row: CSVFields) -> RowFate {
    let value = step.columns.map { row.string($0) }.joined(separator: " | ")
    return .unknown(column: step.names.joined(separator: " | "), value: value)
  }

  private func late(_ field: RecordField, _ row: CSVFields, _ asOf: CivilDate) -> RowFate {
    guard let step = steps.first(where: { $0.field == field }) else { return .unknown(column: "", value: "") }
    let value = step.columns.map { row.string($0) }.joined(separator: " | ")
    return .unknown(
      column: step.names.joined(separator: " | "), value: "\(value) is after \(asOf), the day of the extract")
  }

  private static func trimmed(_ text: String) -> String {
    guard text.first?.isWhitespace == true || text.last?.isWhitespace == true else { return text }
    return String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }

  private static func key(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64? {
    guard bytes.count == 16 else { return nil }
    var key: UInt64 = 0
    for byte in bytes {
      switch byte {
      case 0x30...0x39: key = key << 4 | UInt64(byte - 0x30)
      case 0x61...0x66: key = key << 4 | UInt64(byte - 0x57)
      case 0x41...0x46: key = key << 4 | UInt64(byte - 0x37)
      default: return nil
      }
    }
    return key
  }
}

/// The header of an export does not fit its mapping.
package struct HeaderProblems: Error, Hashable, Sendable {
  package var problems: [FileProblem]
}
