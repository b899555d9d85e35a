// Imported records: blocks of some thousands of packed rows, as Statistics writes them. A row of SQL for each record
// would cost four times the time and three times the room, and nothing ever looks at one record alone. Never edited once
// shipped.

extension SchemaChange {
  package static let change008Data = SchemaChange(
    number: 8, name: "data",
    sqlite: statements(key: "INTEGER PRIMARY KEY AUTOINCREMENT", integer: "INTEGER", bytes: "BLOB", end: " STRICT"),
    postgres: statements(
      key: "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY", integer: "BIGINT", bytes: "BYTEA", end: ""))

  private static func statements(key: String, integer: String, bytes: String, end: String) -> String {
    """
    CREATE TABLE data_imports (
      id \(key),
      source TEXT NOT NULL CHECK (source <> ''),
      name TEXT NOT NULL,
      precedence \(integer) NOT NULL,
      file_name TEXT NOT NULL,
      as_of TEXT NOT NULL,
      imported_by TEXT NOT NULL,
      begun_at \(integer) NOT NULL,
      completed_at \(integer),
      file_hash TEXT,
      map_hash TEXT NOT NULL,
      row_count \(integer) NOT NULL,
      mapped \(integer) NOT NULL,
      dropped \(integer) NOT NULL,
      doubled \(integer) NOT NULL,
      unknown \(integer) NOT NULL,
      CHECK ((completed_at IS NULL) = (file_hash IS NULL)),
      CHECK (row_count = mapped + dropped + doubled + unknown)
    )\(end);

    CREATE TABLE data_blocks (
      import_id \(integer) NOT NULL REFERENCES data_imports (id),
      number \(integer) NOT NULL CHECK (number >= 1),
      row_count \(integer) NOT NULL CHECK (row_count >= 1),
      first_day \(integer) NOT NULL,
      last_day \(integer) NOT NULL,
      content \(bytes) NOT NULL,
      PRIMARY KEY (import_id, number),
      CHECK (first_day <= last_day)
    )\(end);

    """
  }
}
