// One sqlite3 handle and its statements. Used by one thread at a time: the driver sees to it.

import Foundation
import GRDBSQLite
import Store

final class SQLiteConnection: StoreConnection {
  private let handle: OpaquePointer
  private let place: String
  private var prepared: [String: SQLitePreparedSQL] = [:]

  init(handle: OpaquePointer, place: String) {
    self.handle = handle
    self.place = place
  }

  func prepare(_ sql: String) throws(StoreError) -> any PreparedSQL {
    if let known = prepared[sql] {
      known.reset()
      return known
    }
    var statement: OpaquePointer?
    let flags = UInt32(bitPattern: SQLITE_PREPARE_PERSISTENT)
    let result = sqlite3_prepare_v3(handle, sql, -1, flags, &statement, nil)
    guard result == SQLITE_OK, let statement else { throw error(result) }
    let made = SQLitePreparedSQL(statement: statement, connection: self)
    prepared[sql] = made
    return made
  }

  func run(script: String) throws(StoreError) {
    let result = sqlite3_exec(handle, script, nil, nil, nil)
    guard result == SQLITE_OK else { throw error(result) }
  }

  private var writes = 0
  /// A command commits less often; a worker more.
  private static let writesBeforeRoom = 16

  /// SQLite in WAL mode goes on writing into a file that was moved or deleted; nobody would find those rows again.
  func enterWrite() throws(StoreError) {
    var moved: CInt = 0
    let result = sqlite3_file_control(handle, "main", SQLITE_FCNTL_HAS_MOVED, &moved)
    if result == SQLITE_OK, moved != 0 {
      throw StoreError(.moved, detail: "the open file is no longer at its path", place: place)
    }
    writes += 1
    if writes == Self.writesBeforeRoom {
      try run(script: "BEGIN IMMEDIATE")
      LogRoom.make(handle)
      try run(script: "COMMIT")
    }
    if writes.isMultiple(of: BusyWait.writesInARow) { Thread.sleep(forTimeInterval: BusyWait.courtesy) }
  }

  func error(_ result: CInt) -> StoreError {
    let extended = sqlite3_extended_errcode(handle)
    let code = extended & 0xFF == result & 0xFF ? extended : result
    return StoreError(
      SQLiteDriver.code(code, hasRoom: SQLiteDriver.hasRoom(place)), detail: String(cString: sqlite3_errmsg(handle)),
      place: place)
  }

  var changes: Int { Int(sqlite3_changes(handle)) }

  func finalize() {
    for statement in prepared.values { statement.finalize() }
    prepared = [:]
  }
}

final class SQLitePreparedSQL: PreparedSQL {
  private let statement: OpaquePointer
  private unowned let connection: SQLiteConnection
  /// `$1` is a name to SQLite: its own number for each of ours, 0 where the statement has none.
  private let slots: [CInt]
  private(set) var affected = 0

  init(statement: OpaquePointer, connection: SQLiteConnection) {
    self.statement = statement
    self.connection = connection
    let count = Int(sqlite3_bind_parameter_count(statement))
    slots = [0] + (0..<count).map { sqlite3_bind_parameter_index(statement, "$\($0 + 1)") }
  }

  private func slot(_ index: Int) -> CInt { slots.indices.contains(index) ? slots[index] : 0 }

  func bind(_ index: Int, integer: Int64?) {
    if let integer {
      sqlite3_bind_int64(statement, slot(index), integer)
    } else {
      sqlite3_bind_null(statement, slot(index))
    }
  }

  func bind(_ index: Int, text: String?) {
    guard var text else {
      sqlite3_bind_null(statement, slot(index))
      return
    }
    // An empty buffer may have no address, and no address is NULL to SQLite.
    guard !text.isEmpty else {
      sqlite3_bind_text(statement, slot(index), "", 0, Self.copied)
      return
    }
    _ = text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { characters in
        sqlite3_bind_text(statement, slot(index), characters.baseAddress, CInt(characters.count), Self.copied)
      }
    }
  }

  func bind(_ index: Int, bytes: [UInt8]?) {
    guard let bytes else {
      sqlite3_bind_null(statement, slot(index))
      return
    }
    if bytes.isEmpty {
      sqlite3_bind_zeroblob(statement, slot(index), 0)
    } else {
      sqlite3_bind_blob64(statement, slot(index), bytes, UInt64(bytes.count), Self.copied)
    }
  }

  /// SQLITE_TRANSIENT: SQLite makes its own copy.
  private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  func step() throws(StoreError) -> Bool {
    switch sqlite3_step(statement) {
    case SQLITE_ROW: return true
    case SQLITE_DONE:
      affected = connection.changes
      return false
    case let result:
      let error = connection.error(result)
      sqlite3_reset(statement)
      throw error
    }
  }

  func reset() { sqlite3_reset(statement) }

  func integer(_ column: Int) -> Int64 { sqlite3_column_int64(statement, CInt(column)) }
  func optionalInteger(_ column: Int) -> Int64? {
    sqlite3_column_type(statement, CInt(column)) == SQLITE_NULL ? nil : integer(column)
  }
  func text(_ column: Int) -> String { optionalText(column) ?? "" }
  func optionalText(_ column: Int) -> String? {
    guard let start = sqlite3_column_text(statement, CInt(column)) else { return nil }
    let count = Int(sqlite3_column_bytes(statement, CInt(column)))
    return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  }
  func bytes(_ column: Int) -> [UInt8] {
    guard let start = sqlite3_column_blob(statement, CInt(column)) else { return [] }
    let count = Int(sqlite3_column_bytes(statement, CInt(column)))
    return Array(UnsafeRawBufferPointer(start: start, count: count))
  }

  func finalize() { sqlite3_finalize(statement) }
}
