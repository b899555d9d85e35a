// From what the relay said to what the ledger records: Outbox's policy decides, the retry schedule gives the time.

import Mail
import Outbox
import Store

enum DispatchOutcomes {
  /// - Parameter random: in 0..<1, for the jitter; asked only where there is one.
  static func outcome(
    of prepared: PreparedRow, _ receipt: Receipt, now: Moment, random: () -> Double
  ) -> (outcome: DeliveryOutcome, failure: Failure?) {
    switch receipt.what {
    case .outcome(.accepted(let reply)):
      return (
        DeliveryOutcome(
          prepared.row, begun: true, event: .accept, at: now, relay: receipt.relay,
          reply: DeliveryOutcome.Reply(
            code: reply.code, enhanced: reply.enhanced?.description, text: reply.text),
          queueID: reply.queueID, messageID: prepared.messageID), nil
      )
    case .outcome(.refused(let failure)), .outcome(.notSent(let failure)), .outcome(.uncertain(let failure)):
      let failure = Failure(failure)
      let outcome = self.outcome(
        of: prepared.row, failure, begun: true, messageID: prepared.messageID, relay: receipt.relay, now: now,
        random: random())
      return (outcome, failure)
    case .returned, .outcome(.passedOver):
      return (handBack(prepared.row, begun: true, now: now), nil)
    }
  }

  static func outcome(
    of row: ClaimedDelivery, _ failure: Failure, begun: Bool, messageID: String? = nil, relay: String? = nil,
    now: Moment, random: Double
  ) -> DeliveryOutcome {
    let verdict = FailurePolicy.verdict(on: failure)
    var next: Moment?
    if verdict.event == .defer || verdict.event == .lose {
      next = RetrySchedule.next(
        afterAttempts: row.attempts + (begun ? 1 : 0), lane: row.lane, named: verdict.delay, now: now,
        // A digest is tried as long as one of its bulletins lives.
        lifetimeEnd: row.riders.reduce(row.lifetimeEnd) { max($0, $1.lifetimeEnd) }, random: random)
    }
    return DeliveryOutcome(
      row, begun: begun, event: verdict.event, at: now, nextAttempt: next, relay: relay,
      reply: DeliveryOutcome.Reply(code: failure.code, enhanced: failure.enhanced, text: failure.text),
      messageID: messageID)
  }

  static func handBack(_ row: ClaimedDelivery, begun: Bool, now: Moment) -> DeliveryOutcome {
    DeliveryOutcome(row, begun: begun, event: .handBack, at: now)
  }

  /// Waits for its domain's rate longer than is worth a lease.
  static func late(_ row: ClaimedDelivery, until: Moment, domain: String, now: Moment) -> DeliveryOutcome {
    DeliveryOutcome(
      row, begun: false, event: .defer, at: now, nextAttempt: until,
      reply: DeliveryOutcome.Reply(text: "waits for the rate of \(domain)"))
  }
}
