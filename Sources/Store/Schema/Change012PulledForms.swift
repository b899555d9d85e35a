// What each pull carried: the words of which variant, a notice in their place, or the end of the bulletin. One row for each
// of them, so that the record says which variant a partner has and when it was told of the end. Rows from before are taken
// for words, of a variant that nobody knows. Never edited once shipped.

extension SchemaChange {
  package static let change012PulledForms = SchemaChange(
    number: 12, name: "pulled forms", sqlite: statements(integer: "INTEGER", end: " STRICT"),
    postgres: statements(integer: "BIGINT", end: ""))

  private static func statements(integer: String, end: String) -> String {
    """
    CREATE TABLE feed_pulls_of_forms (
      partner TEXT NOT NULL REFERENCES partners (id),
      release_id \(integer) NOT NULL REFERENCES releases (id),
      feed TEXT NOT NULL CHECK (feed <> ''),
      kind TEXT NOT NULL CHECK (kind IN ('text', 'title', 'notice', 'recalled', 'expired', 'withdrawn')),
      variant TEXT NOT NULL,
      banner TEXT NOT NULL,
      version \(integer) NOT NULL CHECK (version >= 1),
      first_at \(integer) NOT NULL,
      last_at \(integer) NOT NULL,
      count \(integer) NOT NULL CHECK (count >= 1),
      PRIMARY KEY (partner, feed, release_id, kind, variant)
    )\(end);
    INSERT INTO feed_pulls_of_forms
      (partner, release_id, feed, kind, variant, banner, version, first_at, last_at, count)
      SELECT partner, release_id, feed, 'text', '', '', version, first_at, last_at, count FROM feed_pulls;
    DROP TABLE feed_pulls;
    ALTER TABLE feed_pulls_of_forms RENAME TO feed_pulls;
    CREATE INDEX feed_pulls_release ON feed_pulls (release_id);

    """
  }
}
