// The bulletin whose place a release takes (`supersedes` and `corrects` of its front matter). Never edited once shipped.

extension SchemaChange {
  package static let change009Replacement = SchemaChange(
    number: 9, name: "replacement", sqlite: statements(integer: "INTEGER"), postgres: statements(integer: "BIGINT"))

  /// One bulletin takes the place of another, once, and with its first release.
  private static func statements(integer: String) -> String {
    """
    ALTER TABLE releases ADD COLUMN replaces_id \(integer) REFERENCES bulletins (id);
    CREATE UNIQUE INDEX releases_replaces ON releases (replaces_id) WHERE replaces_id IS NOT NULL;
    """
  }
}
