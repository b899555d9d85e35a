// Tables and their note state nothing that the records do not have: no charges where none were sent, no dates after the
// extract, and what became of negative results and of entries that were left out.

import Bulletins
import Testing

@testable import Statistics

@Suite struct StatedFiguresTests {
  private static let mapping = """
    source: T
    name: Test
    precedence: 1
    fields:
      incident-id: { from: i }
      person-id: { from: i }
      report-date: { from: r, date: YYYY-MM-DD }
      arrest-date: { from: a, date: YYYY-MM-DD }
      town: { value: Worcester }
      statute: { value: 94C-34 }
      offense: { value: possession }
      suspected-substance: { value: fentanyl }
      lab-status: { from: l }
      charges: { from: c }

    """

  private static func line(
    _ number: Int, charges: String = "2", arrested: String = "2026-07-01", reported: String = "2026-07-02",
    result: String = "pending"
  ) -> String {
    "\(IncidentPerson.key(UInt64(number))),\(reported),\(arrested),\(result),\(charges)\n"
  }

  /// - Returns: the fate of each line, and the records.
  private func run(
    _ lines: [String], mapping text: String = mapping, asOf: CivilDate? = nil
  ) throws -> (fates: [Int: RowFate], blocks: [RecordBlock]) {
    let (read, problems) = MappingReader.read(Array(text.utf8))
    var (fates, blocks): ([Int: RowFate], [RecordBlock]) = ([:], [])
    let importer = DataImporter(
      try #require(read, "\(problems)"), knowledge: try SampleExports.knowledge(), asOf: asOf,
      emit: { blocks.append(try #require(RecordBlock($0.bytes))) }, note: { fates[$0] = $1 })
    try Array(("i,r,a,l,c\n" + lines.joined()).utf8).withUnsafeBufferPointer { try importer.read($0) }
    try importer.finish()
    return (fates, blocks)
  }

  private func product(_ blocks: [RecordBlock]) throws -> OpioidProduct {
    let order = OpioidOrder(period: try #require(Period("2026-Q3")))
    var tally = OpioidTally(order.period)
    for block in blocks { block.visit { tally.add($0, of: block) } }
    return try OpioidTables(
      order, tally: tally, earlier: [:], published: PublishedFigures(),
      substances: try SampleExports.knowledge().substances, regions: SampleTablesTests.regions
    ).product()
  }

  private func note(_ product: OpioidProduct) throws -> String {
    let period = try #require(Period("2026-Q3"))
    let sources = [
      SourceNote(name: "Test", file: "t.csv", asOf: "2026-10-20", dropped: 26, underAge: 0, noSubstance: 0, doubled: 14)
    ]
    return TablesDocument.markdown(product, period: period, mark: "U//FOUO", sources: sources)
  }

  @Test func chargesThatWereSentAreCounted() throws {
    let product = try product(try run((1...12).map { Self.line($0) }).blocks)
    let units = try #require(product.tables.first { $0.slug.hasSuffix("units") })
    #expect(units.rows.last == ["Charges", "24"] && units.title.hasSuffix("Arrests, arrestees and charges"))
    #expect(try note(product).contains("A charge is one count of the charge sheet."))
  }

  @Test(arguments: ["", "charges: { from: c }"]) func chargesThatWereNotSentAreNot(field: String) throws {
    // Either the export has no column of charges, or its cell is empty on one line.
    let mapping = Self.mapping.replacing("  charges: { from: c }\n", with: field.isEmpty ? "" : "  \(field)\n")
      .replacing("fields:", with: field.isEmpty ? "ignore: [c]\nfields:" : "fields:")
    let product = try product(
      try run((1...12).map { Self.line($0, charges: $0 == 1 ? "" : "2") }, mapping: mapping).blocks)
    let units = try #require(product.tables.first { $0.slug.hasSuffix("units") })
    #expect(!units.rows.contains { $0[0] == "Charges" } && units.title.hasSuffix("Arrests and arrestees"))
    let note = try note(product)
    #expect(note.contains("Charges are not counted") && !note.contains("charge sheet"))
  }

  @Test func negativeResultsAndEntriesLeftOut() throws {
    let product = try product(try run((1...12).map { Self.line($0, result: "negative") }).blocks)
    #expect(product.figures.contains("Laboratory results: 12 negative."))
    let note = try note(product)
    #expect(note.contains("for which it found none is counted as what was suspected, and as negative"))
    #expect(
      note.contains(
        "Of these extracts as a whole, whatever the date of arrest, 26 entries for other drugs, 0 entries without a "
          + "substance, 0 entries for persons under eighteen and 14 double entries were left out."))
  }

  @Test func nothingIsLaterThanTheExtract() throws {
    let lines = [
      Self.line(1, arrested: "2026-07-01", reported: "2026-07-02"), Self.line(2, reported: "2026-07-03"),
      Self.line(3, arrested: "2027-07-01", reported: "2027-07-01"),
    ]
    let fates = try run(lines, asOf: CivilDate("2026-07-02")).fates
    #expect(fates[2] == .mapped)
    #expect(fates[3] == .unknown(column: "r", value: "2026-07-03 is after 2026-07-02, the day of the extract"))
    #expect(fates[4] == .unknown(column: "a", value: "2027-07-01 is after 2026-07-02, the day of the extract"))
    #expect(try run(lines).fates.values.allSatisfy { $0 == .mapped })
  }
}
