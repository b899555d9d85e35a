// A partner system whose credential was good, and what becomes of one who asks.

/// What the credential allows; what its reader may see is decided anew for every bulletin.
package struct FeedCaller: Hashable, Sendable {
  /// The same as the reader's id: a partner is a reader of the distribution lists.
  package var partner: String
  /// Public id of the credential.
  package var credential: String
  /// Slugs; nil: every feed.
  package var feeds: Set<String>?
  package var allowsTaxii: Bool
  package var requestsPerMinute: Int

  package init(
    partner: String, credential: String = "", feeds: Set<String>? = nil, allowsTaxii: Bool = true,
    requestsPerMinute: Int = 600
  ) {
    self.partner = partner
    self.credential = credential
    self.feeds = feeds
    self.allowsTaxii = allowsTaxii
    self.requestsPerMinute = requestsPerMinute
  }

  package var reader: String { partner }

  /// - Parameter slug: of a feed, or `cap`.
  package func allows(_ slug: String) -> Bool { feeds?.contains(slug) ?? true }
}

package enum Admission: Hashable, Sendable {
  case caller(PartnerPass)
  /// No credential, or none that is good: 401, whatever is wrong with it.
  case refused
  /// Too many bad attempts by this name or from this address.
  case locked(seconds: Int)
  /// Too many requests: 429.
  case tooMany(seconds: Int)
}
