// Exports as spreadsheets save them: a comma for decimals, points for thousands, Windows-1252, dates without zeros and with
// a time of day.

import SiteFiles
import Testing

@testable import Statistics

@Suite struct SpreadsheetTests {
  private static func mapping(_ top: String) -> String {
    """
    source: T
    name: Test
    precedence: 1
    separator: ";"
    \(top)
    fields:
      incident-id: { from: i }
      person-id: { from: i }
      report-date: { from: d, date: D.M.YYYY H:MM }
      arrest-date: { from: d, date: D.M.YYYY H:MM }
      town: { value: Worcester }
      statute: { value: 94C-34 }
      offense: { value: possession }
      suspected-substance: { from: Stoff, words: { "HÉROÏNE": heroin } }
      lab-status: { value: pending }
      weight: { from: w, units: { g: GM, kg: 1000 GM } }

    """
  }

  private func run(_ top: String, substance: [UInt8], weight: String, chunk: Int = 7) throws -> Imports.Batch {
    let (read, problems) = MappingReader.read(Array(Self.mapping(top).utf8))
    var imports = Imports()
    let row = Array("\(IncidentPerson.key(1));1.7.2026 0:00;".utf8) + substance + Array(";\(weight)\n".utf8)
    try imports.run(try #require(read, "\(problems)"), Array("i;d;Stoff;w\n".utf8) + row, chunk: chunk)
    return imports.batches[0]
  }
  private static let utf8 = Array("HÉROÏNE".utf8)
  private static let windows: [UInt8] = [0x48, 0xC9, 0x52, 0x4F, 0xCF, 0x4E, 0x45]

  /// Tenths of a gram; nil for what is not understood.
  private func weight(_ text: String, _ decimal: String) throws -> Int? {
    let batch = try run(decimal.isEmpty ? "" : "decimal: \"\(decimal)\"", substance: Self.utf8, weight: text)
    if batch.fates[2] == .unknown(column: "w", value: text) { return nil }
    var tenths: [Int] = []
    for block in batch.blocks { block.visit { tenths.append(Int($0.weight)) } }
    return tenths.first ?? -1
  }

  @Test(arguments: [
    ("0,60 g", ",", 6), ("1.590 g", ",", 15_900), ("1.590,25 g", ",", 15_903), ("1.234.567,8 g", ",", 12_345_678),
    ("12 g", ",", 120), ("2,5 kg", ",", 25_000), ("1,590 g", ".", 15_900), ("1,590.25 g", ".", 15_903),
    ("0.60 g", ".", 6), ("0.60 g", "", 6), ("", ",", 0),
  ])
  func weights(text: String, decimal: String, tenths: Int) throws { #expect(try weight(text, decimal) == tenths) }

  @Test(arguments: [
    ("0,60 g", ""), ("1,590 g", ""), ("0.60 g", ","), ("1.59 g", ","), ("1,5,9 g", ","), ("1,590.5 g", ","),
    (".590 g", ","), ("1234.567 g", ","), ("0,60 g", "."), ("1.590,25 g", "."), ("1,59x g", ","),
  ])
  func noWeights(text: String, decimal: String) throws { #expect(try weight(text, decimal) == nil) }

  @Test(arguments: [1, 2, 1_000]) func windows1252(chunk: Int) throws {
    let batch = try run("encoding: windows-1252", substance: Self.windows, weight: "1 g", chunk: chunk)
    #expect(batch.counts.mapped == 1, "\(batch.fates)")
    let other = try run("encoding: windows-1252", substance: [0x80, 0x95], weight: "1 g", chunk: chunk)
    #expect(other.fates[2] == .unknown(column: "Stoff", value: "€•"))
  }

  @Test func theWrongEncoding() {
    let windows = #expect(throws: FileProblem.self) { try run("", substance: Self.windows, weight: "1 g") }
    #expect(windows?.code == .notUTF8 && windows?.position.line == 2)
    let nothing = #expect(throws: FileProblem.self) {
      try run("encoding: windows-1252", substance: [0x81], weight: "1 g")
    }
    #expect(nothing?.code == .badValue && nothing?.position.line == 2 && nothing?.message.contains("0x81") == true)
    // UTF-8 read as Windows-1252 is text, but no word of the mapping.
    #expect(throws: Never.self) {
      let fate = try run("encoding: windows-1252", substance: Array("Ö".utf8), weight: "1 g").fates[2]
      #expect(fate == .unknown(column: "Stoff", value: "Ã–"))
    }
  }
}
