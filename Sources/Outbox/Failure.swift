// A failed attempt as a neutral value: what the other side said, and when. What it means is decided in
// FailurePolicy.swift alone.

package struct Failure: Hashable, Sendable {
  /// How far the attempt had come.
  package enum Stage: String, Hashable, Sendable, CaseIterable {
    /// Name look-up and TCP.
    case connect
    /// The certificate did not verify, or the handshake failed.
    case tls
    case greeting
    /// EHLO, HELO.
    case hello
    case login
    /// The session is open, but the relay does not offer what all our mail requires of it (REQUIRETLS).
    case capability
    /// No message can go to this reader's address by this relay: malformed, or SMTPUTF8 is not offered.
    case address
    /// This message cannot be made or is beyond the relay's SIZE, whoever reads it.
    case compose
    case mail
    case recipient
    /// The answer to DATA.
    case data
    /// Bytes of the message are flowing; the final dot was not sent.
    case body
    /// The final dot was sent.
    case finalDot = "final-dot"
    /// The site's proxy for webhooks was not reached, or refused our login: never an endpoint's failure.
    case proxy
    /// A webhook cannot be sent: its address may not be called, or there is no key to sign with.
    case endpoint
    /// Of a webhook's request a part left.
    case request
    /// The whole request left; no answer came.
    case answer
    /// The endpoint answered with the HTTP status `code`.
    case status
  }
  package var stage: Stage
  /// The three-digit reply; nil when there was none (connection lost, time out, garbage).
  package var code: Int?
  /// `5.1.1` (RFC 3463).
  package var enhanced: String?
  /// The reply's text, or what the transport said; private, never shown to readers.
  package var text: String

  package init(stage: Stage, code: Int? = nil, enhanced: String? = nil, text: String = "") {
    self.stage = stage
    self.code = code
    self.enhanced = enhanced
    self.text = text
  }
}

/// Whom a failure concerns.
package enum FailureScope: String, Hashable, Sendable, CaseIterable {
  /// This connection; others may go on.
  case session
  /// Everything that would go by this relay.
  case relay
  /// This message, for all its readers.
  case message
  /// This reader alone.
  case recipient
}

package enum Permanence: String, Hashable, Sendable, CaseIterable { case temporary, permanent }
