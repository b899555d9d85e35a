// A copy of the database while others work on it (SQLite's online backup through GRDB): one file that stands alone,
// holds the state between two transactions, has passed `PRAGMA integrity_check`, and is on the disk when this returns.

import Foundation
import GRDB
import GRDBSQLite
package import Store

package enum SQLiteBackup {
  /// Copies in one step: the source is read in one transaction, so that writers go on and change nothing of the copy.
  /// - Throws: `exists` when there is something at `target` already; what reading and writing the files give.
  package static func copy(_ path: String, to target: String) throws(StoreError) {
    let partial = target + ".part"
    guard !FileManager.default.fileExists(atPath: target) else {
      throw StoreError(.exists, place: target)
    }
    do {
      // Ours alone from the first byte: it will hold every reader's address.
      let descriptor = open(partial, O_CREAT | O_EXCL | O_WRONLY, 0o600)
      guard descriptor >= 0 else {
        throw StoreError(.cannotOpen, detail: String(cString: strerror(errno)), place: partial)
      }
      close(descriptor)
      do {
        try copyInto(partial, from: path)
        try sync(partial)
        try name(partial, target)
        try syncFolder(of: target)
      } catch {
        for ending in ["", "-wal", "-shm", "-journal"] { unlink(partial + ending) }
        throw error
      }
    } catch { throw storeError(error, place: path) }
  }

  /// Gives the file its name, not over what came there meanwhile.
  private static func name(_ partial: String, _ target: String) throws(StoreError) {
    if link(partial, target) == 0 {
      unlink(partial)
      return
    }
    // Some file systems have no links.
    let canLink = errno != EPERM && errno != ENOTSUP && errno != ENOSYS
    guard !canLink, !FileManager.default.fileExists(atPath: target), rename(partial, target) == 0
    else { throw StoreError(.cannotOpen, detail: String(cString: strerror(errno)), place: target) }
  }

  private static func copyInto(_ partial: String, from path: String) throws {
    guard FileManager.default.fileExists(atPath: path) else {
      throw StoreError(.cannotOpen, detail: "there is no such file", place: path)
    }
    var reading = GRDB.Configuration()
    reading.readonly = true
    reading.busyMode = .timeout(30)
    let source = try DatabaseQueue(path: path, configuration: reading)
    let copy = try DatabaseQueue(path: partial)
    try source.backup(to: copy)
    try copy.inDatabase { database in
      // One file: the copy took over that the source keeps a log beside it.
      try database.execute(sql: "PRAGMA journal_mode = DELETE")
      try check(database, place: partial)
    }
    try copy.close()
    try source.close()
  }

  /// - Throws: `corrupt` with what SQLite says.
  static func check(_ database: Database, place: String) throws {
    let found = try String.fetchAll(database, sql: "PRAGMA integrity_check(5)")
    guard found == ["ok"] else {
      throw StoreError(.corrupt, detail: found.joined(separator: "; "), place: place)
    }
    let dangling = try GRDB.Row.fetchOne(database, sql: "PRAGMA foreign_key_check")
    if let dangling {
      throw StoreError(.corrupt, detail: "a row of \(dangling[0] as String? ?? "?") refers to nothing", place: place)
    }
  }

  /// The whole file is read. For a copy that nobody works on, or the live one between two of its transactions.
  package static func verify(_ path: String) throws(StoreError) {
    do {
      var reading = GRDB.Configuration()
      reading.readonly = true
      let queue = try DatabaseQueue(path: path, configuration: reading)
      try queue.inDatabase { try check($0, place: path) }
      try queue.close()
    } catch { throw storeError(error, place: path) }
  }

  static func sync(_ path: String) throws(StoreError) {
    let descriptor = open(path, O_RDONLY)
    defer { if descriptor >= 0 { close(descriptor) } }
    guard descriptor >= 0, fsync(descriptor) == 0 else {
      throw StoreError(.io, detail: String(cString: strerror(errno)), place: path)
    }
  }

  static func syncFolder(of path: String) throws(StoreError) {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    try sync(folder.isEmpty ? "." : folder)
  }

  static func storeError(_ error: any Error, place: String) -> StoreError {
    switch error {
    case let error as StoreError: error
    case let error as DatabaseError:
      StoreError(
        SQLiteDriver.code(error.extendedResultCode.rawValue, hasRoom: SQLiteDriver.hasRoom(place)),
        detail: error.message ?? error.description, place: place)
    default: StoreError(.other, detail: "\(error)", place: place)
    }
  }
}
