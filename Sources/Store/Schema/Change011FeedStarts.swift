// Where each version of a bulletin that readers were shown began among all changes. Who may not see a version has its
// bulletin there, and what happens to it later moves nothing for them. Filled from the releases by `settleFeeds`, as
// `feed_entries` is. Never edited once shipped.

extension SchemaChange {
  package static let change011FeedStarts = SchemaChange(
    number: 11, name: "feed starts", sqlite: statements(integer: "INTEGER", end: " STRICT"),
    postgres: statements(integer: "BIGINT", end: ""))

  /// `overtaken_id` is the version that was shown before; a bulletin's first has none.
  private static func statements(integer: String, end: String) -> String {
    """
    CREATE TABLE feed_starts (
      release_id \(integer) PRIMARY KEY REFERENCES releases (id),
      bulletin_id \(integer) NOT NULL REFERENCES bulletins (id),
      position \(integer) NOT NULL UNIQUE,
      overtaken_id \(integer) REFERENCES releases (id)
    )\(end);
    CREATE INDEX feed_starts_bulletin ON feed_starts (bulletin_id);
    CREATE INDEX feed_starts_overtaking ON feed_starts (position) WHERE overtaken_id IS NOT NULL;

    """
  }
}
