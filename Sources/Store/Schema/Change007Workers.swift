// Workers say that they are there: for `revere status` and `revere doctor`, which run beside them. Nothing is decided by
// these rows, and a day after a worker was last seen they are gone.

extension SchemaChange {
  package static let change007Workers = SchemaChange(
    number: 7, name: "workers", sqlite: text(integer: "INTEGER", end: " STRICT"),
    postgres: text(integer: "BIGINT", end: ""))

  private static func text(integer: String, end: String) -> String {
    """
    CREATE TABLE workers (
      id TEXT PRIMARY KEY,
      started_at \(integer) NOT NULL,
      seen_at \(integer) NOT NULL,
      ended_at \(integer),
      in_flight \(integer) NOT NULL CHECK (in_flight >= 0)
    )\(end);

    CREATE TABLE worker_relays (
      worker_id TEXT NOT NULL REFERENCES workers (id),
      relay TEXT NOT NULL,
      accepted \(integer) NOT NULL,
      deferred \(integer) NOT NULL,
      bounced \(integer) NOT NULL,
      last_accepted_at \(integer),
      last_alert_at \(integer),
      alert TEXT NOT NULL,
      PRIMARY KEY (worker_id, relay)
    )\(end);
    """
  }
}
