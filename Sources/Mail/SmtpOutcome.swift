// What became of one recipient of one message, as facts: the stage, the reply's codes and its text. Whether that
// is a matter of the session, the relay, the message or the reader, and for how long, is decided in Outbox alone.

package enum SmtpStage: String, Hashable, Sendable, CaseIterable {
  /// Name look-up and TCP.
  case connect
  /// STARTTLS refused or absent, handshake failed, certificate not trusted.
  case tls
  case greeting, hello, login
  /// The relay does not offer what all our mail requires of it (REQUIRETLS); nothing was sent.
  case capability
  /// The address needs SMTPUTF8 and it is not offered; nothing was sent.
  case address
  /// The message is beyond the relay's SIZE or needs 8BITMIME; nothing was sent.
  case compose
  case mail, recipient, data
  /// The message's bytes are flowing; the final dot did not leave.
  case body
  case finalDot = "final-dot"
  case reset, quit
}

package struct SmtpFailure: Error, Hashable, Sendable {
  package var stage: SmtpStage
  /// nil: no reply decided (connection lost, timeout, not offered, garbage).
  package var code: Int?
  package var enhanced: EnhancedCode?
  /// The reply's text, or what happened in its place, for the ledger; holds no secret.
  package var text: String

  package init(stage: SmtpStage, code: Int? = nil, enhanced: EnhancedCode? = nil, text: String) {
    self.stage = stage
    self.code = code
    self.enhanced = enhanced
    self.text = text
  }
  package init(stage: SmtpStage, reply: SmtpReply) {
    self.init(stage: stage, code: reply.code, enhanced: reply.enhanced, text: reply.text)
  }
}

package enum SmtpOutcome: Hashable, Sendable {
  /// The relay took responsibility.
  case accepted(SmtpReply)
  /// The relay said no (4yz or 5yz), or the message needs what it does not offer.
  case refused(SmtpFailure)
  /// The session ended while this message was under way, before its final dot left: certainly not handed over.
  case notSent(SmtpFailure)
  /// The session ended before the relay came to this message: certainly not handed over, and not its fault.
  case passedOver(SmtpFailure)
  /// The session ended after the final dot and before its reply: perhaps handed over.
  case uncertain(SmtpFailure)
}

/// Why a session is over.
package enum SmtpEnding: Hashable, Sendable {
  /// QUIT was said and answered, or the relay closed an idle session.
  case done
  /// 421, a lost connection, a timeout or garbage.
  case failed(SmtpFailure)
}
