// So many answers may be under way for one caller: from the moment it is known who calls until the last byte is with
// the system.

import Synchronization

final class CallerSeats: Sendable {
  /// Those of one caller.
  final class Row: Sendable {
    let caller: String
    private let limit: Int
    private let taken = Atomic<Int>(0)

    fileprivate init(_ caller: String, limit: Int) {
      self.caller = caller
      self.limit = limit
    }

    /// nil when all are taken.
    func take() -> Seat? {
      guard taken.add(1, ordering: .relaxed).newValue <= limit else {
        giveBack()
        return nil
      }
      return Seat(self)
    }

    fileprivate func giveBack() { taken.subtract(1, ordering: .relaxed) }
  }

  /// Given back when nobody holds it any more.
  final class Seat: Sendable {
    let row: Row
    fileprivate init(_ row: Row) { self.row = row }
    deinit { row.giveBack() }
  }

  private let limit: Int
  /// They stay: the partners of a site are few.
  private let rows = Mutex<[String: Row]>([:])

  init(limit: Int) { self.limit = limit }

  func row(of caller: String) -> Row {
    rows.withLock { rows in
      if let known = rows[caller] { return known }
      let row = Row(caller, limit: limit)
      rows[caller] = row
      return row
    }
  }
}
