// Figures for `revere status`, `revere doctor` and /metrics. Every count goes over an index, never over the rows, so
// that a look costs a tenth of a second for a million of them.

import Outbox

extension SQLSession: FiguresStore {
  func figures() throws(StoreError) -> LedgerFigures {
    var figures = LedgerFigures()
    // Answered by indexes alone. None has accepted rows by state: they are what is left of all.
    let others = """
      SELECT release_id, state, COUNT(*) AS n FROM deliveries WHERE \(Self.indexedState) GROUP BY release_id, state
      UNION ALL SELECT release_id, 'leased', COUNT(*) FROM deliveries WHERE state = 'leased' GROUP BY release_id
      """
    let sql = """
      SELECT d.release_id, r.lane, d.state, d.n, r.starts_at
      FROM (\(others)
        UNION ALL SELECT release_id, 'accepted', COUNT(*) FROM deliveries GROUP BY release_id
        UNION ALL SELECT release_id, 'accepted', -n FROM (\(others)) o) d
      JOIN releases r ON r.id = d.release_id
      """
    let rows = try all(sql) { (row) throws(StoreError) in
      (
        release: row.integer(0), lane: try lane(row.integer(1)), state: try word(row.text(2), as: DeliveryState.self),
        count: row.count(3), startsAt: row.moment(4)
      )
    }
    let digests = try waitingForDigests()
    for row in rows {
      figures.rows[row.lane, default: [:]][row.state, default: 0] += row.count
      guard row.state.isOpen else { continue }
      // Rows that all wait for their reader's digest might first go when that is due.
      let waiting = digests[row.release]?[row.state]
      let since = waiting?.count == row.count ? max(row.startsAt, waiting?.first ?? row.startsAt) : row.startsAt
      figures.oldestOpen[row.lane] = min(figures.oldestOpen[row.lane] ?? since, since)
    }
    for lane in figures.rows.keys { figures.rows[lane] = figures.rows[lane]?.filter { $0.value != 0 } }
    figures.rows = figures.rows.filter { !$0.value.isEmpty }
    for lane in Lane.allCases {
      for channel in DeliveryChannel.allCases where channel != .none {
        let sql = """
          SELECT MIN(next_attempt_at) FROM deliveries
          WHERE state IN ('pending', 'deferred') AND held IS NULL AND digest_at IS NULL AND channel = $1 AND lane = $2
          """
        let due = try number(sql, .text(channel.rawValue), .integer(lane.rawValue)).map(Moment.init(milliseconds:))
        if let due { figures.earliestDue[lane] = min(figures.earliestDue[lane] ?? due, due) }
      }
    }
    // Their index knows no lane: who reads a digest is in no hurry.
    for channel in DeliveryChannel.allCases where channel != .none {
      let sql = """
        SELECT MIN(next_attempt_at) FROM deliveries
        WHERE state IN ('pending', 'deferred') AND held IS NULL AND digest_at IS NOT NULL AND channel = $1
        """
      let due = try number(sql, .text(channel.rawValue)).map(Moment.init(milliseconds:))
      if let due { figures.earliestDue[.routine] = min(figures.earliestDue[.routine] ?? due, due) }
    }
    figures.held = Int(try number("SELECT COUNT(*) FROM deliveries WHERE held IS NOT NULL") ?? 0)
    return figures
  }

  func heldByReason() throws(StoreError) -> [String: Int] {
    let rows = try all("SELECT held, COUNT(*) FROM deliveries WHERE held IS NOT NULL GROUP BY held") { row in
      (row.text(0), row.count(1))
    }
    return Dictionary(uniqueKeysWithValues: rows)
  }

