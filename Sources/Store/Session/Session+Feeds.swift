// The ledger of feeds. Every change of a bulletin for readers passes here: the start of a release, a recall, an end, the
// bulletin that takes its place, the end of its lifetime. Each gives its row a new position, in order of commit.

import Outbox

extension SQLSession: FeedStore {
  private static let founded = "feeds-founded"
  static let access = "partners-mark"

  func feedMark() throws(StoreError) -> FeedMark {
    let sql = """
      SELECT COALESCE((SELECT MAX(position) FROM feed_entries), 0),
        (SELECT value FROM settings WHERE key = 'snapshot'),
        CASE WHEN EXISTS (SELECT 1 FROM pauses WHERE scope = 'halt') THEN 1 ELSE 0 END,
        CASE WHEN EXISTS (SELECT 1 FROM settings WHERE key = 'import-failure') THEN 1 ELSE 0 END,
        (SELECT MIN(due_at) FROM feed_entries WHERE due_at IS NOT NULL),
        CASE WHEN EXISTS (SELECT 1 FROM feed_entries WHERE month IS NULL)
          OR NOT EXISTS (SELECT 1 FROM settings WHERE key = '\(Self.founded)') THEN 1 ELSE 0 END,
        (SELECT value FROM settings WHERE key = '\(Self.access)')
      """
    let mark = try first(sql) { row in
      FeedMark(
        position: row.integer(0), snapshot: row.optionalText(1).flatMap { Int64($0) }, isHalted: row.flag(2),
        importFailed: row.flag(3), dueAt: row.flag(5) ? Moment(milliseconds: 0) : row.optionalMoment(4),
        access: row.optionalText(6).flatMap { Int64($0) } ?? 0)
    }
    guard let mark else { throw StoreError(.other, detail: "no mark of the feeds", place: place) }
    return mark
  }

  func settleFeeds(now: Moment, month: (Moment) -> String) throws(StoreError) -> Int {
    var changed = try foundFeeds(now: now)
    changed += try settleDue(now: now)
    let sql = "SELECT bulletin_id, first_released_at FROM feed_entries WHERE month IS NULL"
    for (bulletin, at) in try all(sql, read: { ($0.integer(0), $0.moment(1)) }) {
      try run("UPDATE feed_entries SET month = $1 WHERE bulletin_id = $2", .text(month(at)), .integer(bulletin))
      changed += 1
    }
    return changed
  }

  func feedFoundedAt() throws(StoreError) -> Moment {
    guard let text = try setting(Self.founded), let milliseconds = Int64(text) else {
      throw StoreError(.notFound, detail: "feeds were never settled", place: place)
    }
    return Moment(milliseconds: milliseconds)
  }

  // MARK: Reading

  private static let selectEntry = """
    SELECT b.stem, r.series, e.release_id, e.standing, e.position, e.first_released_at, COALESCE(e.month, ''),
      e.changed_at, e.first_serial
    FROM feed_entries e JOIN bulletins b ON b.id = e.bulletin_id JOIN releases r ON r.id = e.release_id
    """

  private func entry(_ row: any PreparedSQL) throws(StoreError) -> FeedEntry {
    FeedEntry(
      bulletin: row.text(0), series: row.text(1), release: row.integer(2),
      standing: try word(row.text(3), as: FeedEntry.Standing.self), position: row.integer(4),
      firstReleasedAt: row.moment(5), month: row.text(6), changedAt: row.moment(7), firstSerial: row.text(8))
  }

