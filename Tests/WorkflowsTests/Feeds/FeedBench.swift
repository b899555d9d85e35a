// A desk over the small site, and documents of no form: each line is something of an item, so that a test can look for
// whatever a caller must or must not see.

import Bulletins
import Distribution
import Feeds
import Foundation
import Markings
import Outbox
import Store
import Synchronization
import Testing
import Workflows

final class FeedBench {
  let site: SmallSite
  let desk: FeedDesk
  let builds: Builds
  var now: Moment

  /// Documents that were made.
  final class Builds: Sendable {
    private let state = Mutex(0)
    var count: Int { state.withLock { $0 } }
    func add() { state.withLock { $0 += 1 } }
  }

  init(_ site: SmallSite, now: Instant = SmallSite.noon) throws {
    self.site = site
    self.now = Moment(seconds: now.seconds)
    let builds = Builds()
    self.builds = builds
    let forms = FeedForms(
      page: { page, form in
        builds.add()
        return Array(Self.text(page, form.rawValue).utf8)
      },
      capFeed: { page in Array(Self.text(page, "cap").utf8) },
      alert: { item, _ in Array(Self.text(item).utf8) })
    desk = try FeedDesk(
      files: site.files, store: site.store, secret: try site.secret(), address: "https://feeds.example.gov/",
      forms: forms, now: self.now)
  }

  static func text(_ page: FeedPage, _ form: String) -> String {
    let head = [
      form, page.url(.atom, month: page.month), "previous=\(page.previousMonth ?? "-")",
      "next=\(page.nextMonth ?? "-")", "sensitive=\(page.items.contains(where: \.isSensitive))",
      "feed=\(page.feed.title)",
    ]
    return (head + page.items.map(text)).joined(separator: "\n")
  }

  static func text(_ item: FeedItem) -> String {
    let earlier = item.earlier.map { "\($0.serial)/\($0.version)" }.joined(separator: ",")
    return """
      ITEM \(item.serial)/\(item.version) \(item.standing) \(item.change) notice=\(item.isNotice) earlier=[\(earlier)] \
      sectors=\(item.sectors.map(\.slug)) regions=\(item.regions.map(\.slug)) \(item.banner.text)
      \(item.id) \(item.title.text) \(item.labels) \(item.marks.map(\.text))
      \(item.html)
      \(item.text)
      """
  }

  func ask(_ address: FeedAddress, _ reader: String) throws -> FeedRepresentation? {
    try desk.representation(address, for: reader, now: now)
  }

  func page(_ reader: String, _ slug: String = "all", month: String? = nil) throws -> String {
    try #require(try archive(reader, slug, month: month))
  }
  func archive(_ reader: String, _ slug: String = "all", month: String?) throws -> String? {
    try ask(.page(slug: slug, month: month, .atom), reader).map { String(decoding: $0.bytes, as: UTF8.self) }
  }
  func alert(
    _ reader: String, _ serial: String, _ version: Int, _ standing: FeedItem.Standing = .live
  ) throws -> String? {
    try ask(.cap(serial: serial, version: version, standing), reader).map {
      String(decoding: $0.bytes, as: UTF8.self)
    }
  }

  func items(_ reader: String, _ slug: String = "all") throws -> [FeedItem] {
    try desk.items(after: 0, limit: 1_000, in: slug, for: reader, now: now)
  }
}
