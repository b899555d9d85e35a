// Why a partner system that pulled a bulletin will not be told of its end by a feed. Asked of the feeds themselves once
// the end is in the ledger; it says how they stand at that moment, not what a person changes afterwards.

import Distribution
import Markings
import Outbox
import Store

package enum FeedHindrance: String, Hashable, Sendable, CaseIterable {
  /// The lists have no such reader any more.
  case noReader = "no-reader"
  /// The reader is not active.
  case status
  /// None that is open.
  case noCredential = "no-credential"
  /// No open credential is for a feed that holds this bulletin.
  case scope
  /// By today's facts and policy the bulletin does not exist for this reader (decision 63).
  case facts
  /// The site or the ledger lets nobody make a feed.
  case noFeeds = "no-feeds"

  /// - Parameters:
  ///   - partners: their ids.
  ///   - serial: of any version.
  /// - Returns: those who will not be told; never fails, for nothing may undo the end of a bulletin.
  static func found(
    of partners: Set<String>, serial: String, in workspace: Workspace, store: any UnitOfWork, now: Instant
  ) -> [String: FeedHindrance] {
    guard !partners.isEmpty else { return [:] }
    do {
      let readers = workspace.lists.readers().filter { partners.contains($0.id) }.map { ($0.id, $0) }
      let site = try FeedSite(workspace, Dictionary(readers) { first, _ in first }, address: "")
      let moment = Moment(seconds: now.seconds)
      let (mark, entry, credentials) = try store.write { session in
        // No server may have run since: the entry gets its place now, if it has none.
        _ = try session.settleFeeds(now: moment) { site.month(Instant(seconds: $0.seconds)) }
        return (
          try session.feedMark(), try session.feedEntry(serial: serial),
          try session.credentials(partner: nil).filter { $0.isOpen(at: moment) }
        )
      }
      let epoch = try FeedEpoch(FeedShelf(site, store: store), mark, forms: .standard, store: store, now: now)
      return try partners.reduce(into: [:]) { found, partner in
        found[partner] = try hindrance(
          site.readers[partner], entry, credentials.filter { $0.partner == partner }, epoch, now)
      }
    } catch {
      return Dictionary(uniqueKeysWithValues: partners.map { ($0, .noFeeds) })
    }
  }

  /// - Returns: nil: a feed tells it.
  private static func hindrance(
    _ reader: Reader?, _ entry: FeedEntry?, _ credentials: [CredentialRecord], _ epoch: FeedEpoch, _ now: Instant
  ) throws -> FeedHindrance? {
    guard let reader else { return .noReader }
    guard reader.stakeholder.status == .active else { return .status }
    guard !credentials.isEmpty else { return .noCredential }
    guard let entry, try epoch.seen(entry, by: reader, at: now) != nil else { return .facts }
    for slug in Set(credentials.flatMap { $0.feeds ?? [FeedSite.allSlug] }) {
      // The feed of CAP has what the feed of all bulletins has.
      guard let feed = epoch.shelf.site.feeds[slug == FeedSite.capSlug ? FeedSite.allSlug : slug] else { continue }
      if try epoch.seen(entry, in: feed, by: reader, at: now) != nil { return nil }
    }
    return .scope
  }
}
