// Rates of relays as workers borrow from them: one bucket for a relay and one for each destination domain at it, in the
// store, so that several workers together keep one rate and a restart begins no new one.

package import Outbox

/// What a worker asks of a bucket, and gives back to it.
package struct RateOrder: Hashable, Sendable {
  /// The relay's name.
  package var relay: String
  /// Empty: the relay's own bucket.
  package var domain: String
  /// Messages a second, as the settings say now.
  package var rate: Double
  package var wanted: Int
  /// Borrowed earlier and not used.
  package var unused: Int

  package init(relay: String, domain: String = "", rate: Double, wanted: Int, unused: Int = 0) {
    self.relay = relay
    self.domain = domain
    self.rate = rate
    self.wanted = wanted
    self.unused = unused
  }
}

package struct RateGrant: Hashable, Sendable {
  package var tokens: Int
  /// When it is worth asking again; nil: at once.
  package var next: Moment?

  package init(tokens: Int, next: Moment? = nil) {
    self.tokens = tokens
    self.next = next
  }
}
