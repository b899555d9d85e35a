// Room in the write-ahead log before it is needed. A commit that makes the file longer waits for the file system's own
// books as well as for its bytes: twice to three times as long as one that writes over what is there. So a connection
// that commits again and again first fills the log with zeros up to where a checkpoint starts it anew.
//
// Zeros are no frames: SQLite reads a log up to the first frame whose checksum does not fit, and writes over the rest.
// Done through SQLite's own file, inside a write transaction, so that nobody else appends meanwhile. Should it fail,
// commits are slower and nothing else.

import GRDBSQLite

enum LogRoom {
  /// Frames after which a checkpoint begins (`PRAGMA wal_autocheckpoint`).
  static let frames = 1_000
  /// A few more for the transaction that goes beyond it; a frame is a page and its head.
  private static let bytes: Int64 = 32 + (Int64(frames) + 100) * (4_096 + 24)
  private static let chunk = 32 * 1_024

  /// To be called with the write lock held.
  static func make(_ handle: OpaquePointer) {
    var file: UnsafeMutablePointer<sqlite3_file>?
    guard sqlite3_file_control(handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file) == SQLITE_OK, let file,
      let methods = file.pointee.pMethods?.pointee, let size = methods.xFileSize, let write = methods.xWrite
    else { return }
    var end: Int64 = 0
    guard size(file, &end) == SQLITE_OK, end > 0 else { return }
    let zeros = [UInt8](repeating: 0, count: chunk)
    while end < bytes {
      let count = min(Int64(chunk), bytes - end)
      let result = zeros.withUnsafeBytes { write(file, $0.baseAddress, CInt(count), end) }
      guard result == SQLITE_OK else { return }
      end += count
    }
  }
}
