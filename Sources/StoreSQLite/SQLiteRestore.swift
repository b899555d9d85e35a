// Puts a copy of the database in the place of the one that is there, in one step, never over one that somebody has
// open. What was there is set aside under another name with its log, not deleted: it may be the better one. At no moment
// is there none: whoever found none would found an empty one, and give numbers a second time.

import Foundation
import GRDB
import GRDBSQLite
package import Store

package enum SQLiteRestore {
  private static let companions = ["", "-wal", "-shm", "-journal"]

  /// The process that has the file open, by the locks that SQLite keeps on it as long as it is open; 0 is a process
  /// of another namespace.
  package static func holder(of path: String) -> Int32? {
    let descriptor = open(path, O_RDWR)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    // From the pending byte to the end of the shared range (SQLite's os_unix.c).
    var lock = flock(
      l_type: Int16(F_WRLCK), l_whence: Int16(SEEK_SET), l_start: 0x4000_0000, l_len: 512, l_pid: 0)
    guard fcntl(descriptor, F_GETLK, &lock) == 0, lock.l_type != Int16(F_UNLCK) else { return nil }
    return lock.l_pid
  }

  /// Copies `copy` beside `path`, for `place` to move it there; the copy itself stays as it is.
  /// - Returns: the path of what was made.
  package static func prepare(_ copy: String, for path: String) throws(StoreError) -> String {
    let prepared = path + ".restoring"
    for ending in companions + [".part"] { unlink(prepared + ending) }
    try SQLiteBackup.copy(copy, to: prepared)
    return prepared
  }

  /// Nobody may have opened the prepared file meanwhile but the caller, who has closed it.
  /// - Parameter aside: what is put behind the name of the file that was there, and a number where that is taken.
  /// - Returns: the path at which that one is now; nil when there was none.
  /// - Throws: `locked` when somebody has it open.
  package static func place(_ prepared: String, at path: String, aside: String) throws(StoreError) -> String? {
    do {
      try foldLog(of: prepared, mustWork: true)
      try SQLiteBackup.sync(prepared)
      var old: String?
      if companions.contains(where: { FileManager.default.fileExists(atPath: path + $0) }) {
        if let process = holder(of: path) { throw inUse(process, path) }
        try foldLog(of: path, mustWork: false)
        let name = try freeName(path + aside)
        // A second name for the file; what is put in its place takes the first.
        if FileManager.default.fileExists(atPath: path), link(path, name) != 0 { throw failed(path) }
        for ending in companions.dropFirst() where FileManager.default.fileExists(atPath: path + ending) {
          guard rename(path + ending, name + ending) == 0 else { throw failed(path + ending) }
        }
        try SQLiteBackup.syncFolder(of: path)
        old = name
      }
      guard rename(prepared, path) == 0 else { throw failed(path) }
      try SQLiteBackup.syncFolder(of: path)
      return old
    } catch { throw SQLiteBackup.storeError(error, place: path) }
  }

  private static func failed(_ place: String) -> StoreError {
    StoreError(.io, detail: String(cString: strerror(errno)), place: place)
  }

  /// Two restores in one second have the same name for what they set aside.
  private static func freeName(_ wanted: String) throws -> String {
    for number in 1...1_000 {
      let name = number == 1 ? wanted : "\(wanted)-\(number)"
      if !companions.contains(where: { FileManager.default.fileExists(atPath: name + $0) }) { return name }
    }
    throw StoreError(.io, detail: "there are too many files of this name already", place: wanted)
  }

  package static func inUse(_ process: Int32, _ path: String) -> StoreError {
    StoreError(
      .locked, detail: process > 0 ? "process \(process) has it open" : "another process has it open", place: path)
  }

  /// Writes the log into the file and takes it away; needs the file alone, which is what it also asks.
  /// - Parameter mustWork: false where a damaged file is to be set aside as it is.
  private static func foldLog(of path: String, mustWork: Bool) throws {
    guard FileManager.default.fileExists(atPath: path) else { return }
    do {
      var configuration = GRDB.Configuration()
      configuration.busyMode = .timeout(1)
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      try queue.inDatabase { database in
        let mode = try String.fetchOne(database, sql: "PRAGMA journal_mode = DELETE")
        if mode?.lowercased() != "delete" { throw StoreError(.locked, detail: "it is in use", place: path) }
      }
      try queue.close()
    } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
      throw StoreError(.locked, detail: "it is in use", place: path)
    } catch let error as StoreError where error.code == .locked {
      throw error
    } catch {
      if mustWork { throw error }
    }
  }
}