  /// By release and state: how many rows wait for a digest, and the time of the first one.
  private func waitingForDigests() throws(StoreError) -> [Int64: [DeliveryState: (count: Int, first: Moment)]] {
    var found: [Int64: [DeliveryState: (count: Int, first: Moment)]] = [:]
    for channel in DeliveryChannel.allCases where channel != .none {
      // By the index of due digests, which has only what waits.
      let sql = """
        SELECT release_id, state, COUNT(*), MIN(digest_at) FROM deliveries
        WHERE state IN ('pending', 'deferred') AND held IS NULL AND digest_at IS NOT NULL AND channel = $1
        GROUP BY release_id, state
        """
      let rows = try all(sql, .text(channel.rawValue)) { (row) throws(StoreError) in
        (row.integer(0), try word(row.text(1), as: DeliveryState.self), row.count(2), row.moment(3))
      }
      for (release, state, count, first) in rows {
        let known = found[release]?[state]
        found[release, default: [:]][state] = (count + (known?.count ?? 0), min(first, known?.first ?? first))
      }
    }
    return found
  }

  func newestMoment() throws(StoreError) -> Moment? {
    // By id, which counts with time: none of these columns has an index of its own.
    let newest = [
      "SELECT at FROM audit ORDER BY id DESC LIMIT 1", "SELECT released_at FROM releases ORDER BY id DESC LIMIT 1",
      "SELECT MAX(seen_at) FROM workers", "SELECT MAX(set_at) FROM pauses", "SELECT MAX(set_at) FROM settings",
    ]
    var found: Int64?
    for sql in newest {
      guard let at = try number(sql) else { continue }
      found = max(found ?? at, at)
    }
    return found.map(Moment.init(milliseconds:))
  }

  func appliedChanges() throws(StoreError) -> [AppliedChange] {
    try all("SELECT number, name, applied_at FROM schema_changes ORDER BY number") { row in
      AppliedChange(number: row.integer(0), name: row.text(1), at: row.moment(2))
    }
  }

  // MARK: Workers

  func report(_ report: WorkerReport) throws(StoreError) {
    try run(
      """
      INSERT INTO workers (id, started_at, seen_at, ended_at, in_flight) VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at, ended_at = excluded.ended_at,
        in_flight = excluded.in_flight
      """, .text(report.worker), .moment(report.startedAt), .moment(report.seenAt), .moment(report.endedAt),
      .integer(report.inFlight))
    for line in report.relays {
      try run(
        """
        INSERT INTO worker_relays (worker_id, relay, accepted, deferred, bounced, last_accepted_at, last_alert_at, alert)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (worker_id, relay) DO UPDATE SET accepted = excluded.accepted, deferred = excluded.deferred,
          bounced = excluded.bounced, last_accepted_at = excluded.last_accepted_at,
          last_alert_at = excluded.last_alert_at, alert = excluded.alert
        """, .text(report.worker), .text(line.relay), .integer(line.accepted), .integer(line.deferred),
        .integer(line.bounced), .moment(line.lastAcceptedAt), .moment(line.lastAlertAt),
        .text(Self.bounded(line.alert)))
    }
  }

  func forgetWorkers(seenBefore: Moment) throws(StoreError) {
    try run(
      "DELETE FROM worker_relays WHERE worker_id IN (SELECT id FROM workers WHERE seen_at < $1)", .moment(seenBefore))
    try run("DELETE FROM workers WHERE seen_at < $1", .moment(seenBefore))
  }

  func workers() throws(StoreError) -> [WorkerReport] {
    var reports = try all(
      "SELECT id, started_at, seen_at, ended_at, in_flight FROM workers ORDER BY started_at, id"
    ) { row in
      WorkerReport(
        worker: row.text(0), startedAt: row.moment(1), seenAt: row.moment(2), endedAt: row.optionalMoment(3),
        inFlight: row.count(4))
    }
    let sql = """
      SELECT relay, accepted, deferred, bounced, last_accepted_at, last_alert_at, alert FROM worker_relays
      WHERE worker_id = $1 ORDER BY relay
      """
    for index in reports.indices {
      reports[index].relays = try all(sql, .text(reports[index].worker)) { row in
        WorkerReport.RelayLine(
          relay: row.text(0), accepted: row.count(1), deferred: row.count(2), bounced: row.count(3),
          lastAcceptedAt: row.optionalMoment(4), lastAlertAt: row.optionalMoment(5), alert: row.text(6))
      }
    }
    return reports
  }
}
