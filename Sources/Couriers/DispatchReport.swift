// What a worker tells while it works and when it ends; facts, without a word for people.

package import Outbox

/// Counts since the worker began, each row by what the ledger recorded for it.
package struct DispatchProgress: Hashable, Sendable {
  package var accepted = 0
  package var deferred = 0
  /// Deferred for a rate alone: they come again when it allows.
  package var putOff = 0
  package var bounced = 0
  package var quarantined = 0
  package var uncertain = 0
  package var withheld = 0
  package var expired = 0
  /// Given back unsent.
  package var handedBack = 0
  /// Rows that are begun and without a recorded outcome.
  package var inFlight = 0
  /// Transactions of the ledger that wrote outcomes or marks.
  package var commits = 0

  package init() {}

  /// Rows that left this worker with an outcome.
  package var settled: Int { accepted + deferred + bounced + quarantined + uncertain + withheld + expired }

  mutating func note(_ event: DeliveryEvent, nextAttempt: Moment?) {
    switch event {
    case .accept: accepted += 1
    case .defer: if nextAttempt == nil { expired += 1 } else { deferred += 1 }
    case .bounce: bounced += 1
    case .quarantine: quarantined += 1
    case .lose: uncertain += 1
    case .withhold: withheld += 1
    case .expire: expired += 1
    case .handBack: handedBack += 1
    default: break
    }
  }
}

package enum DispatchReport: Sendable {
  /// At most ten times a second, and once at the end.
  case progress(DispatchProgress)
  /// A relay rests, or refuses our login or certificate: nothing goes by it until it is tried again.
  case alert(RelayAlert)
  /// A row did not go out; `event` is what the ledger was told.
  case failed(delivery: Int64, reader: String, event: DeliveryEvent, Failure)
  /// Nothing is sent to this endpoint until a person enables it.
  case endpointDisabled(String, why: String)
  /// What the ledger has recorded, batch by batch.
  case settled([SettledDelivery])
  /// A person stopped everything (true) or let it go on.
  case halted(Bool)
  /// Nothing is sent until a person has mended the site's files; nil: that is over.
  case unusableSite(String?)
}

/// What a run that sends all that is due left, because it ended before a rate let it.
package struct RatedRemainder: Hashable, Sendable {
  package enum Cause: Sendable { case stopped, halted, relayDown }
  /// Due when it ended, or by the time that the rate was to let the last of them.
  package var rows: Int
  package var cause: Cause
}

package struct DispatchSummary: Sendable {
  package var progress = DispatchProgress()
  /// Relay alerts in order; when rows were left for want of a relay the last says why.
  package var alerts: [RelayAlert] = []
  /// Rows that were due could not go because no relay of their class is up.
  package var isRelayDown = false
  /// nil: nothing is left that waits for a rate, or the run was to go on until stopped.
  package var remainder: RatedRemainder?

  package init() {}
}
