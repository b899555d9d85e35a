// SQLite through GRDB, which opens the file, sets WAL and lends the connection to one thread at a time; statements go
// straight to the sqlite3 handle, because a ledger row must cost microseconds.
//
// Promises: WAL, synchronous FULL (a commit that returned survives a power cut), foreign keys, a busy time-out.

import Foundation
import GRDB
import GRDBSQLite
package import Store
import Synchronization

package final class SQLiteDriver: StoreDriver {
  package struct Settings: Hashable, Sendable {
    /// How long a write waits for another process.
    package var busySeconds: Double
    package var readOnly: Bool
    /// Pages of 4 KiB that the file may have; nil is no limit. For tests of a full disk.
    package var maximumPages: Int?
    package init(busySeconds: Double = 30, readOnly: Bool = false, maximumPages: Int? = nil) {
      self.busySeconds = busySeconds
      self.readOnly = readOnly
      self.maximumPages = maximumPages
    }
  }

  package let dialect = Dialect.sqlite
  package let statements = DriverStatements.sqlite
  package let place: String
  private let queue: DatabaseQueue
  /// Touched only on the queue.
  private nonisolated(unsafe) var connection: SQLiteConnection?
  private let logHead = LogHead()

  /// Opens the file, or makes it; its folder must exist.
  package init(path: String, settings: Settings = Settings()) throws(StoreError) {
    place = path
    var configuration = GRDB.Configuration()
    configuration.readonly = settings.readOnly
    configuration.foreignKeysEnabled = true
    configuration.journalMode = settings.readOnly ? .default : .wal
    configuration.label = "revere.store"
    var pragmas = [
      "PRAGMA synchronous = FULL", "PRAGMA cache_size = -32768",
      // A checkpoint costs a sync of the file as well; the log does not stay larger than the limit.
      "PRAGMA wal_autocheckpoint = \(LogRoom.frames)", "PRAGMA journal_size_limit = 67108864",
    ]
    if let pages = settings.maximumPages { pragmas.append("PRAGMA max_page_count = \(pages)") }
    // It will hold readers' addresses; SQLite gives its log the same permissions.
    if !settings.readOnly {
      let made = open(path, O_CREAT | O_EXCL | O_RDWR, 0o600)
      if made >= 0 { Foundation.close(made) }
    }
    do {
      queue = try Self.opened(path, configuration, wait: BusyWait(seconds: settings.busySeconds))
      // After GRDB has set up the connection: it makes synchronous NORMAL when it turns WAL on.
      let synchronous = try queue.inDatabase { database in
        for pragma in pragmas { try database.execute(sql: pragma) }
        return try Int.fetchOne(database, sql: "PRAGMA synchronous")
      }
      guard synchronous == 2 else { throw StoreError(.other, detail: "synchronous is not FULL", place: path) }
    } catch let error as StoreError {
      throw error
    } catch let error as DatabaseError {
      throw StoreError(
        Self.code(error.extendedResultCode.rawValue, hasRoom: Self.hasRoom(path)),
        detail: error.message ?? error.description, place: path)
    } catch {
      throw StoreError(.cannotOpen, detail: "\(error)", place: path)
    }
  }

  /// Turning WAL on asks for the file alone, and SQLite answers "locked" at once when several processes open a new file
  /// together, whatever the busy time-out says: then it is tried again.
  /// What SQLite itself waits counts towards the same time: whoever holds the lock for good is told of after one wait.
  private static func opened(
    _ path: String, _ configuration: GRDB.Configuration, wait: BusyWait
  ) throws -> DatabaseQueue {
    let opening = Opening()
    var configuration = configuration
    configuration.busyMode = .callback { tries in
      wait.goOn(opening.isOver.load(ordering: .relaxed) ? tries : opening.next())
    }
    while true {
      do {
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        opening.isOver.store(true, ordering: .relaxed)
        return queue
      } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
        guard wait.goOn(opening.next()) else { throw error }
      }
    }
  }

  /// How often was waited while a file is opened; afterwards each statement waits its own time.
  private final class Opening: Sendable {
    let isOver = Atomic<Bool>(false)
    private let waits = Atomic<Int>(0)
    func next() -> Int { waits.wrappingAdd(1, ordering: .relaxed).oldValue }
  }

  deinit { try? close() }

  package func withConnection<Value>(_ work: (any StoreConnection) throws -> Value) throws -> Value {
    try queue.inDatabase { database in
      if let connection { return try work(connection) }
      guard let handle = database.sqliteConnection else {
        throw StoreError(.cannotOpen, detail: "closed", place: place)
      }
      let opened = SQLiteConnection(handle: handle, place: place)
      connection = opened
      logHead.attach(handle)
      return try work(opened)
    }
  }

  package func stamp() -> StoreStamp? { logHead.stamp }

  package func close() throws(StoreError) {
    queue.inDatabase { _ in
      logHead.detach()
      connection?.finalize()
      connection = nil
    }
    do { try queue.close() } catch {
      throw StoreError(.other, detail: "\(error)", place: place)
    }
  }

  /// The log's index beside a database takes 32 KiB when it is opened; SQLite does not tell a full disk from a broken one
  /// where it cannot be made longer.
  static func hasRoom(_ path: String) -> Bool {
    var facts = statvfs()
    guard statvfs(path, &facts) == 0 else { return true }
    return UInt64(facts.f_bavail) * UInt64(facts.f_frsize) >= 65_536
  }

  /// A result code of SQLite as a fact.
  /// - Parameter hasRoom: of the disk; asked where a write failed.
  package static func code(_ result: CInt, hasRoom: @autoclosure () -> Bool) -> StoreError.Code {
    if result == SQLITE_READONLY | (4 << 8) { return .moved }  // SQLITE_READONLY_DBMOVED
    // SQLITE_IOERR_WRITE, SQLITE_IOERR_SHMSIZE
    if result == SQLITE_IOERR | (3 << 8) || result == SQLITE_IOERR | (19 << 8), !hasRoom() { return .full }
    return switch result & 0xFF {
    case SQLITE_BUSY, SQLITE_LOCKED: .locked
    case SQLITE_FULL: .full
    case SQLITE_CORRUPT: .corrupt
    case SQLITE_NOTADB: .notADatabase
    case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH: .readOnly
    case SQLITE_CANTOPEN: .cannotOpen
    case SQLITE_IOERR: .io
    case SQLITE_CONSTRAINT: .constraint
    default: .other
    }
  }
}
