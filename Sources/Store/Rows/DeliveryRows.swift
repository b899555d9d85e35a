// Rows of the ledger: what is enqueued, what a worker claims, what it reports, what people look at.

package import Outbox

/// How a delivery goes out, with its channel class (release-policy.md section 5).
package enum DeliveryChannel: String, Hashable, Sendable, CaseIterable {
  case emailPlain = "email-plain"
  case emailTLS = "email-tls"
  case emailSMIME = "email-smime"
  case webhook
  /// No servable entry: such rows are withheld.
  case none

  package var isEmail: Bool { self == .emailPlain || self == .emailTLS || self == .emailSMIME }
}

package enum BodyFormat: String, Hashable, Sendable, CaseIterable { case html, text }

/// One decision as many readers share it: everything but the hash of the reader's own facts.
package struct SharedDecision: Hashable, Sendable {
  package enum Outcome: String, Hashable, Sendable, CaseIterable { case full, notice, withheld }
  package var outcome: Outcome
  package var channel: DeliveryChannel
  /// The id that `insert(variant:)` gave; nil when withheld.
  package var variant: Int64?
  /// Machine form, `atom(LES)`; empty for a full one.
  package var reasons: [String]
  /// The same in words, in the same order.
  package var words: [String]
  package var policyName: String
  package var policyVersion: String
  package var policyHash: String

  package init(
    outcome: Outcome, channel: DeliveryChannel, variant: Int64?, reasons: [String] = [], words: [String] = [],
    policyName: String, policyVersion: String, policyHash: String
  ) {
    self.outcome = outcome
    self.channel = channel
    self.variant = variant
    self.reasons = reasons
    self.words = words
    self.policyName = policyName
    self.policyVersion = policyVersion
    self.policyHash = policyHash
  }
}

/// A row to enqueue. Its decision says channel, variant and whether it is withheld.
package struct NewDelivery: Hashable, Sendable {
  package var reader: String
  /// Mail address or endpoint id, as known now; empty when there is none.
  package var address: String
  package var format: BodyFormat
  /// The id that `insert(decision:)` gave.
  package var decision: Int64
  /// Covers the reader's facts too.
  package var decisionHash: [UInt8]
  /// The time of the reader's digest that it waits for; nil goes by itself from the release's start.
  package var digest: Moment?

  package init(
    reader: String, address: String, format: BodyFormat, decision: Int64, decisionHash: [UInt8], digest: Moment? = nil
  ) {
    self.reader = reader
    self.address = address
    self.format = format
    self.decision = decision
    self.decisionHash = decisionHash
    self.digest = digest
  }
}

/// What a worker asks for.
package struct ClaimOrder: Hashable, Sendable {
  /// Unique to this run of a worker (host, process, start): an answer of an earlier run must not pass for its own.
  package var worker: String
  package var now: Moment
  package var leaseUntil: Moment
  package var limit: Int
  /// Classes that its relays can serve: never one above a relay's own class.
  package var channels: [DeliveryChannel]
  package var lanes: [Lane]

  package init(
    worker: String, now: Moment, leaseUntil: Moment, limit: Int, channels: [DeliveryChannel],
    lanes: [Lane] = Lane.allCases
  ) {
    self.worker = worker
    self.now = now
    self.leaseUntil = leaseUntil
    self.limit = limit
    self.channels = channels
    self.lanes = lanes
  }
}

/// A leased row; of a digest the first one, which stands for all of them.
package struct ClaimedDelivery: Hashable, Sendable {
  package var id: Int64
  package var release: Int64
  package var reader: String
  package var channel: DeliveryChannel
  package var address: String
  package var format: BodyFormat
  package var variant: Int64
  package var lane: Lane
  /// Attempts begun before this lease.
  package var attempts: Int
  package var decisionHash: [UInt8]
  package var lifetimeEnd: Moment
  package var onUncertain: OnUncertain
  /// When the first message of its release might go.
  package var startsAt: Moment
  /// The time of the digest that it is part of.
  package var digest: Moment?
  /// Further rows that the same message carries: what becomes of it becomes of them.
  package var riders: [ClaimedDelivery] = []

  /// The row and its riders.
  package var rows: [ClaimedDelivery] { riders.isEmpty ? [self] : [self] + riders }

  /// The rows that one message carries, which share its fate: only if all series resend, an uncertain one is sent
  /// again. nil for no rows.
  package init?(together rows: [ClaimedDelivery]) {
    guard var first = rows.first else { return nil }
    first.riders = []
    guard rows.count > 1 else {
      self = first
      return
    }
    let fate = rows.allSatisfy { $0.onUncertain == .resend } ? OnUncertain.resend : .hold
    first.onUncertain = fate
    first.riders = rows.dropFirst().map { row in
      var rider = row
      rider.onUncertain = fate
      rider.riders = []
      return rider
    }
    self = first
  }

  package init(
    id: Int64, release: Int64, reader: String, channel: DeliveryChannel, address: String, format: BodyFormat,
    variant: Int64, lane: Lane, attempts: Int, decisionHash: [UInt8] = [], lifetimeEnd: Moment,
    onUncertain: OnUncertain, digest: Moment? = nil, startsAt: Moment = Moment(milliseconds: 0)
  ) {
    self.digest = digest
    self.id = id
    self.release = release
    self.reader = reader
    self.channel = channel
    self.address = address
    self.format = format
    self.variant = variant
    self.lane = lane
    self.attempts = attempts
    self.decisionHash = decisionHash
    self.lifetimeEnd = lifetimeEnd
    self.onUncertain = onUncertain
    self.startsAt = startsAt
  }
}

