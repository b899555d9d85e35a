// The unit of work over a driver: one transaction a call, rolled back on any error.

import Synchronization

package final class SQLStore: UnitOfWork {
  private let driver: any StoreDriver
  private let kept = Mutex<KeptMark?>(nil)

  private struct KeptMark {
    var stamp: StoreStamp
    var mark: FeedMark
  }

  /// Applies the schema changes that are missing.
  /// - Parameter at: milliseconds since 1970, written beside each change.
  package init(driver: any StoreDriver, at: Int64) throws {
    self.driver = driver
    try SchemaChange.apply(through: driver, at: at)
  }

  /// To look at a database as it is: no schema change is applied, and nothing is written unless the driver may.
  package init(asIs driver: any StoreDriver) { self.driver = driver }

  package func write<Value>(_ work: (any StoreSession) throws -> Value) throws -> Value {
    try driver.withConnection { connection in
      try connection.enterWrite()
      return try transaction(connection, begin: driver.statements.beginWrite, work)
    }
  }

  package func read<Value>(_ work: (any StoreSession) throws -> Value) throws -> Value {
    try driver.withConnection { try transaction($0, begin: driver.statements.beginRead, work) }
  }

  /// Does the work and takes everything back: what is written in it is seen in it, by nobody else and not afterwards.
  /// For verbs that only look and yet need what a server would write first. The write lock is held for as long.
  package func rehearse<Value>(_ work: (any UnitOfWork) throws -> Value) throws -> Value {
    try driver.withConnection { connection in
      try connection.enterWrite()
      try connection.execute(driver.statements.beginWrite)
      defer { try? connection.execute("ROLLBACK") }
      let session = SQLSession(connection: connection, statements: driver.statements, place: driver.place)
      return try work(Rehearsal(session: session))
    }
  }

  package func feedMark() throws -> FeedMark {
    // The stamp is from before the mark: a commit between the two is read once more the next time, never missed.
    guard let stamp = driver.stamp() else { return try read { try $0.feedMark() } }
    if let mark = mark(stamp) { return mark }
    let mark = try read { try $0.feedMark() }
    kept.withLock { $0 = KeptMark(stamp: stamp, mark: mark) }
    return mark
  }

  package func feedMarkAtHand() -> FeedMark? { driver.stamp().flatMap(mark) }

  private func mark(_ stamp: StoreStamp) -> FeedMark? {
    kept.withLock { kept in kept?.stamp == stamp ? kept?.mark : nil }
  }

  package func close() throws(StoreError) { try driver.close() }

  private func transaction<Value>(
    _ connection: any StoreConnection, begin: String, _ work: (any StoreSession) throws -> Value
  ) throws -> Value {
    try connection.execute(begin)
    do {
      let value = try work(SQLSession(connection: connection, statements: driver.statements, place: driver.place))
      try connection.execute("COMMIT")
      return value
    } catch {
      // A full disk or an I/O error may have rolled back already; then this fails, and the first error counts.
      try? connection.execute("ROLLBACK")
      throw error
    }
  }
}

/// Everything in one transaction that is never committed.
private final class Rehearsal: UnitOfWork {
  /// Used by the thread that lent the connection, which waits for the work, and not after it.
  private nonisolated(unsafe) let session: SQLSession

  init(session: SQLSession) { self.session = session }

  func write<Value>(_ work: (any StoreSession) throws -> Value) throws -> Value { try work(session) }
  func read<Value>(_ work: (any StoreSession) throws -> Value) throws -> Value { try work(session) }
}

extension StoreConnection {
  /// One statement without parameters or rows, prepared once.
  fileprivate func execute(_ sql: String) throws(StoreError) {
    let statement = try prepare(sql)
    defer { statement.reset() }
    _ = try statement.step()
  }
}
