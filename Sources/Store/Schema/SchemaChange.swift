// Numbered schema changes, applied at start, each in its own transaction. A change is plain SQL in both dialects, free
// of the house's types, and never edited once shipped: later changes come in later files.

package struct SchemaChange: Sendable {
  package let number: Int64
  package let name: String
  private let text: @Sendable (Dialect) -> String
  package var sqlite: String { text(.sqlite) }
  package var postgres: String { text(.postgres) }

  /// The texts are made when they are applied: most runs of the program find everything applied.
  package init(
    number: Int64, name: String, sqlite: @autoclosure @escaping @Sendable () -> String,
    postgres: @autoclosure @escaping @Sendable () -> String
  ) {
    self.number = number
    self.name = name
    text = { $0 == .sqlite ? sqlite() : postgres() }
  }

  /// Every change, in order of number.
  package static let all: [SchemaChange] = [
    .change001Ledger, .change002Rates, .change003Reports, .change004Webhooks, .change005Succession, .change006Digest,
    .change007Workers, .change008Data, .change009Replacement, .change010Feeds, .change011FeedStarts,
    .change012PulledForms, .change013DroppedRows,
  ]

  /// Brings a database to the newest of the changes. Two processes may start at once: the second finds it done.
  /// - Throws: `newerSchema` when the database has a change that is not among them, `foreignSchema` when it has tables
  ///   and none of ours; nothing of ours stays in it then.
  package static func apply(
    _ changes: [SchemaChange] = all, through driver: any StoreDriver, at: Int64
  ) throws {
    try driver.withConnection { connection in
      let newest = changes.last?.number ?? 0
      if try applied(connection, place: driver.place, newest: newest) == newest { return }
      for change in changes {
        try connection.enterWrite()
        try connection.run(script: driver.statements.beginWrite)
        do {
          if try applied(connection, place: driver.place, newest: newest) < change.number {
            if change.number == 1, driver.dialect == .sqlite, try isForeign(connection) {
              try connection.run(script: "DROP TABLE schema_changes; COMMIT")
              throw StoreError(.foreignSchema, detail: "it has tables, and none of ours", place: driver.place)
            }
            try connection.run(script: driver.dialect == .sqlite ? change.sqlite : change.postgres)
            let insert = try connection.prepare(
              "INSERT INTO schema_changes (number, name, applied_at) VALUES ($1, $2, $3)")
            insert.bind(1, integer: change.number)
            insert.bind(2, text: change.name)
            insert.bind(3, integer: at)
            _ = try insert.step()
            insert.reset()
          }
          try connection.run(script: "COMMIT")
        } catch {
          try? connection.run(script: "ROLLBACK")
          throw error
        }
      }
    }
  }

  /// A file belongs to one program; a server's database may hold the tables of several. Asked while no change was
  /// applied, under the write lock: then every other table is somebody else's.
  private static func isForeign(_ connection: any StoreConnection) throws(StoreError) -> Bool {
    let query = try connection.prepare(
      "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name NOT IN ('schema_changes', 'sqlite_sequence')")
    defer { query.reset() }
    return try query.step() && query.integer(0) > 0
  }

  /// The number of the newest change that the database has; 0 for an empty one.
  private static func applied(
    _ connection: any StoreConnection, place: String, newest: Int64
  ) throws(StoreError) -> Int64 {
    let create = """
      CREATE TABLE IF NOT EXISTS schema_changes (
        number BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)
      """
    try connection.run(script: create)
    let query = try connection.prepare("SELECT COALESCE(MAX(number), 0) FROM schema_changes")
    defer { query.reset() }
    _ = try query.step()
    let found = query.integer(0)
    guard found <= newest else {
      throw StoreError(.newerSchema, detail: "schema \(found), this version knows \(newest)", place: place)
    }
    return found
  }
}
