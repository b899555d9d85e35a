// The port by which a courier has every attempt decided anew and its message made. The courier knows nothing of
// readers, policies or variants; whoever implements this decides, composes, and never sends.

package import Outbox

/// A message as it goes on the wire, in plain values: the courier validates addresses and id before it speaks them.
package struct OutgoingMail: Hashable, Sendable {
  /// The return path (VERP); empty is the null one.
  package var from: String
  package var to: String
  /// ENVID of the delivery, where the relay offers DSN; empty: none.
  package var envelopeID: String
  /// With angle brackets; the same in every copy.
  package var messageID: String
  /// Header and body: CRLF line ends, dots stuffed, ending with CRLF, without the final dot. Segments may share
  /// storage with other messages of the variant.
  package var segments: [[UInt8]]
  package var isEightBit: Bool
  /// A header holds raw UTF-8.
  package var hasUTF8Headers: Bool
  /// REQUIRETLS: no relay on the way may forward it in the clear.
  package var requiresTLSOnward: Bool

  package init(
    from: String, to: String, envelopeID: String, messageID: String, segments: [[UInt8]], isEightBit: Bool = false,
    hasUTF8Headers: Bool = false, requiresTLSOnward: Bool = false
  ) {
    self.from = from
    self.to = to
    self.envelopeID = envelopeID
    self.messageID = messageID
    self.segments = segments
    self.isEightBit = isEightBit
    self.hasUTF8Headers = hasUTF8Headers
    self.requiresTLSOnward = requiresTLSOnward
  }
}

/// A request to an endpoint, signed: nothing of it is changed on the way. It is never printed: its address may be all
/// that a chat asks for before it takes a message.
package struct OutgoingPost: Hashable, Sendable, CustomStringConvertible {
  package var endpoint: String
  package var url: String
  /// Names and values without CR, LF or NUL.
  package var headers: [Header]
  package var body: [UInt8]
  /// `webhook-id`; the same in every attempt.
  package var id: String
  /// When it was signed: receivers refuse what is some minutes old.
  package var signedAt: Moment
  /// What the center says who it is with, where the endpoint asks.
  package var identity: Identity?

  /// PEM files, relative to the workspace or absolute.
  package struct Identity: Hashable, Sendable {
    package var certificateFile: String
    /// nil: the key stands beside the certificate.
    package var keyFile: String?
    package init(certificateFile: String, keyFile: String? = nil) {
      self.certificateFile = certificateFile
      self.keyFile = keyFile
    }
  }

  package struct Header: Hashable, Sendable {
    package var name: String
    package var value: String
    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  package init(
    endpoint: String, url: String, headers: [Header], body: [UInt8], id: String, signedAt: Moment,
    identity: Identity? = nil
  ) {
    self.endpoint = endpoint
    self.url = url
    self.headers = headers
    self.body = body
    self.id = id
    self.signedAt = signedAt
    self.identity = identity
  }

  package var description: String { "\(id) to \(endpoint)" }
}

package enum PreparedAttempt: Hashable, Sendable {
  /// Still decided for, by the row's channel class.
  case send(OutgoingMail)
  /// The same, by webhook.
  case post(OutgoingPost)
  /// Decided against now; the decision is stored already (`insert(decision:)`).
  case withhold(decision: Int64)
  case expire
  /// No message can be made (stage compose), or none to this address (stage address).
  case unsendable(Failure)
  /// Of rows that came together as one digest: what goes in which message, and what goes in none. Every row of the
  /// delivery is in exactly one part; no part is split again.
  case split([PreparedPart])
}

/// Some of the rows of a digest, and what becomes of them.
package struct PreparedPart: Hashable, Sendable {
  package var delivery: ClaimedDelivery
  package var attempt: PreparedAttempt
  package init(_ delivery: ClaimedDelivery, _ attempt: PreparedAttempt) {
    self.delivery = delivery
    self.attempt = attempt
  }
}

package protocol AttemptPreparer: Sendable {
  /// One answer for each row, in order. Called before each attempt, by several threads; it may use the store.
  /// - Throws: `UnusableSite`, and whatever else ends a worker.
  func prepare(_ rows: [ClaimedDelivery], now: Moment) throws -> [PreparedAttempt]

  /// Looks at what attempts are decided by. A number that is another than the last time says that it changed: what was
  /// prepared before is then to be prepared anew. Asked twice a second by each worker, so it costs little.
  /// - Throws: `UnusableSite`, and whatever else ends a worker.
  func grounds(now: Moment) throws -> Int
}

/// Files of the site that nothing can be decided by: nothing is sent until a person has mended them.
package struct UnusableSite: Error {
  /// For a person: which file and line, and what is wrong.
  package let why: String
  package let cause: any Error
  package init(_ cause: any Error, why: String) {
    self.cause = cause
    self.why = why
  }
}
