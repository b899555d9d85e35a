// The life of a delivery as a value: an event goes in, the new state and the effects come out, no IO. Whoever keeps
// rows carries the effects out. What the table does not name is an error: a row never moves silently.
//
// Guarantee: a row leaves `leased` while sending only with an outcome or as `uncertain`, so no reader is skipped; it is
// begun again only after `uncertain` or after a failure that says nothing was handed over.

/// A state, with whether `sending_since` is committed (only when leased).
package struct DeliveryPhase: Hashable, Sendable {
  package var state: DeliveryState
  package var isSending: Bool

  package init(_ state: DeliveryState, sending: Bool = false) {
    self.state = state
    isSending = sending && state == .leased
  }
  package static let sending = DeliveryPhase(.leased, sending: true)
  /// Every phase: the nine states and `leased` while sending.
  package static let all: [DeliveryPhase] = DeliveryState.allCases.flatMap { state in
    state == .leased ? [DeliveryPhase(.leased), .sending] : [DeliveryPhase(state)]
  }
  package var name: String { isSending ? "leased, sending" : state.rawValue }
}

/// What a change of state asks for.
package enum DeliveryEffect: String, Hashable, Sendable, CaseIterable {
  /// Write owner and end of the lease.
  case takeLease = "take lease"
  /// Write `sending_since` and count the attempt.
  case stampSending = "stamp sending, count attempt"
  /// Clear owner, end of the lease and `sending_since`.
  case endLease = "end lease"
  /// Write when to try again.
  case schedule = "schedule next try"
  /// Keep the row from claims until a person decides.
  case hold = "hold for a person"
  /// The series' on-uncertain decides: resend, or wait for a person.
  case consultSeries = "consult on-uncertain"
  /// The reader may get it twice, under the same Message-ID.
  case secondCopy = "count possible second copy"
}

package struct IllegalTransition: Error, Hashable, Sendable {
  package var phase: DeliveryPhase
  package var event: DeliveryEvent
  package init(phase: DeliveryPhase, event: DeliveryEvent) {
    self.phase = phase
    self.event = event
  }
}

package struct DeliveryMachine: Hashable, Sendable {
  package private(set) var phase: DeliveryPhase

  package init(_ phase: DeliveryPhase) { self.phase = phase }

  /// Moves on, or throws and stays.
  package mutating func handle(_ event: DeliveryEvent) throws(IllegalTransition) -> [DeliveryEffect] {
    guard let change = Self.change(of: phase, by: event) else { throw IllegalTransition(phase: phase, event: event) }
    phase = change.phase
    return change.effects
  }

  package struct Change: Hashable, Sendable {
    package var phase: DeliveryPhase
    package var effects: [DeliveryEffect]
  }

  /// The whole table; nil is illegal.
  package static func change(of phase: DeliveryPhase, by event: DeliveryEvent) -> Change? {
    func to(_ state: DeliveryState, _ effects: DeliveryEffect...) -> Change {
      Change(phase: DeliveryPhase(state), effects: effects)
    }
    return switch (phase.state, event) {
    case (.pending, .lease), (.deferred, .lease): to(.leased, .takeLease)
    case (.pending, .withhold), (.deferred, .withhold): to(.withheld)
    case (.pending, .cancel), (.deferred, .cancel): to(.cancelled)
    case (.pending, .expire), (.deferred, .expire): to(.expired)
    // Only rows that wait for a second try can have an answer under way.
    case (.pending, .settle), (.deferred, .settle), (.uncertain, .settle): to(.accepted)

    case (.leased, .begin) where !phase.isSending: Change(phase: .sending, effects: [.stampSending])
    case (.leased, .withhold) where !phase.isSending: to(.withheld, .endLease)
    case (.leased, .cancel) where !phase.isSending: to(.cancelled, .endLease)
    case (.leased, .expire) where !phase.isSending: to(.expired, .endLease)
    case (.leased, .lapse) where !phase.isSending: to(.pending, .endLease)

    case (.leased, .accept) where phase.isSending: to(.accepted, .endLease)
    case (.leased, .lose) where phase.isSending: to(.uncertain, .endLease, .consultSeries)
    case (.leased, .lapse) where phase.isSending: to(.uncertain, .endLease, .consultSeries)

    // Before sending too: an address that no message can be made for, an extension that the relay lacks.
    case (.leased, .handBack): to(.pending, .endLease)
    case (.leased, .defer): to(.deferred, .endLease, .schedule)
    case (.leased, .bounce): to(.bounced, .endLease)
    case (.leased, .quarantine): to(.deferred, .endLease, .hold)

    case (.uncertain, .resend): to(.deferred, .schedule, .secondCopy)
    case (.uncertain, .bounce), (.accepted, .bounce): to(.bounced)
    default: nil
    }
  }
}
