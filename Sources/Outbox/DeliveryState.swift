// The states of a delivery: one row per (revision, reader, channel). Documentation/delivery-states.md is made from
// this file and DeliveryMachine.swift; CHECK constraints of the store say the same.

package enum DeliveryState: String, Hashable, Sendable, CaseIterable {
  /// Waits for its time, lane and relay.
  case pending
  /// A worker holds it until a time; with `sending_since` it may be on the wire.
  case leased
  /// Temporary failure; next try at a time.
  case deferred
  /// The relay or endpoint took responsibility.
  case accepted
  /// We may or may not have handed it over.
  case uncertain
  /// Permanent failure, at the time or later by DSN.
  case bounced
  /// The lifetime ran out.
  case expired
  /// Decided against, with reasons: the record of who did not get it.
  case withheld
  /// Recalled or superseded before it went out.
  case cancelled

  /// A worker may still act on it without a person; a bulletin is finished when no row is open.
  package var isOpen: Bool {
    switch self {
    case .pending, .leased, .deferred: true
    case .accepted, .uncertain, .bounced, .expired, .withheld, .cancelled: false
    }
  }
  /// A worker may claim it.
  package var isClaimable: Bool { self == .pending || self == .deferred }

  /// One sentence for the documentation.
  package var meaning: String {
    switch self {
    case .pending: "waits for its time, lane and relay"
    case .leased: "a worker holds it until a time; `sending` once `sending_since` is committed"
    case .deferred: "temporary failure; next try at a time"
    case .accepted: "the relay or endpoint took responsibility; its reply text and queue id are kept"
    case .uncertain: "we may or may not have handed it over"
    case .bounced: "permanent failure, at the time or later by a delivery status notification"
    case .expired: "the lifetime ran out"
    case .withheld: "decided against, with reasons: the record of who did not get it"
    case .cancelled: "recalled or superseded before it went out"
    }
  }
}

/// What can happen to a delivery.
package enum DeliveryEvent: String, Hashable, Sendable, CaseIterable {
  /// A worker claims the row until a time.
  case lease
  /// `sending_since` is committed, before the first MAIL byte.
  case begin
  /// The worker gives it back: nothing of it was handed over, and it is not the reader's failure.
  case handBack = "hand-back"
  /// 250 after the final dot, 2xx.
  case accept
  /// Temporary failure.
  case `defer`
  /// Permanent failure of this recipient.
  case bounce
  /// The message itself was refused: waits, held, for a person.
  case quarantine
  /// No answer after the final dot.
  case lose
  /// The lease ran out.
  case lapse
  /// A second try of an uncertain row, by the series' policy or by a person.
  case resend
  /// It is learned later that an attempt thought lost was accepted.
  case settle
  /// Decided anew, against.
  case withhold
  /// Recall or a newer version.
  case cancel
  /// The lifetime ended.
  case expire

  package var meaning: String {
    switch self {
    case .lease: "a worker claims the row until a time"
    case .begin: "`sending_since` is committed, before the first MAIL byte"
    case .handBack: "the worker gives it back: nothing of it was handed over, and it is not the reader's failure"
    case .accept: "250 after the final dot, or 2xx"
    case .defer: "temporary failure"
    case .bounce: "permanent failure of this recipient"
    case .quarantine: "the message itself was refused"
    case .lose: "no answer after the final dot"
    case .lapse: "the lease ran out"
    case .resend: "second try of an uncertain row, by the series' `on-uncertain` or by a person"
    case .settle: "learned later: an attempt thought lost was accepted"
    case .withhold: "decided anew, against"
    case .cancel: "recall, or a newer version"
    case .expire: "the lifetime ended"
    }
  }
}
