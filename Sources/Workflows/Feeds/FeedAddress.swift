// What is asked of feeds and what answers it, for whoever serves them and for `revere feeds render`.

package import Feeds
package import Markings
package import Store

/// A document of the feeds, but for TAXII, which asks for items.
package enum FeedAddress: Hashable, Sendable {
  /// - Parameters:
  ///   - slug: `all`, a series or a sector.
  ///   - month: `2026-11` of an archive; nil: the current document.
  case page(slug: String, month: String?, FeedForm)
  /// `/feeds/cap.atom`
  case capFeed
  /// `/cap/{serial}.{version}.xml`, of an end `/cap/{serial}.{version}-{standing}.xml`.
  case cap(serial: String, version: Int, FeedItem.Standing)

  /// By which a credential is scoped and a pull recorded.
  package var feed: String {
    switch self {
    case .page(let slug, _, _): slug
    case .capFeed, .cap: FeedSite.capSlug
    }
  }
}

/// What an answer carries of one version of a bulletin.
package struct PulledVersion: Hashable, Sendable {
  /// The release's id in the store.
  package var release: Int64
  package var version: Int
  package var kind: PullKind
  /// Key and banner of the variant or notice.
  package var variant: String
  package var banner: String
  package init(release: Int64, version: Int, kind: PullKind = .text, variant: String = "", banner: String = "") {
    self.release = release
    self.version = version
    self.kind = kind
    self.variant = variant
    self.banner = banner
  }
}

/// The bytes of one address for everybody who sees the same there.
package final class FeedRepresentation: Sendable {
  package let bytes: [UInt8]
  /// The same in the gzip form; the bytes as they are where that cannot be made.
  package let compressed: [UInt8]
  /// With its quotes: strong, a digest of `bytes` (RFC 9110 section 8.8.3).
  package let etag: String
  /// When these bytes were made, which is never before a caller got other ones. The time of the newest change would not
  /// do: a release is dated when its command began and seen when it is committed, and a client that asks by date alone
  /// could have got a later one in between (RFC 9110 section 8.8.2). It tells nothing of what the caller does not see.
  package let lastModified: Instant
  package let mediaType: String
  /// Something in it is LES or above, or TLP:RED: nothing on the way may keep it.
  package let isSensitive: Bool
  /// For the ledger of pulls.
  package let contents: [PulledVersion]

  init(
    _ bytes: [UInt8], mediaType: String, lastModified: Instant, isSensitive: Bool, contents: [PulledVersion]
  ) {
    self.bytes = bytes
    compressed = Gzip.compressed(bytes) ?? bytes
    etag = "\"\(RevisionHash.sha256(bytes).prefix(32))\""
    self.lastModified = lastModified
    self.mediaType = mediaType
    self.isSensitive = isSensitive
    self.contents = contents
  }

  /// About what it holds in memory, in bytes.
  var weight: Int { bytes.count + compressed.count + 512 }
}

/// Feeds cannot be served now: 503 with `Retry-After`. Nothing is served from before.
package struct FeedsUnavailable: Error, Hashable, Sendable {
  package enum Why: String, CaseIterable, Hashable, Sendable {
    /// The kill switch.
    case halted
    /// Lists, policy or templates cannot be used.
    case unusableSite = "unusable-site"
  }
  package var why: Why
  /// For the log and the operator, never for a caller.
  package var detail: String
  /// Seconds.
  package var retryAfter: Int
}
