// The head of SQLite's write-ahead log, as every process that has the database open shares it in memory: 48 bytes with a
// counter of commits, the log's length and its checksums (https://www.sqlite.org/walformat.html, section 2.1). SQLite
// itself compares these bytes to see whether it must look at the log again; so do we, without a statement, a lock of the
// file or the connection's queue: 50 nanoseconds, where `PRAGMA data_version` takes four microseconds and waits behind
// whatever the connection is doing.

import GRDBSQLite
import Store
import Synchronization

final class LogHead: Sendable {
  /// The map belongs to the connection and stays where it is until that is closed; closing waits for the lock.
  private let start = Mutex<UInt?>(nil)
  private static let regionSize: CInt = 32_768
  private static let size = 48

  /// Called on the connection's queue. Where the database has no log in shared memory (a copy that is only looked at),
  /// there is no stamp either.
  func attach(_ handle: OpaquePointer) {
    start.withLock { $0 = Self.region(of: handle) }
  }

  func detach() { start.withLock { $0 = nil } }

  /// nil: ask the database.
  var stamp: StoreStamp? {
    start.withLock { start in
      guard let start, let head = UnsafeRawPointer(bitPattern: start) else { return nil }
      var stamp = StoreStamp()
      for word in 0..<Self.size / 8 { stamp[word] = head.load(fromByteOffset: word * 8, as: UInt64.self) }
      return stamp
    }
  }

  /// The first region of the index of the log, which SQLite has mapped since its first read.
  private static func region(of handle: OpaquePointer) -> UInt? {
    var mode: OpaquePointer?
    defer { sqlite3_finalize(mode) }
    guard sqlite3_prepare_v2(handle, "PRAGMA journal_mode", -1, &mode, nil) == SQLITE_OK,
      sqlite3_step(mode) == SQLITE_ROW, let text = sqlite3_column_text(mode, 0), String(cString: text) == "wal",
      sqlite3_exec(handle, "SELECT 1 FROM sqlite_schema", nil, nil, nil) == SQLITE_OK
    else { return nil }
    var found: UnsafeMutablePointer<sqlite3_file>?
    guard sqlite3_file_control(handle, "main", SQLITE_FCNTL_FILE_POINTER, &found) == SQLITE_OK, let file = found,
      let methods = file.pointee.pMethods, methods.pointee.iVersion >= 2, let map = methods.pointee.xShmMap
    else { return nil }
    var region: UnsafeMutableRawPointer?
    // 0: what is not there is not made.
    guard map(file, 0, regionSize, 0, &region) == SQLITE_OK, let region else { return nil }
    return UInt(bitPattern: region)
  }
}
