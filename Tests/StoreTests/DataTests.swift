// Imports of records: unseen until complete, in the order in which they count, gone with their blocks.

import Outbox
import Store
import StoreSQLite
import Testing

@Suite struct DataTests {
  private func about(_ source: String, precedence: Int) -> NewDataImport {
    NewDataImport(
      source: source, name: "Records of \(source)", precedence: precedence, fileName: "\(source).csv",
      asOf: "2026-10-20", by: "m.delgado", mapHash: "m")
  }
  private func block(_ number: Int, days: ClosedRange<Int>) -> DataBlock {
    DataBlock(
      number: number, count: 2, firstDay: days.lowerBound, lastDay: days.upperBound, content: [UInt8(number), 0, 255])
  }
  private let counts = DataImportCounts(mapped: 4, dropped: 2, underAge: 1, noSubstance: 0, doubled: 1, unknown: 0)

  @Test(arguments: TestedDriver.allCases)
  func seenWhenComplete(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    let id = try bench.store.write { session in
      let id = try session.begin(dataImport: about("A", precedence: 1), at: bench.now)
      try session.insert(dataBlock: block(1, days: 10...19), dataImport: id)
      try session.insert(dataBlock: block(2, days: 20...29), dataImport: id)
      return id
    }
    #expect(try bench.store.read { try $0.dataImports() }.isEmpty)
    try bench.store.write { try $0.complete(dataImport: id, fileHash: "f", counts: counts, at: bench.now) }
    let found = try bench.store.read { try $0.dataImports() }
    #expect(found.map(\.about) == [about("A", precedence: 1)])
    #expect(found.first?.counts == counts && found.first?.counts.rows == 7 && found.first?.fileHash == "f")
    func contents(_ days: ClosedRange<Int>) throws -> [[UInt8]] {
      var contents: [[UInt8]] = []
      try bench.store.read {
        try $0.dataBlocks(dataImport: id, from: days.lowerBound, through: days.upperBound) { contents.append($0) }
      }
      return contents
    }
    #expect(try contents(0...99) == [[1, 0, 255], [2, 0, 255]])
    #expect(try contents(19...19) == [[1, 0, 255]])
    #expect(try contents(30...99).isEmpty)
  }

  @Test(arguments: TestedDriver.allCases)
  func inTheOrderInWhichTheyCount(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    for (source, precedence) in [("C", 3), ("A", 1), ("B", 2), ("A", 1)] {
      try bench.store.write { session in
        let id = try session.begin(dataImport: about(source, precedence: precedence), at: bench.now)
        try session.complete(dataImport: id, fileHash: "f\(id)", counts: counts, at: bench.now)
      }
    }
    #expect(try bench.store.read { try $0.dataImports() }.map(\.id) == [4, 2, 3, 1])
  }

  @Test(arguments: TestedDriver.allCases)
  func goneWithItsBlocks(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    let id = try bench.store.write { session in
      let id = try session.begin(dataImport: about("A", precedence: 1), at: bench.now)
      try session.insert(dataBlock: block(1, days: 1...2), dataImport: id)
      return id
    }
    // Another process may be at it still: only what is old is swept away.
    #expect(try bench.store.write { try $0.deleteUnfinishedDataImports(before: bench.now) } == 0)
    #expect(try bench.store.write { try $0.deleteUnfinishedDataImports(before: bench.now + .hours(1)) } == 1)
    #expect(try bench.store.write { try $0.delete(dataImport: id) } == false)
    try bench.run(
      "CREATE TABLE proof (rest INTEGER CHECK (rest = 0)); INSERT INTO proof SELECT COUNT(*) FROM data_blocks")
  }
}
