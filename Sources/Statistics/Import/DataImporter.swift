// An export in, blocks of records out, chunk by chunk: what is in memory is one block, the words, and 24 bytes a record
// to find doubles. It opens nothing and stores nothing; whoever calls does.

package import Bulletins
import SiteFiles

/// How many rows came to what.
package struct ImportCounts: Hashable, Sendable {
  package var rows = 0
  package var mapped = 0
  package var dropped = 0
  /// Of the dropped; the rest are other drugs.
  package var underAge = 0
  package var noSubstance = 0
  package var doubled = 0
  package var unknown = 0
  package init() {}
}

package final class DataImporter {
  package struct Block {
    package var bytes: [UInt8]
    package var count: Int
    /// Days since 1970 of the arrests in it.
    package var firstDay: Int
    package var lastDay: Int
  }

  private let mapping: Mapping
  private let knowledge: ImportKnowledge
  private let asOf: CivilDate?
  /// Number of this import among those of `keys`.
  private let batch: UInt32
  package private(set) var keys: KeyIndex
  private var reader: CSVReader
  /// nil for UTF-8.
  private var decoder: Windows1252?
  private var mapper: RowMapper?
  package private(set) var counts = ImportCounts()

  private var rows: [UInt8] = []
  private var rowCount = 0
  private var days: ClosedRange<Int32>?
  private let emit: (Block) throws -> Void
  private let note: (Int, RowFate) -> Void

  /// - Parameters:
  ///   - keys: of what is stored already, so that doubles over several imports are found.
  ///   - batch: unlike every other in `keys`.
  ///   - asOf: day of the extract, in which nothing is later; nil where it is not known.
  ///   - emit: takes each block when it is full, and the last one.
  ///   - note: takes the line and the fate of every row.
  package init(
    _ mapping: Mapping, knowledge: ImportKnowledge, keys: KeyIndex = KeyIndex(), batch: UInt32 = 0,
    asOf: CivilDate? = nil,
    emit: @escaping (Block) throws -> Void, note: @escaping (Int, RowFate) -> Void
  ) {
    self.mapping = mapping
    self.knowledge = knowledge
    self.keys = keys
    self.batch = batch
    self.asOf = asOf
    self.emit = emit
    self.note = note
    reader = CSVReader(separator: mapping.separator)
    decoder = mapping.encoding == .windows1252 ? Windows1252() : nil
    rows.reserveCapacity(RecordBlock.capacity * PackedRecord.size)
  }

  /// - Throws: `FileProblem` for what is no CSV, `HeaderProblems`, and what `emit` throws.
  package func read(_ chunk: UnsafeBufferPointer<UInt8>) throws {
    guard let bytes = try decoder?.utf8(chunk) else { return try reader.readFields(chunk, row: take) }
    try bytes.withUnsafeBufferPointer { try reader.readFields($0, row: take) }
  }

  package func finish() throws {
    try reader.finishFields(row: take)
    guard mapper != nil else {
      throw FileProblem(.missingKey, at: SourcePosition(line: 1), "the file has no header row")
    }
    try flush()
  }

  private func take(_ row: CSVFields) throws {
    guard let mapper else {
      mapper = try RowMapper(mapping, header: row, knowledge: knowledge, asOf: asOf)
      return
    }
    counts.rows += 1
    var (record, fate) = mapper.map(row)
    if fate == .mapped {
      let place = KeyIndex.Place(batch: batch, line: record.line)
      if let other = keys.insert(record.key, at: place) {
        fate = .doubled(other: other)
        // A second entry of another import is kept: which of the two counts is decided when they are read.
        if other.batch == batch { return tell(row.line, fate) }
      }
      try keep(record)
    }
    tell(row.line, fate)
  }

  private func tell(_ line: Int, _ fate: RowFate) {
    switch fate {
    case .mapped: counts.mapped += 1
    case .dropped(let drop, _):
      counts.dropped += 1
      if drop == .underAge { counts.underAge += 1 }
      if drop == .noSubstance { counts.noSubstance += 1 }
    case .doubled: counts.doubled += 1
    case .unknown: counts.unknown += 1
    }
    note(line, fate)
  }

  private func keep(_ record: PackedRecord) throws {
    record.encode(into: &rows)
    rowCount += 1
    days =
      min(
        days?.lowerBound ?? record.arrested, record.arrested)...max(
        days?.upperBound ?? record.arrested, record.arrested)
    if rowCount == RecordBlock.capacity { try flush() }
  }

  private func flush() throws {
    guard rowCount > 0, let days, let mapper else { return }
    try emit(
      Block(
        bytes: RecordBlock.encode(words: mapper.words.words, rows: rows, count: rowCount), count: rowCount,
        firstDay: Int(days.lowerBound), lastDay: Int(days.upperBound)))
    rows.removeAll(keepingCapacity: true)
    rowCount = 0
    self.days = nil
  }
}
