// Feeds: one row for each bulletin with its place among all changes; partner systems with their credentials, lock-outs,
// sequence numbers and pulls. `feed_entries` is filled from the releases by `settleFeeds`, in the code that also keeps
// it, so that there is one account of how a bulletin comes to its place. Never edited once shipped.

extension SchemaChange {
  package static let change010Feeds = SchemaChange(
    number: 10, name: "feeds", sqlite: statements(integer: "INTEGER", bytes: "BLOB", end: " STRICT"),
    postgres: statements(integer: "BIGINT", bytes: "BYTEA", end: ""))

  /// A bulletin has no position until its first release begins. `waiting_id` begins at `due_at` or later; `due_at` is
  /// the next time at which the row changes by itself.
  private static func statements(integer: String, bytes: String, end: String) -> String {
    """
    CREATE TABLE feed_entries (
      bulletin_id \(integer) PRIMARY KEY REFERENCES bulletins (id),
      first_serial TEXT NOT NULL,
      first_released_at \(integer) NOT NULL,
      month TEXT,
      position \(integer) UNIQUE,
      release_id \(integer) REFERENCES releases (id),
      standing TEXT CHECK (standing IN ('live', 'recalled', 'expired', 'replaced')),
      changed_at \(integer),
      waiting_id \(integer) REFERENCES releases (id),
      due_at \(integer),
      CHECK ((position IS NULL) = (release_id IS NULL) AND (position IS NULL) = (standing IS NULL)
        AND (position IS NULL) = (changed_at IS NULL)),
      CHECK (waiting_id IS NULL OR due_at IS NOT NULL)
    )\(end);
    CREATE INDEX feed_entries_month ON feed_entries (month, position);
    CREATE INDEX feed_entries_due ON feed_entries (due_at) WHERE due_at IS NOT NULL;

    CREATE TABLE partners (
      id TEXT PRIMARY KEY CHECK (id <> ''),
      requests_per_minute \(integer) NOT NULL CHECK (requests_per_minute >= 1),
      added_at \(integer) NOT NULL,
      added_by TEXT NOT NULL,
      last_pull_at \(integer),
      sequence_given \(integer) NOT NULL,
      sequence_reserved \(integer) NOT NULL,
      CHECK (sequence_given <= sequence_reserved)
    )\(end);

    CREATE TABLE partner_gaps (
      partner TEXT NOT NULL REFERENCES partners (id),
      first \(integer) NOT NULL,
      last \(integer) NOT NULL,
      noticed_at \(integer) NOT NULL,
      PRIMARY KEY (partner, first),
      CHECK (first <= last)
    )\(end);

    CREATE TABLE partner_credentials (
      id TEXT PRIMARY KEY CHECK (id <> ''),
      partner TEXT NOT NULL REFERENCES partners (id),
      method TEXT NOT NULL,
      salt \(bytes) NOT NULL,
      hash \(bytes) NOT NULL,
      feeds TEXT NOT NULL CHECK (feeds <> ''),
      taxii \(integer) NOT NULL CHECK (taxii IN (0, 1)),
      created_at \(integer) NOT NULL,
      created_by TEXT NOT NULL,
      expires_at \(integer) NOT NULL,
      revoked_at \(integer),
      revoked_by TEXT,
      CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
    )\(end);
    CREATE INDEX partner_credentials_partner ON partner_credentials (partner);

    CREATE TABLE access_failures (
      key TEXT PRIMARY KEY CHECK (key <> ''),
      failures \(integer) NOT NULL CHECK (failures >= 0),
      since \(integer) NOT NULL,
      lock_outs \(integer) NOT NULL CHECK (lock_outs >= 0),
      locked_until \(integer)
    )\(end);

    CREATE TABLE feed_pulls (
      partner TEXT NOT NULL REFERENCES partners (id),
      release_id \(integer) NOT NULL REFERENCES releases (id),
      feed TEXT NOT NULL CHECK (feed <> ''),
      version \(integer) NOT NULL CHECK (version >= 1),
      first_at \(integer) NOT NULL,
      last_at \(integer) NOT NULL,
      count \(integer) NOT NULL CHECK (count >= 1),
      PRIMARY KEY (partner, feed, release_id)
    )\(end);
    CREATE INDEX feed_pulls_release ON feed_pulls (release_id);

    """
  }
}
