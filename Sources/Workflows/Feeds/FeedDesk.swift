// Where callers' requests meet the site and the store: the one source of every byte that a feed gives out. It looks at
// the ledger's mark before each answer, so that nothing outlives a recall, and at the site's files once a second.
//
// Safe for many threads. What answers twice is kept; a document is made once for all who see the same (decision 0056).

import Bulletins
package import Distribution
package import Feeds
import Markings
package import Outbox
package import Store
import Synchronization

package final class FeedDesk: Sendable {
  private let source: Source
  private let store: any UnitOfWork
  private let address: String
  private let forms: FeedForms
  private let state: Mutex<State>

  private enum Source {
    case files(FolderOnDisk, SiteSecret)
    /// It never changes.
    case fixed
  }
  private struct State {
    /// nil of a site that never changes.
    var site: SiteState?
    var shelf: FeedShelf
    var epoch: FeedEpoch?
    /// Another import that was found in the store and looked into.
    var seenSnapshot: Int64?
    /// What stops everything, and when it was found: it is looked at again after a second.
    var problem: (found: FeedsUnavailable, at: Moment)?
  }

  /// - Parameter address: where partners reach this server, `https://feeds.example.gov`.
  /// - Throws: `FindingsFailure` when lists, policy or templates have errors, `WorkspaceProblem` when a series and a
  ///   sector have one name.
  package init(
    files: FolderOnDisk, store: any UnitOfWork, secret: SiteSecret, address: String, forms: FeedForms = .standard,
    now: Moment
  ) throws {
    source = .files(files, secret)
    self.store = store
    self.address = address
    self.forms = forms
    let site = try SiteState(files, store, secret, now: now)
    state = Mutex(State(site: site, shelf: try Self.shelf(site, address, store)))
  }

  /// Over a site that is given and never changes.
  package init(
    _ workspace: Workspace, readers: [Reader], store: any UnitOfWork, address: String,
    forms: FeedForms = .standard
  ) throws {
    source = .fixed
    self.store = store
    self.address = address
    self.forms = forms
    let readers = Dictionary(readers.map { ($0.id, $0) }) { first, _ in first }
    let site = try FeedSite(workspace, readers, address: address)
    state = Mutex(State(site: nil, shelf: FeedShelf(site, store: store)))
  }

  private static func shelf(_ site: SiteState, _ address: String, _ store: any UnitOfWork) throws -> FeedShelf {
    FeedShelf(try FeedSite(site.workspace, site.readers, address: address), store: store)
  }

  // MARK: Answers

  /// - Parameter reader: a stakeholder's id.
  /// - Returns: nil: there is no such thing for this caller, whatever there is for others.
  /// - Throws: `FeedsUnavailable`; `StoreError` and `LayoutProblem` where something is broken.
  package func representation(
    _ address: FeedAddress, for reader: String, now: Moment
  ) throws -> FeedRepresentation? {
    let epoch = try current(now)
    guard let reader = epoch.shelf.site.readers[reader] else { return nil }
    return try epoch.representation(address, for: reader, now: Instant(seconds: now.seconds))
  }

  /// The same if it is kept and holds now, for threads that may not wait: no file is looked at, nothing is decided or
  /// made, and no lock is waited for.
  /// - Returns: nil: ask `representation`, which knows.
  package func kept(_ address: FeedAddress, for reader: String, now: Moment) -> FeedRepresentation? {
    guard var mark = store.feedMarkAtHand(), !mark.isHalted, !mark.importFailed,
      mark.dueAt.map({ $0 > now }) ?? true
    else { return nil }
    mark.access = 0
    let epoch = state.withLockIfAvailable { state -> FeedEpoch? in
      guard state.problem == nil, state.site?.isFresh(at: now) ?? true, let epoch = state.epoch, epoch.mark == mark,
        epoch.shelf === state.shelf
      else { return nil }
      return epoch
    }
    guard let epoch, let epoch else { return nil }
    return epoch.kept(address, for: reader, at: Instant(seconds: now.seconds))
  }

  /// Items that a caller sees after a position, oldest first; hidden ones are passed over.
  /// - Returns: at most `limit`; fewer when no more are there.
  package func items(
    after position: Int64, limit: Int, in slug: String, for reader: String, now: Moment
  ) throws -> [FeedItem] {
    let epoch = try current(now)
    guard let reader = epoch.shelf.site.readers[reader], let feed = epoch.shelf.site.feeds[slug] else { return [] }
    let instant = Instant(seconds: now.seconds)
    return try found(after: position, limit: limit, in: feed, by: reader, at: instant, epoch).map(\.item)
  }

  /// The same, with what the ledger is told of each.
  func found(
    after position: Int64, limit: Int, in feed: FeedName, by reader: Reader, at now: Instant, _ epoch: FeedEpoch
  ) throws -> [(item: FeedItem, pulled: PulledVersion)] {
    var found: [(item: FeedItem, pulled: PulledVersion)] = []
    var last = position
    while found.count < limit {
      let room = max(limit - found.count, 64)
      let places = try store.read { try $0.feedPlaces(after: last, limit: room) }
      for place in places where found.count < limit {
        if let view = try epoch.seen(place, in: feed, by: reader, at: now) {
          found.append(try epoch.shelf.item(view))
        }
      }
      guard places.count == room, let end = places.last else { break }
      last = end.position
    }
    return found
  }

  /// Every feed that there is, in order of slug.
  package func feeds(now: Moment) throws -> [FeedName] {
    try current(now).shelf.site.feeds.values.sorted { $0.slug < $1.slug }
  }

  // MARK: What holds now

  func current(_ now: Moment) throws -> FeedEpoch {
    try state.withLock { state in
      var mark = try store.feedMark()
      if mark.isHalted {
        throw FeedsUnavailable(why: .halted, detail: "the kill switch is thrown: revere resume", retryAfter: 60)
      }
      if try refresh(&state, mark, now) { mark = try store.feedMark() }
      if let due = mark.dueAt, due <= now {
        let site = state.shelf.site
        _ = try store.write {
          try $0.settleFeeds(now: now) { site.month(Instant(seconds: $0.seconds)) }
        }
        mark = try store.feedMark()
      }
      // Who may ask is not what is shown.
      mark.access = 0
      let instant = Instant(seconds: now.seconds)
      if let epoch = state.epoch, epoch.mark == mark, epoch.shelf === state.shelf, epoch.lasts(at: instant) {
        return epoch
      }
      let epoch = try FeedEpoch(state.shelf, mark, forms: forms, store: store, now: instant)
      state.epoch = epoch
      return epoch
    }
  }

  /// The site as its files are now. Files that cannot be used stop everything: nothing is decided by old facts.
  /// - Returns: something was imported.
  private func refresh(_ state: inout State, _ mark: FeedMark, _ now: Moment) throws -> Bool {
    guard case .files(let files, let secret) = source else { return false }
    if let problem = state.problem, now >= problem.at, now - problem.at < .seconds(1) { throw problem.found }
    do {
      let fresh: SiteState?
      // Another process found the files unusable, or other than they were when this one read them.
      let isOvertaken = mark.snapshot != state.site?.snapshot && mark.snapshot != state.seenSnapshot
      if mark.importFailed || state.problem != nil || isOvertaken {
        state.seenSnapshot = mark.snapshot
        fresh = try SiteState(files, store, secret, now: now)
      } else {
        fresh = try state.site?.refreshed(files, store, secret, now: now)
      }
      if let fresh {
        state.shelf = try Self.shelf(fresh, address, store)
        state.site = fresh
      }
      state.problem = nil
      return fresh != nil
    } catch {
      guard let site = UnusableSite(error) else { throw error }
      let found = FeedsUnavailable(why: .unusableSite, detail: site.why, retryAfter: 30)
      state.problem = (found, now)
      throw found
    }
  }
}
