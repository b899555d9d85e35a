// The ledger of feeds. Every change of a bulletin for readers passes here: the start of a release, a recall, an end, the
// bulletin that takes its place, the end of its lifetime. Each gives its row a new position, in order of commit; the start
// of each version is kept with its own. Session+FeedReading.swift reads what is kept here.

import Outbox

extension SQLSession: FeedStore {
  private static let founded = "feeds-founded"
  /// Starts of versions are kept since then; before, feeds had none.
  private static let started = "feed-starts"
  static let access = "partners-mark"

  func feedMark() throws(StoreError) -> FeedMark {
    let sql = """
      SELECT COALESCE((SELECT MAX(position) FROM feed_entries), 0),
        (SELECT value FROM settings WHERE key = 'snapshot'),
        CASE WHEN EXISTS (SELECT 1 FROM pauses WHERE scope = 'halt') THEN 1 ELSE 0 END,
        CASE WHEN EXISTS (SELECT 1 FROM settings WHERE key = 'import-failure') THEN 1 ELSE 0 END,
        (SELECT MIN(due_at) FROM feed_entries WHERE due_at IS NOT NULL),
        CASE WHEN EXISTS (SELECT 1 FROM feed_entries WHERE month IS NULL)
          OR NOT EXISTS (SELECT 1 FROM settings WHERE key = '\(Self.started)') THEN 1 ELSE 0 END,
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
    if try setting(Self.started) != nil { return 0 }
    try set(Self.started, to: String(now.milliseconds), at: now)
    if try setting(Self.founded) != nil { return try foundStarts() }
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

  /// A ledger of feeds from before starts were kept: no entry moves, and a start has its place where it was or before
  /// that, so that whoever pulled since has seen it.
  private func foundStarts() throws(StoreError) -> Int {
    struct Start {
      var bulletin: Int64
      var release: Int64
      var releasedAt: Moment
      var startsAt: Moment
      /// Of the entry, where it says no more than that this version began.
      var position: Int64?
    }
    let sql = """
      SELECT r.bulletin_id, r.id, r.released_at, r.starts_at,
        CASE WHEN e.standing = 'live' AND e.release_id = r.id THEN e.position END
      FROM releases r JOIN feed_entries e ON e.bulletin_id = r.bulletin_id
      WHERE r.id <= e.release_id AND r.kind IN ('release', 'update', 'correction') ORDER BY r.bulletin_id, r.id
      """
    let all = try all(sql) { row in
      Start(
        bulletin: row.integer(0), release: row.integer(1), releasedAt: row.moment(2), startsAt: row.moment(3),
        position: row.optionalInteger(4))
    }
    var starts: [Start] = []
    for start in all {
      // A version that waited when the next one came was never shown.
      while let last = starts.last, last.bulletin == start.bulletin, last.startsAt > start.releasedAt {
        starts.removeLast()
      }
      starts.append(start)
    }
    for (place, start) in starts.enumerated() {
      var position = start.position ?? start.startsAt.milliseconds * 1_000
      while start.position == nil, let taken = try neighbour(position) { position = taken - Self.room }
      let overtaken = place > 0 && starts[place - 1].bulletin == start.bulletin ? starts[place - 1].release : nil
      try keepStart(start.release, of: start.bulletin, at: position, overtaken: overtaken)
    }
    return starts.count
  }

  private func keepStart(
    _ release: Int64, of bulletin: Int64, at position: Int64, overtaken: Int64?
  ) throws(StoreError) {
    try run(
      "INSERT INTO feed_starts (release_id, bulletin_id, position, overtaken_id) VALUES ($1, $2, $3, $4)",
      .integer(release), .integer(bulletin), .integer(position), .integer(overtaken))
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
      .integer(try position(ofOrderAt: event.at)), .integer(event.bulletin))
    try replace(by: event.bulletin, changedAt: event.at, after: try newestPosition())
  }

  /// The bulletin whose place another takes, when that one begins or ends without having begun.
  private func replace(by bulletin: Int64, changedAt: Moment, after newest: Int64) throws(StoreError) {
    let sql = "SELECT replaces_id FROM releases WHERE bulletin_id = $1 AND replaces_id IS NOT NULL"
    guard let replaced = try number(sql, .integer(bulletin)), try isLive(replaced) else { return }
    try run(
      """
      UPDATE feed_entries SET standing = 'replaced', changed_at = $1, position = $2, waiting_id = NULL, due_at = NULL
      WHERE bulletin_id = $3
      """, .moment(changedAt), .integer(try position(of: replaced, from: changedAt, after: newest)),
      .integer(replaced))
  }

  /// Rows whose time has come, in the order of their times. Each of them changes and waits for a later time or none.
  private func settleDue(now: Moment) throws(StoreError) -> Int {
    let sql = """
      SELECT e.bulletin_id, w.id, w.starts_at, w.lifetime_end, r.lifetime_end, e.release_id, w.released_at
      FROM feed_entries e LEFT JOIN releases w ON w.id = e.waiting_id LEFT JOIN releases r ON r.id = e.release_id
      WHERE e.due_at <= $1 ORDER BY e.due_at, e.bulletin_id LIMIT 1
      """
    let newest = try newestPosition()
    var changed = 0
    while let row = try first(
      sql, .moment(now),
      read: { row in
        (
          bulletin: row.integer(0), waiting: row.optionalInteger(1), startsAt: row.optionalMoment(2),
          nextEnd: row.optionalMoment(3), end: row.optionalMoment(4), shown: row.optionalInteger(5),
          releasedAt: row.optionalMoment(6)
        )
      })
    {
      changed += 1
      if let end = row.end, row.startsAt.map({ end < $0 }) ?? true, try isLive(row.bulletin) {
        try run(
          "UPDATE feed_entries SET standing = 'expired', changed_at = $1, position = $2, due_at = $3 WHERE bulletin_id = $4",
          .moment(end), .integer(try position(of: row.bulletin, from: end, after: newest)), .moment(row.startsAt),
          .integer(row.bulletin))
      } else {
        let (startsAt, releasedAt) = (row.startsAt ?? now, row.releasedAt ?? now)
        let position =
          startsAt <= releasedAt
          ? try position(ofOrderAt: releasedAt) : try position(of: row.bulletin, from: startsAt, after: newest)
        if let waiting = row.waiting {
          try keepStart(waiting, of: row.bulletin, at: position, overtaken: row.shown)
        }
        try run(
          """
          UPDATE feed_entries SET release_id = waiting_id, standing = 'live', changed_at = $1, position = $2,
            waiting_id = NULL, due_at = $3 WHERE bulletin_id = $4
          """, .moment(row.startsAt), .integer(position), .moment(row.nextEnd), .integer(row.bulletin))
        try replace(by: row.bulletin, changedAt: startsAt, after: newest)
      }
    }
    return changed
  }

  private func isLive(_ bulletin: Int64) throws(StoreError) -> Bool {
    try number("SELECT 1 FROM feed_entries WHERE bulletin_id = $1 AND standing = 'live'", .integer(bulletin)) == 1
  }

  // MARK: Positions

  /// Microseconds that are left below each position: what a change ends is listed beside it in TAXII, at a place of its
  /// own (`StixReports.room`).
  private static let room: Int64 = 16
  /// STIX knows versions of an object by the millisecond.
  private static let step: Int64 = 1_000

  /// No start has a later place than its bulletin's entry.
  private func newestPosition() throws(StoreError) -> Int64 {
    try number("SELECT MAX(position) FROM feed_entries") ?? 0
  }

  /// Of what a person orders: the time of the order. In order of commit whatever the clock says: the write lock is held
  /// from the transaction's start.
  private func position(ofOrderAt time: Moment) throws(StoreError) -> Int64 {
    max(time.milliseconds * 1_000, try newestPosition() + Self.step)
  }

  /// Of what a time brings, or another bulletin. Many bulletins have one such time, midnight above all: counted up from
  /// it, positions would tell how many others there were, also to who sees none of them. So each has its place within
  /// the second after it by its own name alone, whenever it is settled and whatever else is.
  /// - Parameter newest: the newest position that was committed before; everything since is committed together, and
  ///   needs no order among itself.
  private func position(
    of bulletin: Int64, from time: Moment, after newest: Int64
  ) throws(StoreError) -> Int64 {
    let sql = "SELECT first_serial, COALESCE(position, 0) FROM feed_entries WHERE bulletin_id = $1"
    let (serial, own) = try first(sql, .integer(bulletin)) { ($0.text(0), $0.integer(1)) } ?? ("", 0)
    var position = time.milliseconds * 1_000 + Self.spread(serial) * Self.room
    position = max(position, newest + Self.room, own + Self.step)
    while let taken = try neighbour(position) { position = taken + Self.room }
    return position
  }

  /// FNV-1a: the same for the same name in every process. 62,000 places of 16 microseconds are less than a second.
  private static func spread(_ serial: String) -> Int64 {
    let hash = serial.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    return Int64(hash % 62_000)
  }

  /// A position that leaves no room for this one.
  private func neighbour(_ position: Int64) throws(StoreError) -> Int64? {
    let sql = """
      SELECT position FROM feed_entries WHERE position > $1 AND position < $2
      UNION ALL SELECT position FROM feed_starts WHERE position > $1 AND position < $2 LIMIT 1
      """
    return try number(sql, .integer(position - Self.room), .integer(position + Self.room))
  }
}
