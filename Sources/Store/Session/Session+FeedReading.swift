// What is read of the ledger of feeds: bulletins at their places, months, one bulletin by a serial.

import Outbox

extension SQLSession {
  private static let columns = """
    b.stem, r.series, e.release_id, e.standing, e.position, e.first_released_at, COALESCE(e.month, ''), e.changed_at,
    e.first_serial
    """
  private static let tables = """
    feed_entries e JOIN bulletins b ON b.id = e.bulletin_id JOIN releases r ON r.id = e.release_id
    """
  private static let selectEntry = "SELECT \(columns) FROM \(tables)"

  private func entry(_ row: any PreparedSQL) throws(StoreError) -> FeedEntry {
    FeedEntry(
      bulletin: row.text(0), series: row.text(1), release: row.integer(2),
      standing: try word(row.text(3), as: FeedEntry.Standing.self), position: row.integer(4),
      firstReleasedAt: row.moment(5), month: row.text(6), changedAt: row.moment(7), firstSerial: row.text(8))
  }

  func feedPlaces(before position: Int64?, limit: Int) throws(StoreError) -> [FeedPlace] {
    try places(Self.selectPlaces(" < ") + " DESC LIMIT $2", position ?? .max, limit)
  }
  func feedPlaces(after position: Int64, limit: Int) throws(StoreError) -> [FeedPlace] {
    try places(Self.selectPlaces(" > ") + " LIMIT $2", position, limit)
  }

  /// Both halves come in order from an index of their own and are merged as they come.
  private static func selectPlaces(_ side: String) -> String {
    """
    SELECT \(columns), e.position AS place FROM \(tables) WHERE e.position \(side) $1
    UNION ALL
    SELECT \(columns), s.position FROM \(tables) JOIN feed_starts s ON s.bulletin_id = e.bulletin_id
    WHERE s.overtaken_id IS NOT NULL AND s.position \(side) $1 AND s.position < e.position
    ORDER BY place
    """
  }

  private func places(_ sql: String, _ position: Int64, _ limit: Int) throws(StoreError) -> [FeedPlace] {
    try all(sql, .integer(position), .integer(limit)) { (row) throws(StoreError) in
      FeedPlace(position: row.integer(9), entry: try entry(row))
    }
  }

  func feedStarts(bulletin: String) throws(StoreError) -> [Int64: Int64] {
    let sql = """
      SELECT s.release_id, s.position FROM feed_starts s JOIN bulletins b ON b.id = s.bulletin_id WHERE b.stem = $1
      """
    return Dictionary(try all(sql, .text(bulletin)) { ($0.integer(0), $0.integer(1)) }) { first, _ in first }
  }

  func feedSeriesLeft(after position: Int64) throws(StoreError) -> [(bulletin: String, series: String)] {
    let sql = """
      SELECT b.stem, o.series FROM feed_starts s JOIN releases n ON n.id = s.release_id
      JOIN releases o ON o.id = s.overtaken_id JOIN bulletins b ON b.id = s.bulletin_id
      WHERE s.overtaken_id IS NOT NULL AND s.position > $1 AND o.series <> n.series
      """
    return try all(sql, .integer(position)) { ($0.text(0), $0.text(1)) }
  }

  func feedEntries(month: String) throws(StoreError) -> [FeedEntry] {
    try all(
      Self.selectEntry + " WHERE e.month = $1 AND e.position IS NOT NULL ORDER BY e.position DESC", .text(month)
    ) { (row) throws(StoreError) in try entry(row) }
  }
  func feedMonths() throws(StoreError) -> [String] {
    try all(
      """
      SELECT DISTINCT month FROM feed_entries WHERE month IS NOT NULL AND position IS NOT NULL ORDER BY month DESC
      """
    ) { $0.text(0) }
  }
  func feedEntry(serial: String) throws(StoreError) -> FeedEntry? {
    let sql =
      Self.selectEntry + """
         WHERE e.bulletin_id = (SELECT s.bulletin_id FROM releases s
          WHERE s.serial = $1 AND s.kind IN ('release', 'update', 'correction')) AND e.position IS NOT NULL
        """
    return try first(sql, .text(serial)) { (row) throws(StoreError) in try entry(row) }
  }
}