/// What became of a claimed row.
package struct DeliveryOutcome: Hashable, Sendable {
  package struct Reply: Hashable, Sendable {
    package var code: Int?
    package var enhanced: String?
    package var text: String
    package init(code: Int? = nil, enhanced: String? = nil, text: String = "") {
      self.code = code
      self.enhanced = enhanced
      self.text = text
    }
  }
  package var delivery: Int64
  /// `sending_since` was committed for it.
  package var begun: Bool
  /// Attempts begun, this one included.
  package var attempt: Int
  /// accept, defer, bounce, quarantine, lose, handBack, withhold or expire.
  package var event: DeliveryEvent
  package var at: Moment
  /// For `defer`, and for `lose` where the series resends: nil there makes the row expired or held.
  package var nextAttempt: Moment?
  package var onUncertain: OnUncertain
  package var relay: String?
  package var reply: Reply
  package var queueID: String?
  package var messageID: String?
  /// The decision that was made anew (`insert(decision:)`); `withhold` must have one, for its reasons.
  package var decision: Int64?
  /// The same for the other rows that the message carried; recorded with it.
  package var riders: [DeliveryOutcome] = []

  /// The outcome and those of its riders.
  package var rows: [DeliveryOutcome] { riders.isEmpty ? [self] : [self] + riders }
  /// The same in their order, without an array.
  package func forEachRow(_ body: (DeliveryOutcome) throws -> Void) rethrows {
    try body(self)
    for rider in riders { try body(rider) }
  }
  /// Of the claimed row, and since when it might go, for those who count.
  package var lane: Lane
  package var startsAt: Moment

  package init(
    _ claimed: ClaimedDelivery, begun: Bool, event: DeliveryEvent, at: Moment, nextAttempt: Moment? = nil,
    relay: String? = nil, reply: Reply = Reply(), queueID: String? = nil, messageID: String? = nil,
    decision: Int64? = nil
  ) {
    delivery = claimed.id
    self.begun = begun
    attempt = claimed.attempts + (begun ? 1 : 0)
    self.event = event
    self.at = at
    // A bulletin of a digest whose own time is over by then is not tried again.
    self.nextAttempt =
      claimed.digest == nil ? nextAttempt : nextAttempt.flatMap { $0 < claimed.lifetimeEnd ? $0 : nil }
    onUncertain = claimed.onUncertain
    self.relay = relay
    self.reply = reply
    self.queueID = queueID
    self.messageID = messageID
    self.decision = decision
    lane = claimed.lane
    startsAt = claimed.digest ?? claimed.startsAt
    riders = claimed.riders.map { rider in
      DeliveryOutcome(
        rider, begun: begun, event: event, at: at, nextAttempt: nextAttempt, relay: relay, reply: reply,
        queueID: queueID, messageID: messageID, decision: decision)
    }
  }

  /// For whoever counts outcomes.
  package var settled: SettledDelivery {
    SettledDelivery(
      delivery: delivery, lane: lane, relay: relay,
      event: event == .defer && nextAttempt == nil ? .expire : event, at: at, waited: at - startsAt)
  }
}

/// How the ledger took an outcome.
package enum RecordResult: String, Hashable, Sendable {
  case recorded
  /// The lease had lapsed; the answer still settled the row.
  case late
  /// The lease had lapsed and the row has moved on: nothing was changed.
  case stale
}

/// A row to look at.
package struct DeliveryRecord: Hashable, Sendable {
  package var id: Int64
  package var release: Int64
  package var serial: String
  package var reader: String
  package var channel: DeliveryChannel
  package var address: String
  package var kind: VariantContent.Kind?
  /// The variant's key.
  package var variant: String?
  package var state: DeliveryState
  package var sendingSince: Moment?
  package var leaseOwner: String?
  package var nextAttempt: Moment?
  package var held: String?
  /// The time of the reader's digest that it is part of.
  package var digest: Moment?
  package var lane: Lane
  package var attempts: Int
  package var secondCopies: Int
  package var relay: String?
  package var reply: DeliveryOutcome.Reply
  package var queueID: String?
  package var messageID: String?
  package var reasons: [String]
  package var words: [String]
  package var decisionHash: [UInt8]
  package var decidedAt: Moment
  package var policyVersion: String
  package var changedAt: Moment
  /// When it was handed over, for a row that is `accepted` no more. Of an open row: when the ledger was restored from a
  /// copy, after which it may have been handed over.
  package var handedOverAt: Moment?
  package var acknowledgedAt: Moment?
  package var acknowledgedBy: String?
}

/// How a release stands; computed from its rows.
package struct ReleaseStatus: Hashable, Sendable {
  package var release: ReleaseRecord
  package var counts: [DeliveryState: Int]
  /// Rows that wait for a person, beside the uncertain ones.
  package var held: Int
  /// Rows that wait for their reader's digest.
  package var inDigests: Int
  /// The time of the first of these digests.
  package var nextDigest: Moment?
  package init(
    release: ReleaseRecord, counts: [DeliveryState: Int], held: Int, inDigests: Int = 0, nextDigest: Moment? = nil
  ) {
    self.release = release
    self.counts = counts
    self.held = held
    self.inDigests = inDigests
    self.nextDigest = nextDigest
  }
  /// No row is open.
  package var isFinished: Bool { !counts.contains { $0.key.isOpen && $0.value > 0 } }
  package var total: Int { counts.values.reduce(0, +) }
}

/// A leased row's owner, for finding workers that died.
package struct LeaseHolding: Hashable, Sendable {
  package var owner: String
  package var rows: Int
  package var sending: Int
  package var earliestEnd: Moment
  package init(owner: String, rows: Int, sending: Int, earliestEnd: Moment) {
    self.owner = owner
    self.rows = rows
    self.sending = sending
    self.earliestEnd = earliestEnd
  }
}
