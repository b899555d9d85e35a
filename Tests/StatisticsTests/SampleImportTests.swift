// The three dissimilar exports of the samples come to exactly the two thousand rows of the common table, in whatever
// order they are imported and however the bytes arrive.

import SiteFiles
import Testing

@testable import Statistics

@Suite struct SampleImportTests {
  private func expected() throws -> [[String]] {
    let records = try CSVReader.records(SampleExports.bytes("Tests/Fixtures/samples/data/opioid-arrests-2026-q3.csv"))
    #expect(records.first?.fields == IncidentPerson.columns)
    return records.dropFirst().map(\.fields)
  }

  private func inOrder(_ records: [IncidentPerson]) -> [[String]] {
    records.sorted {
      ($0.reported, $0.incident, $0.person) < ($1.reported, $1.incident, $1.person)
    }.map(\.cells)
  }

  @Test(arguments: [[0, 1, 2], [2, 1, 0], [1, 2, 0]]) func theTwoThousandRows(order: [Int]) throws {
    var imports = Imports()
    for index in order {
      let name = SampleExports.names[index]
      try imports.run(try SampleExports.mapping(name), try SampleExports.export(name))
    }
    let (found, expected) = (inOrder(imports.records()), try expected())
    #expect(found.count == 2_000 && expected.count == 2_000)
    for (found, expected) in zip(found, expected) where found != expected {
      Issue.record("\(found) is not \(expected)")
      break
    }
    let counts = imports.batches.map(\.counts)
    #expect(counts.map(\.rows).reduce(0, +) == 2_040)
    #expect(counts.map(\.dropped).reduce(0, +) == 26)
    #expect(counts.map(\.doubled).reduce(0, +) == 14)
    #expect(counts.map(\.unknown).reduce(0, +) == 0)
    #expect(counts.map(\.mapped).reduce(0, +) == 2_000)
  }

  @Test(arguments: [1, 7, 4_096]) func chunksDoNotMatter(size: Int) throws {
    let name = "county-task-forces"
    var imports = Imports()
    try imports.run(try SampleExports.mapping(name), try SampleExports.export(name), chunk: size)
    #expect(imports.batches[0].counts.mapped == 217)
  }

  @Test func everyLineHasAFate() throws {
    var imports = Imports()
    for name in SampleExports.names { try imports.run(try SampleExports.mapping(name), try SampleExports.export(name)) }
    #expect(imports.batches.map(\.fates.count) == [706, 1_117, 217])
    // Lines of other drugs are named with what they are; doubles with where the other one stands.
    #expect(imports.batches[0].fates.values.contains(.dropped(.otherDrug, reason: "methamphetamine")))
    #expect(imports.batches[2].fates[217] == .doubled(other: KeyIndex.Place(batch: 1, line: 34)))
  }
}
