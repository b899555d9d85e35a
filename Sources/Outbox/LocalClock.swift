// A zone's calendar as an argument: the outbox imports none. What days and hours mean on the clocks of a center, with
// the two days of the year that are not 24 hours long, is said by whoever implements this.

package protocol LocalClock: Sendable {
  /// The number of the day that clocks show (counting by one; where it begins does not matter).
  func day(of moment: Moment) -> Int64
  /// The first moment of which clocks show this second of that day, or, when they skip it, a later one.
  func first(day: Int64, second: Int) -> Moment
}

/// A time of day in minutes: `07:00`.
package struct DailyTime: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// 0 to 1439.
  package let minute: Int

  /// `07:00`, exactly; `24:00` is no time of a day.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 5, bytes[2] == 0x3A, let hour = Self.number(bytes[0...1]), hour < 24,
      let minute = Self.number(bytes[3...4]), minute < 60
    else { return nil }
    self.minute = hour * 60 + minute
  }

  /// When digests go where the site says nothing: before the day shift reads its mail.
  package static let sevenInTheMorning = DailyTime(minute: 7 * 60)
  private init(minute: Int) { self.minute = minute }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    guard digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }

  package static func < (a: DailyTime, b: DailyTime) -> Bool { a.minute < b.minute }

  package var description: String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
    return "\(two(minute / 60)):\(two(minute % 60))"
  }

  /// When it comes on a day, once a day: the first time where clocks show it twice, right after the gap where never.
  package func moment(onDay day: Int64, _ clock: some LocalClock) -> Moment {
    clock.first(day: day, second: minute * 60)
  }

  /// The next one that is not before `moment`.
  package func next(from moment: Moment, _ clock: some LocalClock) -> Moment {
    let today = clock.day(of: moment)
    for day in today - 1...today + 1 {
      let time = self.moment(onDay: day, clock)
      if time >= moment { return time }
    }
    return self.moment(onDay: today + 2, clock)
  }
}
