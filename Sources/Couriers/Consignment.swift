// What goes into the SMTP loop and what comes out of it: messages whose `sending_since` is committed, and what became
// of them.

package import Mail
package import Outbox

/// One delivery, ready for the wire: decided, composed, and marked as being sent. Handed on many times: an object, so
/// that this costs nothing.
package final class Consignment: Sendable {
  /// The delivery's number in the ledger.
  package let number: Int64
  package let lane: Lane
  /// The class it was decided for: it never goes by a relay of a lower one.
  package let least: RelayClass
  /// With exactly one recipient: the delivery's.
  package let message: SmtpMessage

  package init(number: Int64, lane: Lane, least: RelayClass, message: SmtpMessage) {
    self.number = number
    self.lane = lane
    self.least = least
    self.message = message
  }
}

/// What became of a consignment; each gives exactly one.
package struct Receipt: Sendable {
  package enum What: Sendable {
    /// The relay's word, or its absence.
    case outcome(SmtpOutcome)
    /// Nothing of it left: no relay is up, or the loop stops.
    case returned
  }
  package var number: Int64
  package var what: What
  /// The relay's name; nil when returned.
  package var relay: String?
}

/// Something that a person should know about a relay.
package struct RelayAlert: Error, Hashable, Sendable {
  package var relay: String
  package var failure: SmtpFailure
}

/// How long the loop waits, in milliseconds (RFC 5321 section 4.5.3.2 for the stages).
package struct SmtpTimeouts: Hashable, Sendable {
  package var opening = 30_000
  package var command = 300_000
  package var data = 120_000
  package var body = 180_000
  package var finalDot = 600_000
  package var quit = 3_000
  /// A session without work says QUIT.
  package var idle = 10_000
  /// What a stop leaves to messages under way.
  package var stopping = 60_000
  package init() {}
  /// The same for every stage; for tests.
  package init(all milliseconds: Int) {
    opening = milliseconds
    command = milliseconds
    data = milliseconds
    body = milliseconds
    finalDot = milliseconds
    quit = milliseconds
    idle = milliseconds
    stopping = milliseconds
  }

  /// No reply may take longer than so many milliseconds; nil changes nothing.
  func capped(at limit: Int?) -> SmtpTimeouts {
    guard let limit else { return self }
    var capped = self
    for path in [\SmtpTimeouts.opening, \.command, \.data, \.body, \.finalDot, \.quit] {
      capped[keyPath: path] = min(capped[keyPath: path], limit)
    }
    return capped
  }

  func limit(_ stage: SmtpStage) -> Moment.Span {
    let milliseconds =
      switch stage {
      case .data: data
      case .body: body
      case .finalDot: finalDot
      case .quit: quit
      default: command
      }
    return Moment.Span(milliseconds: Int64(milliseconds))
  }
}
