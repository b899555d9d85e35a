// Token buckets of relays and destination domains, shared by all workers on the database. A row that is not there is a
// full bucket.

extension SchemaChange {
  package static let change002Rates = SchemaChange(
    number: 2, name: "rates", sqlite: statements("INTEGER", " STRICT, WITHOUT ROWID"),
    postgres: statements("BIGINT", ""))

  private static func statements(_ integer: String, _ end: String) -> String {
    """
    CREATE TABLE rate_buckets (
      relay TEXT NOT NULL,
      domain TEXT NOT NULL,
      tokens \(integer) NOT NULL CHECK (tokens >= 0),
      filled_at \(integer) NOT NULL,
      PRIMARY KEY (relay, domain)
    )\(end);

    """
  }
}
