// From what an endpoint answered to what the ledger records of the row, and to what it says of the endpoint.

import Outbox
import Store

/// A claimed row with its signed request. Handed on many times: an object, so that this costs nothing.
final class SignedRow: Sendable {
  let row: ClaimedDelivery
  let post: OutgoingPost

  init(row: ClaimedDelivery, post: OutgoingPost) {
    self.row = row
    self.post = post
  }

  static func answer(
    _ row: ClaimedDelivery, _ attempt: PreparedAttempt, _: Moment
  ) -> PreparingThread<SignedRow>.Answer {
    switch attempt {
    case .withhold(let decision): .withhold(row, decision: decision)
    case .expire: .expire(row)
    case .unsendable(let failure): .unsendable(row, failure)
    case .send, .split: .unsendable(row, Failure(stage: .compose, text: "a message was made for a row of a webhook"))
    case .post(let post): .ready(SignedRow(row: row, post: post))
    }
  }
}

/// An outcome and its news of the endpoint.
struct WebhookOutcome {
  enum News {
    case none, success
    case failure(String)
    /// 410: nobody is there any more.
    case gone
    /// It is disabled: its rows wait for a person.
    case disabled
  }
  var outcome: DeliveryOutcome
  var reader = ""
  var endpoint = ""
  var news = News.none

  init(_ outcome: DeliveryOutcome) { self.outcome = outcome }

  init(_ signed: SignedRow, _ outcome: DeliveryOutcome, _ news: News) {
    self.outcome = outcome
    reader = signed.row.reader
    endpoint = signed.post.endpoint
    self.news = news
  }

  /// - Parameter random: in 0..<1, for the jitter; asked only where there is one.
  static func of(
    _ signed: SignedRow, _ receipt: WebhookReceipt, now: Moment, random: () -> Double
  ) -> (settled: WebhookOutcome, failure: Failure?) {
    let (row, post) = (signed.row, signed.post)
    switch receipt.what {
    case .returned: return (WebhookOutcome(DispatchOutcomes.handBack(row, begun: true, now: now)), nil)
    case .accepted(let status, let text):
      let outcome = DeliveryOutcome(
        row, begun: true, event: .accept, at: now, relay: post.endpoint,
        reply: DeliveryOutcome.Reply(code: status, text: text), messageID: post.id)
      return (WebhookOutcome(signed, outcome, .success), nil)
    case .failed(let failure, let retryAfter):
      var outcome = failed(row, failure, retryAfter: retryAfter, begun: true, now: now, random: random())
      outcome.relay = post.endpoint
      outcome.messageID = post.id
      let words = [failure.code.map { "HTTP \($0)" }, failure.text.isEmpty ? nil : failure.text]
      let news: News =
        failure.stage == .proxy
        ? .none : outcome.event == .bounce ? .gone : .failure(words.compactMap { $0 }.joined(separator: " "))
      return (WebhookOutcome(signed, outcome, news), failure)
    }
  }

  static func failed(
    _ row: ClaimedDelivery, _ failure: Failure, retryAfter: Moment.Span? = nil, begun: Bool, now: Moment,
    random: Double
  ) -> DeliveryOutcome {
    let verdict = FailurePolicy.webhook(on: failure, retryAfter: retryAfter)
    var next: Moment?
    if verdict.event == .defer || verdict.event == .lose {
      next = RetrySchedule.next(
        afterAttempts: row.attempts + (begun ? 1 : 0), lane: row.lane, named: verdict.delay, now: now,
        lifetimeEnd: row.lifetimeEnd, random: random)
    }
    return DeliveryOutcome(
      row, begun: begun, event: verdict.event, at: now, nextAttempt: next,
      reply: DeliveryOutcome.Reply(code: failure.code, text: failure.text))
  }
}
