// A rate as a value: tokens that flow in with time and are taken out one a message. The clock is an argument. A bucket
// holds one second's worth (at least one token), so that a pause never buys a burst. Where buckets are kept, and who
// shares them, is the store's affair.

package struct TokenBucket: Hashable, Sendable {
  /// Tokens a second, > 0.
  package let rate: Double
  package private(set) var tokens: Double
  package private(set) var filledAt: Moment

  /// A full one.
  package init(rate: Double, at now: Moment) {
    self.rate = rate
    tokens = max(1, rate)
    filledAt = now
  }

  /// One that was kept; the rate may have changed since.
  package init(rate: Double, tokens: Double, filledAt: Moment) {
    self.rate = rate
    self.tokens = min(max(1, rate), tokens)
    self.filledAt = filledAt
  }

  /// Takes up to `wanted` whole tokens; how many there were.
  package mutating func take(_ wanted: Int, at now: Moment) -> Int {
    refill(now)
    let taken = max(0, min(wanted, Int(tokens)))
    tokens -= Double(taken)
    return taken
  }

  package mutating func take(at now: Moment) -> Bool { take(1, at: now) == 1 }

  /// Tokens that were taken and not used.
  package mutating func giveBack(_ count: Int) { tokens = min(max(1, rate), tokens + Double(count)) }

  /// When a token will be there, not before `now`.
  package func next(after now: Moment) -> Moment {
    var copy = self
    copy.refill(now)
    if copy.tokens >= 1 { return now }
    return now + Moment.Span(milliseconds: Int64(((1 - copy.tokens) / rate * 1000).rounded(.up)))
  }

  private mutating func refill(_ now: Moment) {
    // A clock a little behind another's gives nothing and takes nothing; one that was set back starts anew, or the
    // bucket would stay shut until the old time comes again.
    if filledAt - now > .minutes(1) { filledAt = now }
    guard now > filledAt else { return }
    tokens = min(max(1, rate), tokens + Double((now - filledAt).milliseconds) / 1000 * rate)
    filledAt = now
  }
}
