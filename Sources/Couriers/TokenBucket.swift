// Rates as values: a bucket per relay and destination domain. The clock is an argument. A bucket holds one second's
// worth (at least one token), so that a pause never buys a burst.

package import Outbox

package struct TokenBucket: Hashable, Sendable {
  package let rate: Double
  private var tokens: Double
  private var filledAt: Moment

  /// - Parameter rate: tokens a second, > 0.
  package init(rate: Double, at now: Moment) {
    self.rate = rate
    tokens = max(1, rate)
    filledAt = now
  }

  package mutating func take(at now: Moment) -> Bool {
    refill(now)
    guard tokens >= 1 else { return false }
    tokens -= 1
    return true
  }

  /// When a token will be there, not before `now`.
  package func next(after now: Moment) -> Moment {
    var copy = self
    copy.refill(now)
    if copy.tokens >= 1 { return now }
    return now + Moment.Span(milliseconds: Int64(((1 - copy.tokens) / rate * 1000).rounded(.up)))
  }

  private mutating func refill(_ now: Moment) {
    // A clock that steps back gives nothing and takes nothing.
    guard now > filledAt else { return }
    tokens = min(max(1, rate), tokens + Double((now - filledAt).milliseconds) / 1000 * rate)
    filledAt = now
  }
}

/// The buckets of one worker: a domain's rate at one relay.
package struct RateLimits: Sendable {
  private struct Key: Hashable {
    let relay: Int
    let domain: String
  }
  private let rates: [Double?]
  private var buckets: [Key: TokenBucket] = [:]

  package init(_ relays: [Relay]) { rates = relays.map(\.perDomainRate) }

  /// Takes a token, or says when to ask again.
  package mutating func take(relay: Int, domain: String, at now: Moment) -> Moment? {
    guard rates.indices.contains(relay), let rate = rates[relay] else { return nil }
    let key = Key(relay: relay, domain: domain)
    var bucket = buckets[key] ?? TokenBucket(rate: rate, at: now)
    let taken = bucket.take(at: now)
    buckets[key] = bucket
    return taken ? nil : bucket.next(after: now)
  }
}
