// A walk through a collection of 100,000 bulletins by pages of 100, over the desk of feeds and a store on disk: pages at
// five places of it, none of which was asked for before, so that each is read, decided, rendered and written anew.

import Distribution
import Feeds
import Foundation
import Markings
import Outbox
import Store
import StoreSQLite
import Workflows

enum TaxiiMeasure {
  private static let now = Moment(seconds: 1_795_366_800)
  private static let pages = 6

  /// - Parameters:
  ///   - workspace: one made by `revere init --sample`.
  ///   - folder: an empty folder on a real disk.
  static func run(bulletins: Int, workspace path: String, folder: String) throws -> Figures {
    let files = FolderOnDisk(root: path)
    let workspace = try WorkspaceLoading.load(files, settings: try WorkspaceLoading.settings(files))
    let store = try SQLStore(driver: try SQLiteDriver(path: folder + "/feeds.db"), at: now.milliseconds)
    let text = try files.read("bulletins/situational-awareness-false-contractors.md", limit: 1 << 20)
    try fill(store, 0..<1, text)
    let none = FeedForms(page: { _, _ in [] }, capFeed: { _ in [] }, alert: { _, _ in [] })
    let feeds = try FeedDesk(
      workspace, readers: workspace.lists.readers(), store: store, address: "https://feeds.example.gov", forms: none)
    guard let secret = SiteSecret(file: Array(Data(repeating: 7, count: 32).base64EncodedString().utf8)) else {
      throw MeasureFailure("the secret is none")
    }
    let desk = TaxiiDesk(feeds, store: store, secret: secret)
    let reader = try workspace.lists.readers().map(\.id).first {
      try feeds.items(after: 0, limit: 1, in: "all", for: $0, now: now).first?.isNotice == false
    }
    guard let reader else { throw MeasureFailure("nobody may see the bulletin") }
    try fill(store, 1..<bulletins, text)
    func ask(_ path: String, _ query: String?) throws -> TaxiiDesk.Served {
      try desk.answer(
        TaxiiRequest(path: "/taxii2/bulletins/collections/all/objects/" + path, query: query), for: reader,
        allows: { _ in true }, now: now)
    }
    // Positions as the store gave them; the first page makes what all share.
    let positions = try store.read { try $0.feedPlaces(after: 0, limit: bulletins) }.map(\.position)
    guard positions.count == bulletins else { throw MeasureFailure("\(positions.count) bulletins are in the ledger") }
    _ = try ask("", "match[type]=identity")
    var figures: [String: Double] = [:]
    var worst: [Double] = []
    for place in 0...4 {
      var next: String? = String(positions[(bulletins - pages * 100 - 200) * place / 4])
      var times: [Double] = []
      for _ in 0..<pages {
        guard let cursor = next else { throw MeasureFailure("the walk ended at place \(place)") }
        var served: TaxiiDesk.Served?
        times.append(try Stopwatch.seconds { served = try ask("", "match[type]=report&limit=100&next=\(cursor)") })
        guard let served, served.answer.contents.count == 100 else { throw MeasureFailure("a page is not full") }
        next = try JSONDecoder().decode(Page.self, from: served.answer.body).next
      }
      // The lower ones: whatever else the machine does makes a page slower and never faster.
      let cost = times.sorted()[pages / 4]
      figures["place-\(place)-ms"] = 1000 * cost
      worst.append(cost)
    }
    // A report that nobody asked for before, by its id.
    let some = try JSONDecoder().decode(
      Page.self, from: ask("", "match[type]=report&limit=1&next=\(positions[bulletins / 3])").answer.body)
    guard let id = some.objects.first?.id else { throw MeasureFailure("there is no report") }
    figures["index-ms"] = 1000 * (try Stopwatch.seconds { _ = try ask(id + "/", nil) })
    figures["object-ms"] = 1000 * (try Stopwatch.seconds { _ = try ask(id + "/", nil) })
    figures["ratio"] = (worst.max() ?? 0) / (worst.first ?? 1)
    figures["bulletins"] = Double(bulletins)
    try store.close()
    return Figures(values: figures)
  }

  private struct Page: Decodable {
    struct Object: Decodable { var id: String }
    var next: String?
    var objects: [Object]
  }

  /// As releases write them, without rows of delivery.
  static func fill(_ store: SQLStore, _ bulletins: Range<Int>, _ text: [UInt8]) throws {
    try store.write { _ = try $0.settleFeeds(now: now) { _ in "2026-11" } }
    let text = Array(
      String(decoding: text, as: UTF8.self).replacing("consent: required", with: "consent: not-required").utf8)
    for first in stride(from: bulletins.lowerBound, to: bulletins.upperBound, by: 10_000) {
      try store.write { session in
        for number in first..<min(bulletins.upperBound, first + 10_000) {
          let stem = "measure-\(number)"
          let name = stem + ".md"
          _ = try session.insert(
            release: NewRelease(
              bulletin: stem, series: "situational-awareness", revisionHash: RevisionHash.of(name, text, files: []),
              files: [StoredFile(name: name, hash: RevisionHash.sha256(text), bytes: text)],
              serial: Serial(prefix: "CFC", code: "SA", year: 2026, number: number + 1), by: "measure", at: now,
              title: "Measure", banner: "UNCLASSIFIED//FOUO", lane: .routine, onUncertain: .hold, startsAt: now,
              lifetimeEnd: now + .hours(24 * 10), policyName: "cfc", policyVersion: "1", policyHash: "0"))
        }
      }
    }
    try store.write { _ = try $0.settleFeeds(now: now) { _ in "2026-11" } }
  }
}
