// A session is the ports over one connection, inside a transaction. Here: how statements are run and rows are read.
// The SQL stands beside the operations that use it, in the other files of this folder.

import Outbox

final class SQLSession {
  let connection: any StoreConnection
  let statements: DriverStatements
  let place: String
  /// What claimed rows need of their releases; a release's terms never change.
  var terms: [Int64: ReleaseTerms] = [:]

  struct ReleaseTerms {
    var lifetimeEnd: Moment
    var onUncertain: OnUncertain
    var lane: Lane
    var startsAt: Moment
  }

  init(connection: any StoreConnection, statements: DriverStatements, place: String) {
    self.connection = connection
    self.statements = statements
    self.place = place
  }

  /// Runs a statement that gives no rows; how many it changed.
  @discardableResult
  func run(_ sql: String, _ values: SQLValue...) throws(StoreError) -> Int {
    let statement = try bound(sql, values)
    defer { statement.reset() }
    while try statement.step() {}
    return statement.affected
  }

  /// The first column of the first row: `RETURNING id`, a count.
  func number(_ sql: String, _ values: SQLValue...) throws(StoreError) -> Int64? {
    let statement = try bound(sql, values)
    defer { statement.reset() }
    guard try statement.step() else { return nil }
    let number = statement.optionalInteger(0)
    while try statement.step() {}
    return number
  }

  func first<Value>(
    _ sql: String, _ values: SQLValue..., read: (any PreparedSQL) throws(StoreError) -> Value
  ) throws(StoreError) -> Value? {
    let statement = try bound(sql, values)
    defer { statement.reset() }
    return try statement.step() ? try read(statement) : nil
  }

  func all<Value>(
    _ sql: String, _ values: SQLValue..., read: (any PreparedSQL) throws(StoreError) -> Value
  ) throws(StoreError) -> [Value] {
    let statement = try bound(sql, values)
    defer { statement.reset() }
    var rows: [Value] = []
    while try statement.step() { rows.append(try read(statement)) }
    return rows
  }

  func bound(_ sql: String, _ values: [SQLValue]) throws(StoreError) -> any PreparedSQL {
    let statement = try connection.prepare(sql)
    for (index, value) in values.enumerated() {
      switch value {
      case .integer(let number): statement.bind(index + 1, integer: number)
      case .text(let text): statement.bind(index + 1, text: text)
      case .bytes(let bytes): statement.bind(index + 1, bytes: bytes)
      }
    }
    return statement
  }

  /// A word of a CHECK constraint as the enum that mirrors it; anything else means a damaged file.
  func word<Word: RawRepresentable<String>>(_ text: String, as: Word.Type) throws(StoreError) -> Word {
    guard let word = Word(rawValue: text) else {
      throw StoreError(.corrupt, detail: "unknown \(Word.self): \(text)", place: place)
    }
    return word
  }
}

extension SQLValue {
  static func moment(_ moment: Moment?) -> SQLValue { .integer(moment?.milliseconds) }
  static func integer(_ value: Int?) -> SQLValue { .integer(value.map(Int64.init)) }
  /// Lists of slugs, codes and reasons; none of them holds a line break.
  static func lines(_ lines: [String]) -> SQLValue { .text(lines.joined(separator: "\n")) }
}

extension PreparedSQL {
  func count(_ column: Int) -> Int { Int(clamping: integer(column)) }
  func optionalCount(_ column: Int) -> Int? { optionalInteger(column).map(Int.init(clamping:)) }
  func moment(_ column: Int) -> Moment { Moment(milliseconds: integer(column)) }
  func optionalMoment(_ column: Int) -> Moment? { optionalInteger(column).map(Moment.init(milliseconds:)) }
  func flag(_ column: Int) -> Bool { integer(column) != 0 }
  func lines(_ column: Int) -> [String] { text(column).split(separator: "\n").map(String.init) }
}
