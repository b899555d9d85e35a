// Imports of records and their blocks.

import Outbox

extension SQLSession: DataStore {
  func begin(dataImport new: NewDataImport, at: Moment) throws(StoreError) -> Int64 {
    let id = try number(
      """
      INSERT INTO data_imports (source, name, precedence, file_name, as_of, imported_by, begun_at, map_hash, row_count,
        mapped, dropped, doubled, unknown) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, 0, 0, 0) RETURNING id
      """,
      .text(new.source), .text(new.name), .integer(new.precedence), .text(new.fileName), .text(new.asOf), .text(new.by),
      .moment(at), .text(new.mapHash))
    guard let id else { throw StoreError(.other, detail: "no import stored", place: place) }
    return id
  }

  func insert(dataBlock block: DataBlock, dataImport: Int64) throws(StoreError) {
    try run(
      """
      INSERT INTO data_blocks (import_id, number, row_count, first_day, last_day, content)
      VALUES ($1, $2, $3, $4, $5, $6)
      """,
      .integer(dataImport), .integer(block.number), .integer(block.count), .integer(block.firstDay),
      .integer(block.lastDay), .bytes(block.content))
  }

  func complete(
    dataImport: Int64, fileHash: String, counts: DataImportCounts, at: Moment
  ) throws(StoreError) {
    try run(
      """
      UPDATE data_imports SET completed_at = $2, file_hash = $3, row_count = $4, mapped = $5, dropped = $6, doubled = $7,
        unknown = $8, under_age = $9, no_substance = $10 WHERE id = $1
      """,
      .integer(dataImport), .moment(at), .text(fileHash), .integer(counts.rows), .integer(counts.mapped),
      .integer(counts.dropped), .integer(counts.doubled), .integer(counts.unknown),
      .integer(counts.underAge.map { Int64($0) }), .integer(counts.noSubstance.map { Int64($0) }))
  }

  func dataImports() throws(StoreError) -> [DataImportRecord] {
    let sql = """
      SELECT id, source, name, precedence, file_name, as_of, imported_by, map_hash, completed_at, file_hash, mapped,
        dropped, doubled, unknown, under_age, no_substance FROM data_imports WHERE completed_at IS NOT NULL
      ORDER BY precedence, source, id DESC
      """
    return try all(sql) { row in
      DataImportRecord(
        id: row.integer(0),
        about: NewDataImport(
          source: row.text(1), name: row.text(2), precedence: row.count(3), fileName: row.text(4), asOf: row.text(5),
          by: row.text(6), mapHash: row.text(7)),
        completedAt: row.moment(8), fileHash: row.text(9),
        counts: DataImportCounts(
          mapped: row.count(10), dropped: row.count(11), underAge: row.optionalInteger(14).map { Int($0) },
          noSubstance: row.optionalInteger(15).map { Int($0) }, doubled: row.count(12), unknown: row.count(13)))
    }
  }

  func dataBlocks(dataImport: Int64, from: Int, through: Int, visit: ([UInt8]) throws -> Void) throws {
    let statement = try bound(
      """
      SELECT content FROM data_blocks WHERE import_id = $1 AND first_day <= $3 AND last_day >= $2 ORDER BY number
      """, [.integer(dataImport), .integer(from), .integer(through)])
    defer { statement.reset() }
    while try statement.step() { try visit(statement.bytes(0)) }
  }

  func delete(dataImport: Int64) throws(StoreError) -> Bool {
    try run("DELETE FROM data_blocks WHERE import_id = $1", .integer(dataImport))
    return try run("DELETE FROM data_imports WHERE id = $1", .integer(dataImport)) == 1
  }

  func deleteUnfinishedDataImports(before: Moment) throws(StoreError) -> Int {
    try run(
      """
      DELETE FROM data_blocks WHERE import_id IN
        (SELECT id FROM data_imports WHERE completed_at IS NULL AND begun_at < $1)
      """, .moment(before))
    return try run("DELETE FROM data_imports WHERE completed_at IS NULL AND begun_at < $1", .moment(before))
  }
}
