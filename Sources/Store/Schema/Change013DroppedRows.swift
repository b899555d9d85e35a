// Why rows of an import were left out, beside how many: persons under eighteen and rows that name no substance; the rest
// are other drugs. Imports from before do not know. Never edited once shipped.

extension SchemaChange {
  package static let change013DroppedRows = SchemaChange(
    number: 13, name: "dropped rows", sqlite: statements(integer: "INTEGER"), postgres: statements(integer: "BIGINT"))

  private static func statements(integer: String) -> String {
    """
    ALTER TABLE data_imports ADD COLUMN under_age \(integer);
    ALTER TABLE data_imports ADD COLUMN no_substance \(integer);
    """
  }
}
