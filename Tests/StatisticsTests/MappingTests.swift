// Mapping files say everything that is wrong with them, with the line; exports and blocks that nobody meant to send do
// not end the process and are not half read.

import SiteFiles
import Testing

@testable import Statistics

@Suite struct MappingTests {
  private static let good = """
    source: T
    name: Test
    precedence: 1
    fields:
      incident-id: { from: i }
      person-id: { from: p }
      report-date: { from: r, date: YYYY-MM-DD }
      arrest-date: { from: a, date: YYYY-MM-DD }
      town: { from: t }
      statute: { from: s }
      offense: { from: o }
      suspected-substance: { from: d }
      lab-status: { value: pending }
      age-band: { from: y, as: years }
      weight: { from: w, units: { g: GM, kg: 1000 GM } }

    """
  private static let header = "i,p,r,a,t,s,o,d,y,w\n"
  private static func row(
    _ number: Int = 1, arrested: String = "2026-07-01", town: String = "WORCESTER", offense: String = "possession",
    drug: String = "fentanyl", age: String = "30", weight: String = "1.25 g"
  ) -> String {
    let key = IncidentPerson.key(UInt64(number))
    return "\(key),\(key),2026-07-02,\(arrested),\(town),94C-34,\(offense),\(drug),\(age),\(weight)\n"
  }

  private func run(_ rows: String..., header: String = Self.header) throws -> Imports.Batch {
    let mapping = try #require(MappingReader.read(Array(Self.good.utf8)).mapping)
    var imports = Imports()
    try imports.run(mapping, Array((header + rows.joined()).utf8))
    return imports.batches[0]
  }

  @Test(arguments: [
    ("precedence: 1", "precedence: first", 3), ("  town: { from: t }", "  town: { form: t }", 9),
    ("offense: { from: o }", "offense: { from: o, words: { P: posession } }", 11),
    ("date: YYYY-MM-DD }\n  town", "date: YYYY/DD }\n  town", 8), ("kg: 1000 GM", "kg: 1000 LB", 15),
    ("lab-status: { value: pending }", "lab-status: { value: maybe }", 13), ("source: T\n", "", 1),
    ("fields:", "feilds:", 4), ("precedence: 1", "precedence: 1\nencoding: latin-1", 4),
    ("precedence: 1", "precedence: 1\ndecimal: \";\"", 4),
  ])
  func everyMistakeHasItsLine(old: String, new: String, line: Int) {
    let text = Self.good.replacing(old, with: new)
    #expect(text != Self.good)
    let (mapping, problems) = MappingReader.read(Array(text.utf8))
    #expect(mapping == nil && problems.contains { $0.position.line == line }, "\(problems)")
  }

  @Test func aRowAsItShouldBe() throws {
    let batch = try run(Self.row())
    let block = try #require(batch.blocks.first)
    var records: [IncidentPerson] = []
    block.visit { records.append(block.inWords($0, source: "T")) }
    #expect(records.first?.town == "Worcester" && records.first?.region == "central")
    #expect(records.first?.drugCodes == "H" && records.first?.ageBand == "25-34" && records.first?.line == 2)
  }

  @Test func whatIsNotUnderstoodIsNamed() throws {
    #expect(try run(Self.row(town: "Springfeld")).fates[2] == .unknown(column: "t", value: "Springfeld"))
    #expect(try run(Self.row(drug: "fentanil")).fates[2] == .unknown(column: "d", value: "fentanil"))
    #expect(try run(Self.row(offense: "theft")).fates[2] == .unknown(column: "o", value: "theft"))
    #expect(try run(Self.row(arrested: "2026-02-30")).fates[2] == .unknown(column: "a", value: "2026-02-30"))
    #expect(try run(Self.row(weight: "1 lb")).fates[2] == .unknown(column: "w", value: "1 lb"))
    #expect(try run("John Smith,x,1,1,1,1,1,1,1,1\n").counts.unknown == 1)
    #expect(try run("a,b\n").counts.unknown == 1)
    #expect(try run(Self.row(arrested: "2026-07-03")).counts.unknown == 1)
  }

  @Test func theYoungAreLeftOut() throws {
    #expect(try run(Self.row(age: "17")).fates[2] == .dropped(.underAge, reason: "under eighteen"))
    #expect(try run(Self.row(age: "18")).fates[2] == .mapped)
  }

  @Test func aHeaderThatChangedIsRefused() {
    let error = #expect(throws: HeaderProblems.self) { try run(Self.row(), header: "i,p,r,a,t,s,o,d,age,w\n") }
    #expect(error?.problems.map(\.code) == [.unknownKey, .missingKey])
  }

