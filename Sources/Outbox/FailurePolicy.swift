// What a failed attempt means: scope x permanence, and what becomes of the row. The only file that decides it.
//
// - No relay, no login, no verified TLS: never a reader's failure. The row goes back, the relay rests, someone is told.
// - 421 and lost connections end the session; the row under way is deferred (it may be what breaks the session, and
//   must not block the others), rows behind it go back.
// - No answer after the final dot: uncertain.
// - 4yz: deferred, by the delay that the reply names if any. Unknown is temporary.
// - 5yz at RCPT: bounced for that reader alone, suppression proposed. Some servers say at MAIL, DATA or the final dot
//   that a mailbox is at fault: the enhanced code (RFC 3463: x.1.1 to x.1.3, x.1.6, x.1.10, x.2.z) then counts. Many say
//   at RCPT what they have against us: then it is a refusal of the message (RcptRefusal.swift).
// - 5yz otherwise: the message is refused, whoever reads it: quarantined with its reason; other bulletins go on.
//
// A webhook's failure is always its endpoint's alone: deferred, whatever status it answered with, by the delay that 429
// and 503 name; 410 says that nobody is there any more: bounced, and the endpoint is disabled. No answer to a whole
// request: uncertain. One that fails for five days is disabled.

package enum FailurePolicy {
  package struct Verdict: Hashable, Sendable {
    package var scope: FailureScope
    package var permanence: Permanence
    /// What to tell the state machine about the row that was under way.
    package var event: DeliveryEvent
    /// The delay that the reply names.
    package var delay: Moment.Span?
    package var proposesSuppression: Bool
    /// Raise an alert; with scope relay the relay rests too.
    package var alerts: Bool
    /// Close the connection.
    package var endsSession: Bool
  }

  package static func verdict(on failure: Failure) -> Verdict {
    let permanence = permanence(of: failure)
    switch failure.stage {
    case .connect, .tls, .greeting, .hello, .login, .capability:
      return Verdict(
        scope: .relay, permanence: permanence, event: .handBack, delay: namedDelay(failure),
        proposesSuppression: false, alerts: true, endsSession: true)
    case .address: return recipient
    case .compose: return message
    case .mail, .recipient, .data, .body, .finalDot:
      return transaction(failure, permanence)
    case .proxy, .endpoint, .request, .answer, .status: return webhook(on: failure)
    }
  }

  /// Without a success for so long, an endpoint is disabled.
  package static let longestEndpointFailure: Moment.Span = .hours(120)

  /// - Parameter retryAfter: what the answer names.
  package static func webhook(on failure: Failure, retryAfter: Moment.Span? = nil) -> Verdict {
    var verdict = Verdict(
      scope: .recipient, permanence: .temporary, event: .defer, delay: nil, proposesSuppression: false, alerts: false,
      endsSession: false)
    switch (failure.stage, failure.code) {
    case (.compose, _): return message
    case (.answer, _): verdict.event = .lose
    case (.status, 410):
      verdict.permanence = .permanent
      verdict.event = .bounce
      verdict.alerts = true
    case (.status, 429), (.status, 503): verdict.delay = retryAfter
    default: break
    }
    return verdict
  }

  private static func transaction(_ failure: Failure, _ permanence: Permanence) -> Verdict {
    guard let code = failure.code, (200...599).contains(code) else {
      let lost = failure.stage == .finalDot
      return Verdict(
        scope: lost ? .message : .session, permanence: .temporary, event: lost ? .lose : .defer, delay: nil,
        proposesSuppression: false, alerts: false, endsSession: true)
    }
    if asksForLogin(code) {
      return Verdict(
        scope: .relay, permanence: .permanent, event: .handBack, delay: nil, proposesSuppression: false,
        alerts: true, endsSession: true)
    }
    if code == 421 {
      return Verdict(
        scope: .session, permanence: .temporary, event: .defer, delay: namedDelay(failure),
        proposesSuppression: false, alerts: false, endsSession: true)
    }
    let blamesMailbox =
      namesMailbox(failure.enhanced) || failure.stage == .recipient && !RcptRefusal.concernsUs(failure)
    if permanence == .temporary {
      return Verdict(
        scope: blamesMailbox ? .recipient : .message, permanence: .temporary, event: .defer,
        delay: namedDelay(failure), proposesSuppression: false, alerts: false, endsSession: false)
    }
    return blamesMailbox ? recipient : message
  }

  private static var recipient: Verdict {
    Verdict(
      scope: .recipient, permanence: .permanent, event: .bounce, delay: nil, proposesSuppression: true,
      alerts: false, endsSession: false)
  }

  private static var message: Verdict {
    Verdict(
      scope: .message, permanence: .permanent, event: .quarantine, delay: nil, proposesSuppression: false,
      alerts: true, endsSession: false)
  }

  /// Only a 5yz is permanent, and what needs a person before it can go on: a certificate, a password.
  private static func permanence(of failure: Failure) -> Permanence {
    guard let code = failure.code else {
      return failure.stage == .tls || failure.stage == .capability ? .permanent : .temporary
    }
    guard (500...599).contains(code) else { return .temporary }
    // RFC 5321 section 4.5.3.1.10: 552 at RCPT is what old servers say for 452, too many recipients.
    if code == 552, failure.stage == .recipient, failure.enhanced == nil { return .temporary }
    // A server that contradicts itself (5yz with 4.x.x) is tried again.
    return failure.enhanced?.first == "4" ? .temporary : .permanent
  }

  /// 530, 534, 535, 538 (RFC 4954): the relay wants another login, whoever the reader is.
  private static func asksForLogin(_ code: Int) -> Bool { [530, 534, 535, 538].contains(code) }

  private static func namesMailbox(_ enhanced: String?) -> Bool {
    let parts = (enhanced ?? "").split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3 else { return false }
    return parts[1] == "2" || (parts[1] == "1" && ["1", "2", "3", "6", "10"].contains(parts[2]))
  }

  private static func namedDelay(_ failure: Failure) -> Moment.Span? {
    guard let code = failure.code, (400...499).contains(code) else { return nil }
    return NamedDelay.read(failure.text)
  }
}
