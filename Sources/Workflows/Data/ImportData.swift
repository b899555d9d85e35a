// `revere data import`: streams an export through its mapping into the store. Each block is a commit of its own, so that
// nobody waits long for the write lock; the import is seen once it is complete. A row that nobody understands keeps the
// whole import out, unless the operator accepts that those rows are missing.

import Bulletins
import Crypto
import Foundation
package import Outbox
import SiteFiles
package import Statistics
package import Store

package struct ImportOrder: Sendable {
  package var fileName: String
  package var mappingFile: String
  package var mapping: [UInt8]
  /// Day of the extract.
  package var asOf: String
  package var by: String
  package var acceptsUnknown = false
  package var isRehearsal = false
  package init(fileName: String, mappingFile: String, mapping: [UInt8], asOf: String, by: String) {
    self.fileName = fileName
    self.mappingFile = mappingFile
    self.mapping = mapping
    self.asOf = asOf
    self.by = by
  }
}

package struct ImportReport: Hashable, Sendable {
  /// nil when nothing was stored.
  package var id: Int64?
  /// The import that has this very file already.
  package var already: Int64?
  package var source: String
  package var counts: ImportCounts
  /// Without ages nobody under eighteen is left out.
  package var hasAges: Bool
}

package enum ImportData {
  /// - Parameters:
  ///   - file: hands over the bytes of the export, chunk by chunk.
  ///   - note: line and fate of every row; for a double the import and line of the other, when that is another import.
  /// - Throws: `DataProblem`, `FindingsFailure` with every problem of mapping or header, `FileProblem` for a broken CSV.
  package static func run(
    _ order: ImportOrder, knowledge: DataKnowledge, store: any UnitOfWork, now: Moment,
    file: ((UnsafeBufferPointer<UInt8>) throws -> Void) throws -> Void,
    note: @escaping (Int, RowFate, DataImportRecord?) -> Void
  ) throws -> ImportReport {
    let (read, problems) = MappingReader.read(order.mapping)
    guard let mapping = read else {
      throw FindingsFailure(
        "\(order.mappingFile) cannot be used", problems.map { WorkspaceLoading.finding($0, in: order.mappingFile) })
    }
    let mapHash = SHA256.hash(data: order.mapping).hexadecimal
    let stored = try store.read { try $0.dataImports() }
    let keys = try KeyIndex(of: stored, in: store)
    let id: Int64? = try order.isRehearsal ? nil : begin(order, mapping, mapHash, store, now)
    do {
      var digest = SHA256()
      var number = 0
      let importer = DataImporter(
        mapping, knowledge: knowledge.forImports, keys: keys, batch: UInt32(stored.count),
        asOf: CivilDate(order.asOf),
        emit: { block in
          number += 1
          guard let id else { return }
          try store.write {
            try $0.insert(
              dataBlock: DataBlock(
                number: number, count: block.count, firstDay: block.firstDay, lastDay: block.lastDay,
                content: block.bytes), dataImport: id)
          }
        },
        note: { line, fate in
          var other: DataImportRecord?
          if case .doubled(let place) = fate, Int(place.batch) < stored.count { other = stored[Int(place.batch)] }
          note(line, fate, other)
        })
      try file { chunk in
        digest.update(bufferPointer: UnsafeRawBufferPointer(chunk))
        try importer.read(chunk)
      }
      try importer.finish()
      var report = ImportReport(
        id: id, source: mapping.source, counts: importer.counts, hasAges: mapping.rules[.ageBand] != nil)
      let hash = digest.finalize().hexadecimal
      report.already = stored.first { $0.fileHash == hash && $0.about.mapHash == mapHash }?.id
      let isKept = report.already == nil && (importer.counts.unknown == 0 || order.acceptsUnknown)
      guard let kept = isKept ? id : nil else {
        if let id { _ = try store.write { try $0.delete(dataImport: id) } }
        report.id = nil
        return report
      }
      let counts = importer.counts
      try store.write { session in
        try session.complete(
          dataImport: kept, fileHash: hash,
          counts: DataImportCounts(
            mapped: counts.mapped, dropped: counts.dropped, underAge: counts.underAge, noSubstance: counts.noSubstance,
            doubled: counts.doubled, unknown: counts.unknown), at: now)
        try session.audit(
          actor: order.by, action: "data-import", subject: "import \(kept)",
          detail: "\(mapping.source) \(order.fileName) sha256:\(hash), \(counts.rows) rows, \(counts.mapped) mapped",
          at: now)
      }
      return report
    } catch {
      if let id { _ = try? store.write { try $0.delete(dataImport: id) } }
      if let header = error as? HeaderProblems {
        throw FindingsFailure(
          "\(order.fileName) does not fit \(order.mappingFile)",
          header.problems.map { WorkspaceLoading.finding($0, in: order.fileName) })
      }
      if var problem = error as? FileProblem {
        if problem.code == .notUTF8, mapping.encoding == .utf8 {
          problem.hint = "save it as UTF-8, or write `encoding: windows-1252` into \(order.mappingFile) if it is that"
        }
        throw FindingsFailure(
          "\(order.fileName) cannot be read", [WorkspaceLoading.finding(problem, in: order.fileName)])
      }
      throw error
    }
  }

  private static func begin(
    _ order: ImportOrder, _ mapping: Mapping, _ mapHash: String, _ store: any UnitOfWork, _ now: Moment
  ) throws -> Int64 {
    try store.write { session in
      _ = try session.deleteUnfinishedDataImports(before: now - .hours(24))
      return try session.begin(
        dataImport: NewDataImport(
          source: mapping.source, name: mapping.name, precedence: mapping.precedence, fileName: order.fileName,
          asOf: order.asOf, by: order.by, mapHash: mapHash), at: now)
    }
  }

  /// The bytes of a file in chunks.
  package static func chunks(of path: String, _ take: (UnsafeBufferPointer<UInt8>) throws -> Void) throws {
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw WorkspaceProblem(.notFound, path, "the file cannot be opened")
    }
    defer { try? handle.close() }
    var isAtEnd = false
    while !isAtEnd {
      let data: Data
      do {
        data = try handle.read(upToCount: 1 << 20) ?? Data()
      } catch {
        throw WorkspaceProblem(.notReadable, path, "the file cannot be read" + FolderOnDisk.cause(error))
      }
      isAtEnd = data.isEmpty
      try data.withUnsafeBytes { try take($0.bindMemory(to: UInt8.self)) }
    }
  }
}

extension KeyIndex {
  /// Every record that is stored, by the number of its import in the list.
  fileprivate init(of imports: [DataImportRecord], in store: any UnitOfWork) throws {
    self.init()
    for (batch, record) in imports.enumerated() {
      try RecordBlock.forEach(of: record, in: store, days: nil) { block in
        block.visit {
          _ = insert($0.key, at: Place(batch: UInt32(batch), line: $0.line))
        }
      }
    }
  }
}

extension RecordBlock {
  /// The blocks of an import with arrests on these days; nil for all.
  static func forEach(
    of record: DataImportRecord, in store: any UnitOfWork, days: ClosedRange<Int>?, _ body: (RecordBlock) throws -> Void
  ) throws {
    try store.read { session in
      try session.dataBlocks(
        dataImport: record.id, from: days?.lowerBound ?? Int(Int32.min), through: days?.upperBound ?? Int(Int32.max)
      ) { bytes in
        guard let block = RecordBlock(bytes) else {
          throw StoreError(.corrupt, detail: "a block of import \(record.id) is no block")
        }
        try body(block)
      }
    }
  }
}
