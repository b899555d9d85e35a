// What feeds are made of by one state of the site: versions read from the store, their products as items show them, and
// who sees what. All of it is dropped when the site's files change.

import Bulletins
import Distribution
import Feeds
import Foundation
import Markings
import Outbox
import Rendering
import Store
import Synchronization

final class FeedShelf: Sendable {
  let site: FeedSite
  private let store: any UnitOfWork
  /// Bounded by bytes: a tree with its pictures is large, and a site keeps years of them.
  private let releases = KeptOnce<Int64, FeedRelease?>(limit: 96 << 20)
  private let products = KeptOnce<ProductName, Product>(limit: 96 << 20)
  /// By the position of the entry, which each change moves.
  private let lines = KeptOnce<Int64, FeedLine?>(limit: 20_000)
  /// Bounded by bytes. A change that a caller does not see leaves their documents as they are.
  let documents = KeptOnce<DocumentName, FeedRepresentation>(limit: 192 << 20)
  private let numbers = Mutex<[String: Int]>([:])
  private let moved = Mutex(Moved())

  /// Series that bulletins left, few: by the bulletin's stem, as far as to a position.
  private struct Moved {
    var series: [String: Set<String>] = [:]
    var end: Int64 = 0
  }

  private struct ProductName: Hashable {
    var release: Int64
    var shown: FeedView.Shown
  }

  /// What all who see the same of a version share.
  struct Product: Sendable {
    /// The store's, as deliveries have it.
    var key: String
    var title: MarkedText
    var banner: Banner
    var marks: [PortionMark]
    var scheme: Scheme
    var seriesName: String
    var urgency: Urgency
    var expires: Instant?
    var html: String
    var text: String
    var needs: [FeedItem.Term]
    var regions: [FeedItem.Region]
    var isSensitive: Bool
    var isPublic: Bool
  }

  init(_ site: FeedSite, store: any UnitOfWork) {
    self.site = site
    self.store = store
  }

  // MARK: Who sees what

  /// - Returns: nil: it does not exist for this caller in that feed; and until when that holds.
  func view(
    _ entry: FeedEntry, in feed: FeedName, of reader: Reader, at now: Instant
  ) throws -> (view: FeedView?, until: Instant) {
    let line = try lines.value(entry.position) { (try store.read { try FeedLine(entry, $0) }, 1) }
    guard let line else { return (nil, site.dayAfter(now)) }
    let (sight, until) = try line.sight(of: reader, number: number(of: reader), at: now) { try release($0.id) }
    return (sight?.view(in: feed), until)
  }

  /// Some version up to a position was of that series, whoever could see it. Most bulletins of a site are of others, and
  /// nothing is decided, or read, about them.
  func had(_ entry: FeedEntry, series: String, by position: Int64) throws -> Bool {
    if entry.series == series { return true }
    return try moved.withLock { moved in
      if moved.end < position {
        for one in try store.read({ try $0.feedSeriesLeft(after: moved.end) }) {
          moved.series[one.bulletin, default: []].insert(one.series)
        }
        moved.end = position
      }
      return moved.series[entry.bulletin]?.contains(series) ?? false
    }
  }

  /// Callers are few; the whole list of readers is not.
  private func number(of reader: Reader) -> Int {
    numbers.withLock { numbers in
      if let known = numbers[reader.id] { return known }
      numbers[reader.id] = numbers.count
      return numbers.count - 1
    }
  }

  /// - Returns: nil when nothing can be made of its files, whoever reads it.
  private func release(_ id: Int64) throws -> FeedRelease? {
    try releases.value(id) {
      let stored = try store.read { session in
        try session.release(id).map { try StoredRevision($0, session) }
      }
      guard let stored, let released = try? stored.read(in: site.workspace) else { return (nil, 64) }
      let release = FeedRelease(stored, released, site)
      return (release, release.weight)
    }
  }

  /// Serial and number of a version.
  func version(_ release: Int64) throws -> (serial: String, version: Int)? {
    try self.release(release).map { ($0.record.serial, $0.record.version) }
  }

  // MARK: Items

