// Reads a mapping file. Whatever could make a record say something else than its sender meant is an error with its line:
// unknown keys, words that the schema does not have, a field that has no source.

package import SiteFiles

package enum MappingReader {
  /// The mapping, when nothing is wrong; otherwise every problem.
  package static func read(_ bytes: [UInt8]) -> (mapping: Mapping?, problems: [FileProblem]) {
    var problems: [FileProblem] = []
    do throws(FileProblem) {
      guard let root = try YAMLReader.read(bytes, limit: 1 << 20, problems: &problems) else {
        return (nil, [FileProblem(.missingKey, at: SourcePosition(line: 1), "the file is empty")])
      }
      var file = MapFields(root)
      let mapping = mapping(&file)
      problems += file.finish()
      return (problems.isEmpty ? mapping : nil, problems)
    } catch {
      return (nil, problems + [error])
    }
  }

  private static func mapping(_ file: inout MapFields) -> Mapping? {
    let source = file.requiredText("source")
    let name = file.requiredText("name")
    let precedence = file.integer("precedence", in: 0...1_000) ?? 1_000
    let separator = file.choice("separator", [",": ",", ";": ";", "tab": "\t", "|": "|"] as [String: Character]) ?? ","
    let encoding = file.choice("encoding", of: Mapping.Encoding.self) ?? .utf8
    let decimal = file.choice("decimal", [".": .point, ",": .comma] as [String: DecimalSign])
    let ignored = Set(file.texts("ignore") ?? [])
    var rules: [RecordField: FieldRule] = [:]
    let root = file.node
    _ = file.nested("fields") { fields in
      for field in RecordField.allCases {
        rules[field] = fields.nested(field.rawValue) { rule(of: field, decimal, &$0) }
      }
      return true
    }
    for field in RecordField.allCases
    where RecordField.required.contains(field) && root["fields"]?[field.rawValue] == nil {
      file.report(
        FileProblem(
          .missingKey, at: root["fields"]?.position ?? root.position, "the field `\(field.rawValue)` is missing"))
    }
    guard let source, let name, let byte = separator.asciiValue else { return nil }
    return Mapping(
      source: source, name: name, precedence: precedence, separator: byte, encoding: encoding, ignored: ignored,
      rules: rules)
  }

  private static func rule(
    of field: RecordField, _ decimal: DecimalSign?, _ keys: inout MapFields
  ) -> FieldRule? {
    if let constant = keys.text("value") {
      check(constant, field, at: keys.node.position, &keys)
      return FieldRule(columns: [], reading: .constant(constant))
    }
    let columns = keys.texts("from") ?? []
    if columns.isEmpty {
      keys.report(
        FileProblem(
          .missingKey, at: keys.node.position, "`\(keys.path)` needs `from`, the name of a column",
          hint: "or `value`, when it is the same for every row"))
    }
    switch field {
    case .reportDate, .arrestDate:
      guard let text = keys.requiredText("date") else { return nil }
      guard let pattern = DatePattern(text) else {
        keys.report(
          FileProblem(
            .badValue, at: keys.entry("date")?.value.position ?? keys.node.position,
            "`\(text)` does not say how dates are written",
            hint: "write it like MM/DD/YYYY, M/D/YYYY, DD-MON-YY or YYYY-MM-DD HH:MM"))
        return nil
      }
      return FieldRule(columns: columns, reading: .date(pattern))
    case .weight: return weight(columns, decimal, &keys)
    default: return words(of: field, columns, &keys)
    }
  }

  private static func weight(
    _ columns: [String], _ decimal: DecimalSign?, _ keys: inout MapFields
  ) -> FieldRule? {
    let unitColumn = keys.text("unit")
    var units: [String: WeightUnit] = [:]
    for entry in keys.required("units")?.map ?? [] {
      let parts = (entry.value.text ?? "").split(separator: " ").map(String.init)
      let factor = parts.count == 2 ? Double(parts[0]) : 1
      if let unit = parts.last, ["GM", "DU"].contains(unit), parts.count <= 2, let factor, factor > 0, factor.isFinite {
        units[entry.key] = WeightUnit(unit: unit, factor: factor)
      } else {
        keys.report(
          FileProblem(
            .badValue, at: entry.value.position,
            "`\(entry.key)` must come to GM or DU, with a factor where it needs one",
            hint: "write it like `kg: 1000 GM`"))
      }
    }
    return FieldRule(
      columns: columns + (unitColumn.map { [$0] } ?? []),
      reading: .weight(units: units, decimal: decimal))
  }

  private static func words(of field: RecordField, _ columns: [String], _ keys: inout MapFields) -> FieldRule? {
    if field == .ageBand, let kind = keys.choice("as", ["years": true, "year-of-birth": false]) {
      return FieldRule(columns: columns, reading: kind ? .years : .yearOfBirth)
    }
    let words = table("words", field, &keys)
    let beginnings = table("begins", field, &keys)
    if let prefix = keys.text("after") {
      return FieldRule(columns: columns, reading: .after(prefix, words))
    }
    return FieldRule(columns: columns, reading: .words(words, beginnings: beginnings))
  }

  private static func table(_ key: String, _ field: RecordField, _ keys: inout MapFields) -> [String: String] {
    guard let value = keys.value(key) else { return [:] }
    guard let entries = value.map else {
      keys.report(FileProblem(.wrongType, at: value.position, "`\(key)` must be a map of the export's words to ours"))
      return [:]
    }
    var table: [String: String] = [:]
    for entry in entries {
      let word = entry.value.text ?? ""
      check(word, field, at: entry.value.position, &keys)
      table[entry.key] = word
    }
    return table
  }

  private static func check(_ word: String, _ field: RecordField, at position: SourcePosition, _ keys: inout MapFields)
  {
    guard let allowed = field.words, !allowed.contains(word) else { return }
    keys.report(
      FileProblem(
        .badValue, at: position, "`\(field.rawValue)` has no word `\(word)`",
        hint: Suggestion.nearest(to: word, in: allowed).map { "did you mean `\($0)`?" }
          ?? "it has \(allowed.filter { !$0.isEmpty }.sorted().joined(separator: ", "))"))
  }
}
