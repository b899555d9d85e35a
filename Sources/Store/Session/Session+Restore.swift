// What is written into an older copy of the ledger before it is put in place. The copy does not know what was sent
// after it was made, so that nothing of it may go out before a person has said so: everything is halted, and each
// release with open rows is paused beside that, so that ending the halt alone sends none of them again.

import Outbox

extension SQLSession: RestoreStore {
  /// More than a partner takes in years.
  private static let sequenceLeap: Int64 = 1_000_000_000

  func markRestored(by: String, at: Moment, copy: String) throws(StoreError) -> RestoreMarks {
    // Their owners belong to another life of the database. With sending_since: uncertain, or as the series says.
    let leases = try leaseHoldings()
    for holding in leases { _ = try lapseLeases(ofWorker: holding.owner, now: at) { 0 } }
    // `indexedState` is said beside what implies it: without these words SQLite reads every row.
    let sql = """
      SELECT r.serial, COUNT(*) FROM deliveries d JOIN releases r ON r.id = d.release_id
      WHERE d.state IN ('pending', 'deferred') AND d.state <> 'leased' AND d.state <> 'accepted'
      GROUP BY r.serial ORDER BY r.serial
      """
    let open = try all(sql) { row in (serial: row.text(0), rows: row.count(1)) }
    // Their readers may hold a copy that the ledger knows nothing of: a recall tells them too.
    try run(
      """
      UPDATE deliveries SET handed_over_at = $1
      WHERE state IN ('pending', 'deferred') AND \(Self.indexedState) AND handed_over_at IS NULL AND next_attempt_at <= $1
      """, .moment(at))
    // Whatever partners were given since the copy was made, no number comes twice; the gap shows.
    try run("UPDATE partners SET sequence_reserved = sequence_reserved + $1", .integer(Self.sequenceLeap))
    let reason = "restored from \(copy)"
    try set(pause: Pause(scope: .halt, by: by, at: at, reason: reason))
    for (serial, rows) in open {
      try set(
        pause: Pause(
          scope: .release, name: serial, by: by, at: at,
          reason: "\(reason): \(rows) rows may have been sent since the copy was made"))
    }
    let uncertain = Int(
      try number("SELECT COUNT(*) FROM deliveries WHERE state = 'uncertain' AND \(Self.indexedState)") ?? 0)
    let openRows = open.reduce(0) { $0 + $1.rows }
    try audit(
      actor: by, action: "restore", subject: copy,
      detail:
        "\(openRows) open rows of \(open.count) releases wait for a person; \(leases.count) workers' leases ended",
      at: at)
    return RestoreMarks(
      leases: leases.reduce(0) { $0 + $1.rows }, paused: open.map(\.serial), openRows: openRows,
      uncertainRows: uncertain)
  }

  func serialCounters() throws(StoreError) -> [SerialCounter] {
    try all("SELECT series, year, last FROM serial_counters ORDER BY series, year") { row in
      SerialCounter(series: row.text(0), year: row.count(1), last: row.count(2))
    }
  }

  func advance(_ counter: SerialCounter) throws(StoreError) {
    try run(
      """
      INSERT INTO serial_counters (series, year, last) VALUES ($1, $2, $3) ON CONFLICT (series, year)
      DO UPDATE SET last = CASE WHEN excluded.last > serial_counters.last THEN excluded.last ELSE serial_counters.last END
      """, .text(counter.series), .integer(counter.year), .integer(counter.last))
  }
}
