// Webhook endpoints: how each stands, and its secrets, encrypted. Never edited once shipped.

extension SchemaChange {
  package static let change004Webhooks = SchemaChange(
    number: 4, name: "webhooks",
    sqlite: statements(integer: "INTEGER", bytes: "BLOB", end: " STRICT"),
    postgres: statements(integer: "BIGINT", bytes: "BYTEA", end: ""))

  private static func statements(integer: String, bytes: String, end: String) -> String {
    """
    CREATE TABLE endpoints (
      id TEXT PRIMARY KEY CHECK (id <> ''),
      failing_since \(integer),
      failures \(integer) NOT NULL CHECK (failures >= 0),
      last_failure_at \(integer),
      last_failure TEXT,
      disabled_at \(integer),
      disabled_by TEXT,
      disabled_why TEXT,
      CHECK ((failing_since IS NULL) = (failures = 0)),
      CHECK ((disabled_at IS NULL) = (disabled_by IS NULL) AND (disabled_at IS NULL) = (disabled_why IS NULL))
    )\(end);

    CREATE TABLE endpoint_secrets (
      endpoint TEXT NOT NULL CHECK (endpoint <> ''),
      number \(integer) NOT NULL CHECK (number >= 1),
      kind TEXT NOT NULL CHECK (kind IN ('v1', 'v1a')),
      sealed \(bytes) NOT NULL,
      key_id TEXT NOT NULL,
      created_at \(integer) NOT NULL,
      retires_at \(integer),
      PRIMARY KEY (endpoint, number)
    )\(end);

    """
  }
}
