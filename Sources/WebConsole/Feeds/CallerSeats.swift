// So many answers may be under way for one caller: from the moment it is known who calls until the last byte is with
// the system.

import Synchronization

final class CallerSeats: Sendable {
  /// Given back when nobody holds it any more.
  final class Seat: Sendable {
    private let seats: CallerSeats
    private let caller: String
    fileprivate init(_ seats: CallerSeats, _ caller: String) {
      self.seats = seats
      self.caller = caller
    }
    deinit { seats.giveBack(caller) }
  }

  private let limit: Int
  private let taken = Mutex<[String: Int]>([:])

  init(limit: Int) { self.limit = limit }

  /// nil when all of the caller's are taken.
  func take(_ caller: String) -> Seat? {
    let isFree = taken.withLock { taken in
      let count = taken[caller, default: 0]
      guard count < limit else { return false }
      taken[caller] = count + 1
      return true
    }
    return isFree ? Seat(self, caller) : nil
  }

  private func giveBack(_ caller: String) {
    taken.withLock { taken in
      guard let count = taken[caller] else { return }
      // Kept at zero: the partners of a site are few, and the next request needs the entry again.
      taken[caller] = count - 1
    }
  }
}