  @Test func anythingMayBeInAFile() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var dice = SplitMix64(seed: seed)
    let mapping = try #require(MappingReader.read(Array(Self.good.utf8)).mapping)
    let text = Array((Self.header + (1...20).map { Self.row($0) }.joined()).utf8)
    for round in 0..<300 {
      var bytes = text
      for _ in 0..<Int.random(in: 1...6, using: &dice) {
        bytes[Int.random(in: 0..<bytes.count, using: &dice)] = UInt8.random(in: 0...255, using: &dice)
      }
      var imports = Imports()
      do {
        try imports.run(mapping, bytes, chunk: Int.random(in: 1...200, using: &dice))
      } catch is FileProblem {
      } catch is HeaderProblems {
      } catch {
        Issue.record("seed \(seed), round \(round): \(error)")
      }
      for batch in imports.batches {
        let sum = batch.counts.mapped + batch.counts.dropped + batch.counts.doubled + batch.counts.unknown
        #expect(sum == batch.counts.rows && sum == batch.fates.count, "seed \(seed), round \(round)")
      }
    }
  }

  @Test func damagedBlocksAreNoBlocks() throws {
    var whole: [UInt8] = []
    let mapping = try #require(MappingReader.read(Array(Self.good.utf8)).mapping)
    let importer = DataImporter(
      mapping, knowledge: try SampleExports.knowledge(), emit: { whole = $0.bytes }, note: { _, _ in })
    try Array((Self.header + Self.row()).utf8).withUnsafeBufferPointer { try importer.read($0) }
    try importer.finish()
    #expect(RecordBlock(whole)?.count == 1)
    for length in 0..<whole.count { #expect(RecordBlock(Array(whole[..<length])) == nil) }
    #expect(RecordBlock(whole + [0]) == nil)
  }

  @Test(arguments: [
    ("MM/DD/YYYY", "07/01/2026"), ("YYYY-MM-DD", "2026-07-01"), ("DD-MON-YY", "01-JUL-26"),
    ("DD.MM.YYYY", "01.07.2026"),
    ("YYYYMMDD", "20260701"), ("MON DD, YYYY", "jul 01, 2026"), ("M/D/YYYY", "7/1/2026"), ("M/D/YYYY", "07/01/2026"),
    ("D.M.YYYY", "1.7.2026"), ("MON D, YYYY", "Jul 1, 2026"), ("YYYY-MM-DD HH:MM", "2026-07-01 23:59"),
    ("YYYY-MM-DDTHH:MM:SS", "2026-07-01T00:00:00"), ("YYYY-MM-DD HH:MM:SS", "2026-07-01 00:00:00.000"),
    ("M/D/YYYY H:MM", "7/1/2026 0:00"), ("M/D/YYYY H:MM:SS AM", "7/1/2026 12:00:00 pm"),
  ])
  func dates(pattern: String, text: String) throws {
    let pattern = try #require(DatePattern(pattern))
    #expect(pattern.date(text).map(String.init(describing:)) == "2026-07-01")
    #expect(pattern.date("x" + text) == nil && pattern.date(text + "x") == nil && pattern.date("") == nil)
  }

  @Test(arguments: [
    ("MM/DD/YYYY", "7/1/2026"), ("M/D/YYYY", "7//2026"), ("M/D/YYYY", "007/1/2026"), ("M/D/YYYY", "13/1/2026"),
    ("M/D/YYYY", "7/1/2026 0:00"), ("M/D/YYYY", "7/1/20261"), ("YYYY-MM-DD HH:MM", "2026-07-01"),
    ("YYYY-MM-DD HH:MM", "2026-07-01 24:00"), ("YYYY-MM-DD HH:MM", "2026-07-01 9:00"),
    ("YYYY-MM-DD HH:MM", "2026-07-01 09:60"), ("YYYY-MM-DD HH:MM", "2026-07-01 09:00Z"),
    ("M/D/YYYY H:MM AM", "7/1/2026 13:00 PM"), ("M/D/YYYY H:MM AM", "7/1/2026 1:00"),
  ])
  func noDates(pattern: String, text: String) throws {
    #expect(try #require(DatePattern(pattern)).date(text) == nil)
  }

  @Test(arguments: [
    "", "YYYY", "YYYY-MM", "DD/DD/YYYY", "YY-YYYY-MM-DD", "YYYYMD", "M/MM/YYYY", "MONTH DD, YYYY", "HH:MM YYYY-MM-DD",
    "YYYY-MM-DDHH:MM", "YYYY-MM-DD HH", "YYYY-MM-DD HH:MM:SSZ",
  ])
  func noPatterns(text: String) {
    #expect(DatePattern(text) == nil)
  }
}
