// Hours in which routine mail waits (site-files.md, delivery: quiet-hours). Pure: calendar and time are arguments.
//
// The hours of one night are one stretch of time, from the first moment of its beginning to the first moment of its
// end: clocks that are set back in between end it once, clocks that are set forward never lengthen it.

package struct QuietHours: Hashable, Sendable, CustomStringConvertible {
  package let from: DailyTime
  /// Exclusive; at or before `from` means the next day.
  package let to: DailyTime

  package enum Problem: Error, Hashable, Sendable {
    /// Not of the form `22:00-06:00`.
    case malformed
    /// Begin and end are the same: nothing would ever be sent.
    case wholeDay
  }

  package init(_ text: String) throws(Problem) {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    guard ends.count == 2, let from = DailyTime(ends[0]), let to = DailyTime(ends[1]) else { throw .malformed }
    guard from != to else { throw .wholeDay }
    self.from = from
    self.to = to
  }

  package var description: String { "\(from)-\(to)" }

  /// The stretch that begins on a day; empty where the clocks skip all of it.
  package func stretch(beginning day: Int64, _ clock: some LocalClock) -> Range<Moment> {
    let start = from.moment(onDay: day, clock)
    let end = to.moment(onDay: to > from ? day : day + 1, clock)
    return start..<max(start, end)
  }

  /// When the quiet hours that `moment` lies in end; nil when it lies in none.
  package func end(at moment: Moment, _ clock: some LocalClock) -> Moment? {
    let today = clock.day(of: moment)
    // The day before yesterday's too: clocks that are set back at midnight show a day twice.
    return (today - 2...today + 1).map { stretch(beginning: $0, clock) }.filter { $0.contains(moment) }.map(
      \.upperBound
    )
    .max()
  }

  /// Whether the lane waits in quiet hours at all.
  package static func concern(_ lane: Lane) -> Bool { lane == .routine }
}