  /// - Throws: `LayoutProblem`
  /// - Returns: with what the ledger is told once it went out.
  func item(_ view: FeedView) throws -> (item: FeedItem, pulled: PulledVersion) {
    guard let release = try release(view.release) else {
      throw StoreError(.corrupt, detail: "release \(view.release) cannot be read any more")
    }
    let product = try products.value(ProductName(release: view.release, shown: view.shown)) {
      let made = try make(view.shown, release)
      return (made, made.html.utf8.count + made.text.utf8.count + 1_000)
    }
    let record = release.record
    var isNotice = true
    if case .variant = view.shown { isNotice = false }
    let item = FeedItem(
      id: FeedIdentifier.bulletin(view.firstSerial, site: site.publisher.id), serial: record.serial,
      version: record.version, change: change(record.kind), standing: view.standing,
      publishedAt: view.publishedAt, releasedAt: Instant(seconds: record.at.seconds),
      updatedAt: view.changedAt, position: view.position, expires: product.expires, title: product.title,
      banner: product.banner, marks: product.marks, labels: view.labels, run: view.run, scheme: product.scheme,
      series: FeedItem.Term(slug: record.series, name: product.seriesName), urgency: product.urgency,
      sectors: view.sectors.map { site.term($0, of: .sectors) }, needs: product.needs, regions: product.regions,
      html: product.html, text: product.text, isNotice: isNotice, isPublic: product.isPublic,
      isSensitive: product.isSensitive,
      earlier: try view.earlier.compactMap { earlier in
        try self.release(earlier.release).map { release in
          FeedItem.Version(
            serial: release.record.serial, version: release.record.version,
            releasedAt: Instant(seconds: release.record.at.seconds), labels: earlier.labels, run: earlier.run,
            expires: release.expires)
        }
      })
    let pulled = PulledVersion(
      release: view.release, version: record.version, kind: kind(view.standing, isNotice: isNotice),
      variant: product.key, banner: product.banner.text)
    return (item, pulled)
  }

  private func kind(_ standing: FeedItem.Standing, isNotice: Bool) -> PullKind {
    switch standing {
    case .live: isNotice ? .notice : .text
    case .recalled: .recalled
    case .expired: .expired
    case .withdrawn: .withdrawn
    }
  }

  private func change(_ kind: ReleaseKind) -> FeedItem.Change {
    switch kind {
    case .update: .updated
    case .correction: .corrected
    case .release, .recall, .expiry: .released
    }
  }

  private func make(_ shown: FeedView.Shown, _ release: FeedRelease) throws -> Product {
    let revision = release.decider.revision
    func product(
      _ key: String, _ rendered: Rendered, _ title: MarkedText, _ marks: [PortionMark], isSensitive: Bool,
      isPublic: Bool
    ) -> Product {
      Product(
        key: key, title: MarkedText(mark: title.mark, text: cleaned(title.text)), banner: rendered.banner, marks: marks,
        scheme: revision.document.frontMatter.scheme,
        seriesName: revision.template.publicName, urgency: release.urgency, expires: release.expires,
        html: rendered.fragment(), text: Self.plain(rendered.plainText()), needs: [], regions: [],
        isSensitive: isSensitive, isPublic: isPublic)
    }
    switch shown {
    case .variant(let key, let hasPortal):
      guard let made = try release.assembly.variant(key, channel: .feed, hasPortal: hasPortal) else {
        throw StoreError(.corrupt, detail: "\(release.record.serial) has a variant without a title")
      }
      var product = product(
        StoredProduct.key(key, release.decider, hasPortal: hasPortal), made.rendered, made.variant.title,
        made.variant.rolledUp, isSensitive: release.isSensitive(key.visible),
        isPublic: release.isPublic(key.visible))
      product.needs = (made.variant.details?.hsec ?? []).map { site.need($0) }
      product.regions = (made.variant.details?.audience ?? []).filter { $0.axis == .regions }
        .reduce(into: Set<String>()) { $0.formUnion($1.values) }.sorted().map { site.region($0) }
      return product
    case .notice(let content, let hasPortal, let ended):
      let rendered = try release.assembly.notice(content, hasPortal: hasPortal, ended: ended)
      let isNamed = content.title.form == .shortTitle
      return product(
        StoredProduct.key(content, hasPortal: hasPortal), rendered, content.title.title,
        [content.title.title.mark].compactMap { $0 },
        isSensitive: isNamed
          && release.isSensitive(
            PortionSet([Document.shortTitlePortion], of: release.decider.labels.portions.count)),
        isPublic: release.isPublic(nil))
    }
  }

  /// Without the spaces by which a mail's lines flow into one another.
  private static func plain(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      var line = line
      while line.last == " " { line.removeLast() }
      return String(line)
    }.joined(separator: "\n")
  }
}

/// All that a document is made of, beside the site and the versions themselves: equal names are equal bytes.
struct DocumentName: Hashable, Sendable {
  var address: FeedAddress
  /// When the day began at the center.
  var day: Instant
  var seen: [FeedView]
  var previousMonth: String?
  var nextMonth: String?
}

extension PortionSet {
  fileprivate init(_ portions: [Int], of count: Int) {
    self.init(count: count)
    for portion in portions where portion < count { insert(portion) }
  }
}
