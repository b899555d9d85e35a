// The port for partner systems that pull: who may, with which credentials, who is locked out, the sequence numbers that
// they are given, and what they pulled. A partner is a reader of the distribution lists; here is what only the running
// system knows. No secret is stored: a slow hash of it is.

package import Outbox

package struct PartnerRecord: Hashable, Sendable {
  /// The reader's id.
  package var id: String
  package var requestsPerMinute: Int
  package var addedAt: Moment
  package var addedBy: String
  /// As of the last flush of counters.
  package var lastPullAt: Moment?
  /// The last sequence number that is known to have been given.
  package var sequence: Int64
  /// Numbers that may never have been given: a server ended without handing its block back.
  package var gaps: [ClosedRange<Int64>]

  package init(
    id: String, requestsPerMinute: Int, addedAt: Moment, addedBy: String, lastPullAt: Moment? = nil,
    sequence: Int64 = 0, gaps: [ClosedRange<Int64>] = []
  ) {
    self.id = id
    self.requestsPerMinute = requestsPerMinute
    self.addedAt = addedAt
    self.addedBy = addedBy
    self.lastPullAt = lastPullAt
    self.sequence = sequence
    self.gaps = gaps
  }
}

package struct CredentialRecord: Hashable, Sendable {
  /// Public: the user name of HTTP Basic.
  package var id: String
  package var partner: String
  /// How `hash` was made, with its costs: `scrypt 16384 8 1`.
  package var method: String
  package var salt: [UInt8]
  package var hash: [UInt8]
  /// Slugs of feeds; nil: every feed.
  package var feeds: [String]?
  package var allowsTaxii: Bool
  package var createdAt: Moment
  package var createdBy: String
  package var expiresAt: Moment
  package var revokedAt: Moment?
  package var revokedBy: String?

  package init(
    id: String, partner: String, method: String, salt: [UInt8], hash: [UInt8], feeds: [String]?, allowsTaxii: Bool,
    createdAt: Moment, createdBy: String, expiresAt: Moment, revokedAt: Moment? = nil, revokedBy: String? = nil
  ) {
    self.id = id
    self.partner = partner
    self.method = method
    self.salt = salt
    self.hash = hash
    self.feeds = feeds
    self.allowsTaxii = allowsTaxii
    self.createdAt = createdAt
    self.createdBy = createdBy
    self.expiresAt = expiresAt
    self.revokedAt = revokedAt
    self.revokedBy = revokedBy
  }

  package func isOpen(at now: Moment) -> Bool { revokedAt == nil && now < expiresAt }
}

/// Failures of one credential or one address, as they stand.
package struct AccessFailures: Hashable, Sendable {
  /// `credential ab12..` or `address 192.0.2.7`.
  package var key: String
  /// Since `since`.
  package var failures: Int
  package var since: Moment
  /// Times in a row that it was locked out: each is longer.
  package var lockOuts: Int
  /// nil of one that a person lifted.
  package var lockedUntil: Moment?

  package init(key: String, failures: Int, since: Moment, lockOuts: Int = 0, lockedUntil: Moment? = nil) {
    self.key = key
    self.failures = failures
    self.since = since
    self.lockOuts = lockOuts
    self.lockedUntil = lockedUntil
  }
}

/// What an answer carried of a version.
package enum PullKind: String, Hashable, Sendable, CaseIterable {
  /// Its words.
  case text
  /// Its title and banner, with a link to the words: the list of CAP alerts.
  case title
  /// A notice in place of words that the feed may not carry.
  case notice
  /// That it is over, and how.
  case recalled, expired, withdrawn

  package var isEnd: Bool { self == .recalled || self == .expired || self == .withdrawn }
}

/// One row for each partner, release, feed and what it carried: the first time is durable before the answer goes out.
package struct PullRecord: Hashable, Sendable {
  package var partner: String
  package var release: Int64
  package var version: Int
  /// Slug, or `cap`.
  package var feed: String
  package var kind: PullKind
  /// The key of the variant or notice, as deliveries have it; empty in rows from before it was kept.
  package var variant: String
  /// Of the variant or notice; empty as `variant` is.
  package var banner: String
  package var firstAt: Moment
  package var lastAt: Moment
  /// Answers that carried it, those that said "not modified" too; as of the last flush.
  package var count: Int64

  package init(
    partner: String, release: Int64, version: Int, feed: String, kind: PullKind = .text, variant: String = "",
    banner: String = "", firstAt: Moment, lastAt: Moment, count: Int64
  ) {
    self.partner = partner
    self.release = release
    self.version = version
    self.feed = feed
    self.kind = kind
    self.variant = variant
    self.banner = banner
    self.firstAt = firstAt
    self.lastAt = lastAt
    self.count = count
  }
}

package protocol PartnerStore {
  /// In order of id.
  func partners() throws(StoreError) -> [PartnerRecord]
  /// False: known already; then its rate is set.
  func add(partner: String, requestsPerMinute: Int, by: String, at: Moment) throws(StoreError) -> Bool

  /// Of one partner or of all, revoked and expired ones too; by partner, the oldest first.
  func credentials(partner: String?) throws(StoreError) -> [CredentialRecord]
  func credential(_ id: String) throws(StoreError) -> CredentialRecord?
  func insert(credential: CredentialRecord) throws(StoreError)
  /// False: it was revoked before, or there is none.
  func revoke(credential: String, by: String, at: Moment) throws(StoreError) -> Bool
  /// It ends then, and never later than it would have; false where nothing changed.
  func expire(credential: String, at: Moment) throws(StoreError) -> Bool

  func accessFailures() throws(StoreError) -> [AccessFailures]
  func set(accessFailures: AccessFailures) throws(StoreError)
  /// Ends a lock-out; every server sees it with its next request. False: there is none.
  func lift(lockOut key: String, at: Moment) throws(StoreError) -> Bool
  /// Forgets those whose window and lock-out ended before.
  func forgetAccessFailures(before: Moment) throws(StoreError)

  /// The next numbers for one server to give to a partner.
  /// - Parameter given: the last number of the block before that this server gave; nil: it had none. Then what an
  ///   earlier server left open becomes a gap.
  func reserveSequence(
    partner: String, count: Int64, given: Int64?, at: Moment
  ) throws(StoreError) -> ClosedRange<Int64>
  /// - Parameter closing: numbers of this block after `given` will not be given: the next server goes on there.
  func note(sequence given: Int64, of block: ClosedRange<Int64>, partner: String, lastPullAt: Moment, closing: Bool)
    throws(StoreError)

  /// Adds to the counts of rows that are there, makes the others.
  func insert(pulls: [PullRecord]) throws(StoreError)
  /// In order of feed, release and first time.
  func pulls(partner: String) throws(StoreError) -> [PullRecord]
  /// In order of partner, feed and first time.
  func pulls(release: Int64) throws(StoreError) -> [PullRecord]
}
