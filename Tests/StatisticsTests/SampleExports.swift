// The three exports of the samples, the mapping files that are shipped for them, and the table that must come out.

import Foundation
import SiteFiles
import Testing

@testable import Statistics

enum SampleExports {
  static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: root.appendingPathComponent(path)))
  }
  static func export(_ name: String) throws -> [UInt8] {
    try bytes("Tests/Fixtures/samples/data/exports/\(name)-2026-q3.csv")
  }
  static func mapping(_ name: String) throws -> Mapping {
    let (mapping, problems) = MappingReader.read(try bytes("templates/data/\(name).yaml"))
    #expect(problems.isEmpty, "\(problems)")
    return try #require(mapping)
  }
  static func knowledge() throws -> ImportKnowledge {
    ImportKnowledge(
      substances: try Substances(csv: try bytes("templates/data/substances.csv")),
      towns: try Towns(csv: try bytes("templates/vocab/municipalities.csv")))
  }
  /// In the order of their precedence.
  static let names = ["state-police", "city-consortium", "county-task-forces"]
}

/// One import after the other, as the store would keep them.
struct Imports {
  struct Batch {
    var mapping: Mapping
    var blocks: [RecordBlock] = []
    var counts = ImportCounts()
    var fates: [Int: RowFate] = [:]
  }
  private(set) var batches: [Batch] = []
  private var keys = KeyIndex()

  mutating func run(_ mapping: Mapping, _ bytes: [UInt8], chunk: Int = 1 << 16) throws {
    var batch = Batch(mapping: mapping)
    var blocks: [RecordBlock] = []
    var fates: [Int: RowFate] = [:]
    let importer = DataImporter(
      mapping, knowledge: try SampleExports.knowledge(), keys: keys, batch: UInt32(batches.count),
      emit: { blocks.append(try #require(RecordBlock($0.bytes))) }, note: { fates[$0] = $1 })
    for start in stride(from: 0, to: bytes.count, by: chunk) {
      try bytes[start..<min(bytes.count, start + chunk)].withUnsafeBufferPointer { try importer.read($0) }
    }
    try importer.finish()
    keys = importer.keys
    batch.blocks = blocks
    batch.fates = fates
    batch.counts = importer.counts
    batches.append(batch)
  }

  /// Every record that counts: of two of the same person and incident that of the lower precedence.
  func forEachRecord(_ body: (PackedRecord, RecordBlock, String) -> Void) {
    var seen = KeyIndex()
    for batch in batches.sorted(by: { $0.mapping.precedence < $1.mapping.precedence }) {
      for block in batch.blocks {
        block.visit { packed in
          guard seen.insert(packed.key, at: KeyIndex.Place(batch: 0, line: packed.line)) == nil else { return }
          body(packed, block, batch.mapping.source)
        }
      }
    }
  }

  func records() -> [IncidentPerson] {
    var records: [IncidentPerson] = []
    forEachRecord { records.append($1.inWords($0, source: $2)) }
    return records
  }
}
