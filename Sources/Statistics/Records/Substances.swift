// What the texts of records mean: which substance is an opioid, which codes it has, under which heading the tables count
// it. Read from templates/data/substances.csv; NIBRS codes alone do not say it, because fentanyl hides in H.

import SiteFiles

package struct Substance: Hashable, Sendable {
  package var name: String
  package var isOpioid: Bool
  /// NIBRS codes, ";" between.
  package var codes: String
  /// Heading in the table of substances; empty for what is no opioid.
  package var heading: String
  /// Column of the mix by month.
  package var mix: String
}

package struct Substances: Sendable {
  package let all: [Substance]
  private let byName: [String: Substance]

  /// - Throws: the first `FileProblem`.
  package init(csv bytes: [UInt8]) throws {
    let table = try NamedRows(bytes, columns: ["substance", "opioid", "codes", "heading", "mix"])
    all = try table.rows.map { row in
      guard ["yes", "no"].contains(row["opioid"]) else {
        throw FileProblem(.badValue, at: SourcePosition(line: row.line), "`opioid` must be yes or no")
      }
      let substance = Substance(
        name: row["substance"], isOpioid: row["opioid"] == "yes", codes: row["codes"], heading: row["heading"],
        mix: row["mix"])
      guard !substance.name.isEmpty, !substance.isOpioid || !substance.heading.isEmpty && !substance.mix.isEmpty else {
        throw FileProblem(
          .missingKey, at: SourcePosition(line: row.line), "an opioid needs `substance`, `heading` and `mix`")
      }
      return substance
    }
    byName = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }
    mixes = Self.inOrder(all.map(\.mix))
    headings = Self.inOrder(all.map(\.heading))
    mixOfHeading = Dictionary(all.map { ($0.heading, $0.mix) }) { first, _ in first }
    for (row, substance) in zip(table.rows, all) where mixOfHeading[substance.heading] != substance.mix {
      throw FileProblem(
        .badValue, at: SourcePosition(line: row.line), "`\(substance.heading)` is in two columns of the mix",
        hint: "a heading has one `mix`")
    }
  }

  package subscript(name: String) -> Substance? { byName[name] }
  func mix(ofHeading heading: String) -> String? { mixOfHeading[heading] }
  package let headings: [String]
  package let mixes: [String]
  private let mixOfHeading: [String: String]

  private static func inOrder(_ words: [String]) -> [String] {
    var seen: Set<String> = [""]
    return words.filter { seen.insert($0).inserted }
  }
}

/// Municipalities and the region of each, from templates/vocab/municipalities.csv; names in capitals are found too.
package struct Towns: Sendable {
  package struct Town: Hashable, Sendable {
    package var name: String
    package var region: String
  }
  private let byName: [String: Town]

  package init(csv bytes: [UInt8]) throws {
    let table = try NamedRows(bytes, columns: ["name", "region"])
    byName = Dictionary(table.rows.map { ($0["name"].lowercased(), Town(name: $0["name"], region: $0["region"])) }) {
      first, _ in first
    }
  }
  package subscript(name: String) -> Town? { byName[name.lowercased()] }
  package func count(in region: String) -> Int { byName.values.filter { $0.region == region }.count }
}

/// A small CSV file by the names of its columns; columns that nobody asked for are passed over.
package struct NamedRows {
  package struct Line {
    package var line: Int
    fileprivate var cells: [String: String]
    package subscript(column: String) -> String { cells[column] ?? "" }
  }
  package let rows: [Line]

  package init(_ bytes: [UInt8], columns: [String]) throws {
    let records = try CSVReader.records(bytes)
    guard let header = records.first?.fields else {
      throw FileProblem(.missingKey, at: SourcePosition(line: 1), "the file has no header row")
    }
    for column in columns where !header.contains(column) {
      throw FileProblem(.missingKey, at: SourcePosition(line: 1), "the header has no column `\(column)`")
    }
    rows = try records.dropFirst().map { record in
      guard record.fields.count == header.count else {
        throw FileProblem(
          .columnCount, at: SourcePosition(line: record.line),
          "the row has \(record.fields.count) fields, the header \(header.count)",
          hint: "quote a field that holds a comma")
      }
      return Line(line: record.line, cells: Dictionary(zip(header, record.fields)) { first, _ in first })
    }
  }
}
