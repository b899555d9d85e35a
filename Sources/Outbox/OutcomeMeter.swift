// What a worker has done since it began, as a value: outcomes by relay and how long rows waited until they were
// accepted. Bounded whatever the number of rows. It promises nothing about other workers or earlier runs: the ledger
// does that.

/// An outcome that the ledger has recorded.
package struct SettledDelivery: Hashable, Sendable {
  package var delivery: Int64
  package var lane: Lane
  /// nil where no relay had a part in it.
  package var relay: String?
  package var event: DeliveryEvent
  package var at: Moment
  /// From the moment at which the row might first go.
  package var waited: Moment.Span

  package init(
    delivery: Int64, lane: Lane, relay: String?, event: DeliveryEvent, at: Moment, waited: Moment.Span
  ) {
    self.delivery = delivery
    self.lane = lane
    self.relay = relay
    self.event = event
    self.at = at
    self.waited = waited
  }
}

/// Lengths of time: counted in buckets for ever, and the newest of them kept for exact quantiles.
package struct DurationSketch: Hashable, Sendable {
  /// Upper bounds of the buckets, in seconds; one more bucket holds what is longer.
  package static let bounds: [Double] = [
    0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 14_400, 86_400,
  ]
  private static let boundsInMilliseconds = bounds.map { Int64($0 * 1_000) }
  /// How many of the newest are kept.
  package static let window = 4_096

  /// One for each bound, not cumulative, and one for what is beyond.
  package private(set) var buckets = [Int](repeating: 0, count: bounds.count + 1)
  package private(set) var count = 0
  package private(set) var sum = Moment.Span.zero
  private var newest: [Int64] = []
  private var next = 0

  package init() {}

  /// A negative length (the clock was set back) counts as none.
  package mutating func add(_ span: Moment.Span) {
    let milliseconds = max(0, span.milliseconds)
    let bucket = Self.boundsInMilliseconds.firstIndex { milliseconds <= $0 } ?? Self.bounds.count
    buckets[bucket] += 1
    count += 1
    sum.milliseconds += milliseconds
    if newest.count < Self.window {
      newest.append(milliseconds)
    } else {
      newest[next] = milliseconds
      next = (next + 1) % Self.window
    }
  }

  /// Of the newest `window` lengths, by nearest rank; empty without any.
  /// - Parameter ranks: in 0...1.
  package func quantiles(_ ranks: [Double]) -> [Moment.Span] {
    guard !newest.isEmpty else { return [] }
    let sorted = newest.sorted()
    return ranks.map { rank in
      let index = Int((rank * Double(sorted.count)).rounded(.up)) - 1
      return Moment.Span(milliseconds: sorted[min(max(0, index), sorted.count - 1)])
    }
  }
}

package struct OutcomeMeter: Hashable, Sendable {
  package struct Key: Hashable, Sendable {
    package var relay: String
    package var event: DeliveryEvent
  }
  package struct Trouble: Hashable, Sendable {
    package var count = 0
    package var lastAt: Moment
    package var text: String
  }

  package private(set) var outcomes: [Key: Int] = [:]
  package private(set) var timeToAccept: [Lane: DurationSketch] = [:]
  package private(set) var lastAccepted: [String: Moment] = [:]
  package private(set) var alerts: [String: Trouble] = [:]

  package init() {}

  /// The name under which outcomes without a relay are counted.
  package static let noRelay = "none"

  package mutating func note(_ settled: SettledDelivery) {
    let relay = settled.relay ?? Self.noRelay
    outcomes[Key(relay: relay, event: settled.event), default: 0] += 1
    guard settled.event == .accept else { return }
    timeToAccept[settled.lane, default: DurationSketch()].add(settled.waited)
    lastAccepted[relay] = settled.at
  }

  package mutating func noteAlert(relay: String, text: String, at: Moment) {
    let count = alerts[relay]?.count ?? 0
    alerts[relay] = Trouble(count: count + 1, lastAt: at, text: text)
  }

  package func count(_ event: DeliveryEvent, relay: String) -> Int { outcomes[Key(relay: relay, event: event)] ?? 0 }
}
