// When to try again (delivery.md, Failures). The random number and the time are arguments.
//
// 1, 5, 15, 30 min, 1, 2, 4, 8 h, then every 8 h until the lifetime ends; the immediate lane has 15, 30, 60 s first.

package enum RetrySchedule {
  private static let steps: [Moment.Span] = [
    .minutes(1), .minutes(5), .minutes(15), .minutes(30), .hours(1), .hours(2), .hours(4), .hours(8),
  ]
  private static let immediateSteps: [Moment.Span] = [.seconds(15), .seconds(30), .seconds(60)]
  /// What must be left of the lifetime for another try.
  package static let lastStretch: Moment.Span = .minutes(1)
  /// A relay that names a longer delay is tried after this one: it cannot hold a bulletin for days.
  package static let longestNamedDelay: Moment.Span = .hours(8)

  /// The delay after the given number of failed attempts (1 is the first), without jitter.
  package static func delay(afterAttempts attempts: Int, lane: Lane) -> Moment.Span {
    let all = lane == .immediate ? immediateSteps + steps : steps
    return all[min(max(attempts, 1), all.count) - 1]
  }

  /// The next try, or nil when the lifetime leaves no room for one (the row expires).
  /// - Parameters:
  ///   - named: the delay that the reply text names; it replaces the step when longer than nothing, and jitter only
  ///     adds to it.
  ///   - random: in 0..<1; gives plus or minus 20%.
  ///   - lifetimeEnd: exclusive. A step beyond it becomes a last try one minute before the end.
  package static func next(
    afterAttempts attempts: Int, lane: Lane, named: Moment.Span? = nil, now: Moment, lifetimeEnd: Moment,
    random: Double
  ) -> Moment? {
    let last = lifetimeEnd - lastStretch
    guard now < last else { return nil }
    let spread = min(max(random, 0), 1)
    let wait: Double
    if let named, named > .zero {
      wait = Double(min(named, longestNamedDelay).milliseconds) * (1 + 0.2 * spread)
    } else {
      wait = Double(delay(afterAttempts: attempts, lane: lane).milliseconds) * (0.8 + 0.4 * spread)
    }
    return min(now + Moment.Span(milliseconds: Int64(wait)), last)
  }
}
