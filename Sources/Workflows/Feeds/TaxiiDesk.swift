// TAXII over the desk of feeds: the same views and items as in every other form, told as STIX objects of collections.
// A request in, an answer out with what the ledger of pulls is to be told; whoever serves it admits callers first.
//
// Safe for many threads.

import Crypto
import Distribution
package import Feeds
import Markings
package import Outbox
package import Store
import Synchronization

package final class TaxiiDesk: Sendable {
  /// What goes to the caller, and what of it is recorded before it does.
  package struct Served: Sendable {
    package var answer: TaxiiAnswer
    /// Slug of the collection; nil where none was asked.
    package var feed: String?
    package var contents: [PulledVersion] = []
  }

  private let desk: FeedDesk
  private let store: any UnitOfWork
  private let key: StixIdentifiers.Key
  private let state = Mutex(State())

  private struct State {
    /// Made once for each state of the site's files.
    var known: (shelf: FeedShelf, service: TaxiiService)?
    var index = BulletinIndex()
  }

  package init(_ desk: FeedDesk, store: any UnitOfWork, secret: SiteSecret) {
    self.desk = desk
    self.store = store
    key = StixIdentifiers.Key(secret.key(for: .reports))
  }

  /// - Parameters:
  ///   - reader: a stakeholder's id. The caller's credential is for TAXII: to others `TaxiiAnswer.outOfScope` is the
  ///     answer, before anything is looked up.
  ///   - allows: whether the credential is for the feed of a slug.
  /// - Throws: as `FeedDesk.representation`.
  package func answer(
    _ request: TaxiiRequest, for reader: String, allows: (String) -> Bool, now: Moment
  ) throws -> Served {
    let epoch = try desk.current(now)
    let reader = epoch.shelf.site.readers[reader]
    // A partner that is no reader any more has no collections.
    let feeds = epoch.shelf.site.feeds.values.filter { reader != nil && allows($0.slug) }
    let service = try service(epoch.shelf)
    var source: CollectionSource?
    let answer = try service.answer(request, feeds: feeds.sorted { $0.slug < $1.slug }) { feed in
      guard let reader else { return NoSource() }
      let made = CollectionSource(
        desk: desk, store: store, epoch: epoch, feed: feed, reader: reader, now: Instant(seconds: now.seconds),
        reports: service.reports
      ) { try self.bulletins(id: $0, epoch.shelf.site.publisher.id) }
      source = made
      return made
    }
    return Served(
      answer: answer, feed: source?.feed.slug, contents: answer.contents.compactMap { source?.carried[$0.id] })
  }

  private func service(_ shelf: FeedShelf) throws -> TaxiiService {
    if let known = state.withLock({ $0.known }), known.shelf === shelf { return known.service }
    let founded = try store.read { try $0.feedFoundedAt() }.milliseconds * 1_000
    let workspace = shelf.site.workspace
    let registry = workspace.vocabulary.registry
    let support = StixSupport(
      publisher: shelf.site.publisher, foundedAt: founded,
      categories: registry.categories.keys.filter { workspace.policy.atoms[.category($0)] != nil },
      // Those that name countries have statements of their own.
      limits: Set(registry.disseminationControls.values).filter { !["REL TO", "DISPLAY ONLY"].contains($0) },
      regions: (workspace.vocabulary.names["regions"] ?? [:]).keys.map { shelf.site.region($0) })
    let service = TaxiiService(
      publisher: shelf.site.publisher, reports: StixReports(support: support, key: key))
    state.withLock { $0.known = (shelf, service) }
    return service
  }

  /// First serials of the bulletins that a report may be of.
  private func bulletins(id: String, _ site: String) throws -> [String] {
    guard let tag = StixIdentifiers.tag(report: id) else { return [] }
    return try state.withLock { state in
      if state.index.site != site { state.index = BulletinIndex(site: site) }
      try state.index.extend(store, key)
      return state.index.serials[tag] ?? []
    }
  }
}

/// Which bulletin a report's id is of, for all callers: it holds names of bulletins and nothing of who sees them.
private struct BulletinIndex {
  var site = ""
  /// By tag. Two bulletins of one tag are as good as impossible, and no harm.
  var serials: [[UInt8]: [String]] = [:]
  private var end: Int64 = 0

  init(site: String = "") { self.site = site }

  /// A bulletin that is new since has a position after all others.
  mutating func extend(_ store: any UnitOfWork, _ key: StixIdentifiers.Key) throws {
    while true {
      let places = try store.read { try $0.feedPlaces(after: end, limit: 1_000) }
      for entry in places.map(\.entry) {
        let tag = StixIdentifiers.tag(bulletin: FeedIdentifier.bulletin(entry.firstSerial, site: site), key: key)
        if serials[tag]?.contains(entry.firstSerial) != true { serials[tag, default: []].append(entry.firstSerial) }
      }
      guard let last = places.last else { return }
      end = last.position
      if places.count < 1_000 { return }
    }
  }
}

/// One collection for one caller, while one request is answered.
private final class CollectionSource: TaxiiSource {
  let feed: FeedName
  /// By `FeedItem.id`: what the ledger is told of an item that went out.
  private(set) var carried: [String: PulledVersion] = [:]
  private let desk: FeedDesk
  private let store: any UnitOfWork
  private let epoch: FeedEpoch
  private let reader: Reader
  private let now: Instant
  private let reports: StixReports
  private let bulletins: (String) throws -> [String]

  init(
    desk: FeedDesk, store: any UnitOfWork, epoch: FeedEpoch, feed: FeedName, reader: Reader, now: Instant,
    reports: StixReports,
    bulletins: @escaping (String) throws -> [String]
  ) {
    self.desk = desk
    self.store = store
    self.epoch = epoch
    self.feed = feed
    self.reader = reader
    self.now = now
    self.reports = reports
    self.bulletins = bulletins
  }

  func items(after position: Int64, limit: Int) throws -> [FeedItem] {
    try desk.found(after: position, limit: limit, in: feed, by: reader, at: now, epoch).map(note)
  }

  func item(report id: String) throws -> FeedItem? {
    for serial in try bulletins(id) {
      guard let entry = try store.read({ try $0.feedEntry(serial: serial) }),
        let view = try epoch.seen(entry, in: feed, by: reader, at: now)
      else {
        continue
      }
      let item = note(try epoch.shelf.item(view))
      if reports.entries(item).contains(where: { $0.object.id == id }) { return item }
    }
    return nil
  }

  private func note(_ found: (item: FeedItem, pulled: PulledVersion)) -> FeedItem {
    carried[found.item.id] = found.pulled
    return found.item
  }
}

private struct NoSource: TaxiiSource {
  func items(after position: Int64, limit: Int) -> [FeedItem] { [] }
  func item(report id: String) -> FeedItem? { nil }
}
