// What goes into the webhook loop and what comes out of it: requests whose `sending_since` is committed, and what
// became of them; and how the loop is to call.

package import Outbox
package import Store
package import Webhooks

/// One delivery, ready for the wire: decided, signed, and marked as being sent. Handed on many times: an object, so
/// that this costs nothing.
package final class WebhookParcel: Sendable {
  /// The delivery's number in the ledger.
  package let number: Int64
  package let post: OutgoingPost
  /// Of the immediate lane: goes before all others.
  package let isUrgent: Bool
  package init(number: Int64, post: OutgoingPost, isUrgent: Bool = false) {
    self.number = number
    self.post = post
    self.isUrgent = isUrgent
  }
}

/// What became of a parcel; each gives exactly one.
package struct WebhookReceipt: Sendable {
  package enum What: Sendable {
    /// The endpoint took it: a 2xx.
    case accepted(status: Int, text: String)
    /// Retry-After of the answer, if it names one.
    case failed(Failure, retryAfter: Moment.Span?)
    /// Nothing of it left: the loop stops.
    case returned
  }
  package var number: Int64
  package var what: What
}

/// The way out of the site for webhooks. It is told an address that was judged, never a name: what DNS says to it
/// cannot lead anywhere else.
package struct WebhookProxy: Sendable {
  /// `http://HOST:PORT`, or `https://` with a certificate of the trusted authorities.
  package var url: String
  package var user: String?
  package var password: Secret?
  package init(url: String) { self.url = url }
}

package struct WebhookSettings: Sendable {
  /// Requests under way at once.
  package var connections = 32
  /// Of them those that only the immediate lane uses; at least one is left to the others.
  package var reserved = 0
  /// Requests under way to one endpoint.
  package var perEndpoint = 4
  package var addresses = AddressGuard()
  /// PEM file of the authorities to trust in place of the system's.
  package var caFile: String?
  /// nil: endpoints are dialled directly.
  package var proxy: WebhookProxy?
  /// What relative paths of certificates are relative to.
  package var root = "."
  /// For a whole request and its answer, in milliseconds.
  package var timeout = 15_000
  /// For tests: `host:port:address`, as CURLOPT_RESOLVE takes it, in place of DNS.
  package var answers: [String] = []
  package init() {}

  /// What is kept of an answer, in bytes.
  package static let answerLimit = 4_096
  /// What is read of one before the connection is given up.
  static let readLimit = 65_536
}
