// What the life after a release adds: when a row that is no longer `accepted` or `uncertain` was handed over, every
// slot of an encoded body, and the second person of a release.

extension SchemaChange {
  package static let change005Succession = SchemaChange(
    number: 5, name: "succession", sqlite: statements(integer: "INTEGER"), postgres: statements(integer: "BIGINT"))

  /// `handed_over_at` is written when a row that had gone out, or may have, comes to another end, by a report of
  /// non-delivery: its reader may hold a copy all the same.
  private static func statements(integer: String) -> String {
    """
    ALTER TABLE deliveries ADD COLUMN handed_over_at \(integer);
    ALTER TABLE variants ADD COLUMN body_slots TEXT NOT NULL DEFAULT '';
    ALTER TABLE variants ADD COLUMN plain_body_slots TEXT NOT NULL DEFAULT '';
    ALTER TABLE releases ADD COLUMN seconded_by TEXT;
    """
  }
}
