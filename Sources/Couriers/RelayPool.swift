// Which relay a message may go by: the first in the settings' order that is up and whose class is at least what was
// decided. A relay that fails rests behind a circuit breaker; failover never goes below the decided class. Values:
// time is an argument.

package import Outbox

/// Closed while it works; open (resting) after failures in a row; then one try decides.
package struct CircuitBreaker: Hashable, Sendable {
  package static let threshold = 3
  package static let firstRest: Moment.Span = .seconds(5)
  package static let longestRest: Moment.Span = .minutes(5)

  private var failures = 0
  private var rest = Self.firstRest
  private(set) var restsUntil: Moment?
  /// After a failure below the threshold, the next try waits a moment.
  private(set) var retryAt: Moment?

  package init() {}

  package func isOpen(at now: Moment) -> Bool { restsUntil.map { now < $0 } ?? false }

  package mutating func succeeded() { self = CircuitBreaker() }

  /// - Parameter lasting: nothing will change by trying soon (password refused, certificate not trusted).
  /// - Parameter working: other sessions of the relay work, so that it is up but takes no more of them.
  package mutating func failed(at now: Moment, lasting: Bool, working: Bool = false) {
    if working {
      retryAt = now + Self.firstRest
      return
    }
    failures += 1
    guard lasting || failures >= Self.threshold else {
      retryAt = now + Moment.Span(milliseconds: failures == 1 ? 200 : 1000)
      return
    }
    restsUntil = now + rest
    retryAt = restsUntil
    rest = min(Moment.Span(milliseconds: rest.milliseconds * 2), Self.longestRest)
    // After the rest one failure is enough to rest again.
    failures = Self.threshold - 1
  }
}

package struct RelayPool: Sendable {
  package let relays: [Relay]
  private var breakers: [CircuitBreaker]
  /// Relays that a person has paused, by name.
  package var paused: Set<String> = []

  package init(_ relays: [Relay]) {
    self.relays = relays
    breakers = relays.map { _ in CircuitBreaker() }
  }

  /// The index of the relay for a message decided for `least`; nil when none is up.
  package func relay(for least: RelayClass, at now: Moment) -> Int? {
    relays.indices.first {
      relays[$0].relayClass >= least && !breakers[$0].isOpen(at: now) && !paused.contains(relays[$0].name)
    }
  }

  /// nil: a connection may be opened now; else when.
  package func opensAt(_ relay: Int, now: Moment) -> Moment? {
    breakers[relay].retryAt.flatMap { $0 > now ? $0 : nil }
  }
  package func isResting(_ relay: Int, at now: Moment) -> Bool { breakers[relay].isOpen(at: now) }
  package func restsUntil(_ relay: Int) -> Moment? { breakers[relay].restsUntil }

  package mutating func succeeded(_ relay: Int) { breakers[relay].succeeded() }
  package mutating func failed(_ relay: Int, at now: Moment, lasting: Bool, working: Bool = false) {
    breakers[relay].failed(at: now, lasting: lasting, working: working)
  }
}