  func feedEntries(before position: Int64?, limit: Int) throws(StoreError) -> [FeedEntry] {
    try all(
      Self.selectEntry + " WHERE e.position < $1 ORDER BY e.position DESC LIMIT $2", .integer(position ?? .max),
      .integer(limit)
    ) { (row) throws(StoreError) in try entry(row) }
  }
  func feedEntries(after position: Int64, limit: Int) throws(StoreError) -> [FeedEntry] {
    try all(
      Self.selectEntry + " WHERE e.position > $1 ORDER BY e.position LIMIT $2", .integer(position), .integer(limit)
    ) { (row) throws(StoreError) in try entry(row) }
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

  // MARK: Keeping

  /// What a release, as it was stored, means for the feeds.
  struct FeedEvent {
    var release: Int64
    var bulletin: Int64
    var kind: ReleaseKind
    var serial: String
    var at: Moment
    var startsAt: Moment
    var replaces: Int64?
  }

  /// Before the first change: everything that was released before there were feeds, in its order, as if they had been
  /// there. Once; then a search of one row.
  func foundFeeds(now: Moment) throws(StoreError) -> Int {
    if try setting(Self.founded) != nil { return 0 }
    let sql = """
      SELECT id, bulletin_id, kind, serial, released_at, starts_at, replaces_id FROM releases ORDER BY id
      """
    let events = try all(sql) { (row) throws(StoreError) in
      FeedEvent(
        release: row.integer(0), bulletin: row.integer(1), kind: try word(row.text(2), as: ReleaseKind.self),
        serial: row.text(3), at: row.moment(4), startsAt: row.moment(5), replaces: row.optionalInteger(6))
    }
    // Before every position, with room for what stands first in every collection.
    let oldest = events.map(\.at).min() ?? now
    try set(Self.founded, to: String((min(oldest, now) - .seconds(1)).milliseconds), at: now)
    for event in events { try keepFeeds(event) }
    return events.count
  }

  func keepFeeds(_ event: FeedEvent) throws(StoreError) {
    _ = try settleDue(now: event.at)
    try run(
      """
      INSERT INTO feed_entries (bulletin_id, first_serial, first_released_at) VALUES ($1, $2, $3)
      ON CONFLICT (bulletin_id) DO NOTHING
      """, .integer(event.bulletin), .text(event.serial), .moment(event.at))
    guard event.kind.bringsRevision else { return try end(event) }
    // A version that waited is overtaken: nothing of it is ever shown.
    try wait(bulletin: event.bulletin, release: event.release, startsAt: event.startsAt)
    if let replaced = event.replaces { try wait(bulletin: replaced, release: nil, startsAt: nil) }
    _ = try settleDue(now: event.at)
  }

  private func wait(bulletin: Int64, release: Int64?, startsAt: Moment?) throws(StoreError) {
    let lifetimeEnd = try first(
      """
      SELECT r.lifetime_end FROM feed_entries e JOIN releases r ON r.id = e.release_id
      WHERE e.bulletin_id = $1 AND e.standing = 'live'
      """, .integer(bulletin)
    ) { $0.moment(0) }
    try run(
      "UPDATE feed_entries SET waiting_id = $1, due_at = $2 WHERE bulletin_id = $3", .integer(release),
      .moment([startsAt, lifetimeEnd].compactMap { $0 }.min()), .integer(bulletin))
  }

  private func end(_ event: FeedEvent) throws(StoreError) {
    try run(
      "UPDATE feed_entries SET waiting_id = NULL, due_at = NULL WHERE bulletin_id = $1", .integer(event.bulletin))
    // What was never shown has no end either; what ended stays as it ended, unless it turns out to have been wrong.
    try run(
      """
      UPDATE feed_entries SET standing = $1, changed_at = $2, position = $3 WHERE bulletin_id = $4
        AND (standing = 'live' OR ($1 = 'recalled' AND standing <> 'recalled'))
      """, .text(event.kind == .recall ? "recalled" : "expired"), .moment(event.at),
      .integer(try nextPosition(event.at)), .integer(event.bulletin))
    try replace(by: event.bulletin, changedAt: event.at, now: event.at)
  }

  /// The bulletin whose place another takes, when that one begins or ends without having begun.
  private func replace(by bulletin: Int64, changedAt: Moment, now: Moment) throws(StoreError) {
    let sql = "SELECT replaces_id FROM releases WHERE bulletin_id = $1 AND replaces_id IS NOT NULL"
    guard let replaced = try number(sql, .integer(bulletin)) else { return }
    try run(
      """
      UPDATE feed_entries SET standing = 'replaced', changed_at = $1, position = $2, waiting_id = NULL, due_at = NULL
      WHERE bulletin_id = $3 AND standing = 'live'
      """, .moment(changedAt), .integer(try nextPosition(now)), .integer(replaced))
  }

  /// Rows whose time has come, in the order of their times. Each of them changes and waits for a later time or none.
  private func settleDue(now: Moment) throws(StoreError) -> Int {
    let sql = """
      SELECT e.bulletin_id, w.id, w.starts_at, w.lifetime_end, r.lifetime_end
      FROM feed_entries e LEFT JOIN releases w ON w.id = e.waiting_id LEFT JOIN releases r ON r.id = e.release_id
      WHERE e.due_at <= $1 ORDER BY e.due_at, e.bulletin_id LIMIT 1
      """
    var changed = 0
    while let row = try first(
      sql, .moment(now),
      read: { row in
        (
          bulletin: row.integer(0), waiting: row.optionalInteger(1), startsAt: row.optionalMoment(2),
          nextEnd: row.optionalMoment(3), end: row.optionalMoment(4)
        )
      })
    {
      changed += 1
      let position = SQLValue.integer(try nextPosition(now))
      if let end = row.end, row.startsAt.map({ end < $0 }) ?? true, try isLive(row.bulletin) {
        try run(
          "UPDATE feed_entries SET standing = 'expired', changed_at = $1, position = $2, due_at = $3 WHERE bulletin_id = $4",
          .moment(end), position, .moment(row.startsAt), .integer(row.bulletin))
      } else {
        try run(
          """
          UPDATE feed_entries SET release_id = waiting_id, standing = 'live', changed_at = $1, position = $2,
            waiting_id = NULL, due_at = $3 WHERE bulletin_id = $4
          """, .moment(row.startsAt), position, .moment(row.nextEnd), .integer(row.bulletin))
        try replace(by: row.bulletin, changedAt: row.startsAt ?? now, now: now)
      }
    }
    return changed
  }

  private func isLive(_ bulletin: Int64) throws(StoreError) -> Bool {
    try number("SELECT 1 FROM feed_entries WHERE bulletin_id = $1 AND standing = 'live'", .integer(bulletin)) == 1
  }

  /// In order of commit whatever the clock says: the write lock is held from the transaction's start. A millisecond is
  /// left below each: STIX knows versions by the millisecond, and what a change ends is listed beside it in TAXII, at a
  /// place of its own.
  private func nextPosition(_ now: Moment) throws(StoreError) -> Int64 {
    max(now.milliseconds * 1_000, (try number("SELECT MAX(position) FROM feed_entries") ?? 0) + 1_000)
  }
}
