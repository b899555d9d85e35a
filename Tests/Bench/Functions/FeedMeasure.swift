// The first request of each of 1,000 partners after a release: 40 visible sets, an Atom feed of 50 entries, over the desk
// of feeds and a store on disk. What every set sees was pulled before; the new bulletin has been seen by nobody.

import Distribution
import Feeds
import Foundation
import Outbox
import Store
import StoreSQLite
import Synchronization
import Workflows

enum FeedMeasure {
  private static let now = Moment(seconds: 1_795_366_800)
  private static let partners = 1_000
  private static let sets = 40
  private static let sectors = ["energy", "dams", "chemical", "communications", "financial-services", "nuclear"]

  /// Documents that were made.
  private final class Builds: Sendable { let count = Atomic(0) }

  /// - Parameters:
  ///   - workspace: one made by `revere init --sample`.
  ///   - folder: an empty folder on a real disk.
  static func run(workspace path: String, folder: String) throws -> Figures {
    let files = FolderOnDisk(root: path)
    let workspace = try WorkspaceLoading.load(files, settings: try WorkspaceLoading.settings(files))
    let store = try SQLStore(driver: try SQLiteDriver(path: folder + "/feeds.db"), at: now.milliseconds)
    let sample = try files.read("bulletins/situational-awareness-false-contractors.md", limit: 1 << 20)
    let blocks = sectors.map { "\n::: only sectors=\($0)\n\n(U//FOUO) For \($0).\n\n:::\n" }.joined()
    let text = Array((String(decoding: sample, as: UTF8.self) + "\n" + blocks).utf8)
    let builds = Builds()
    let standard = FeedForms.standard
    let forms = FeedForms(
      page: { page, form in
        builds.count.add(1, ordering: .relaxed)
        return try standard.page(page, form)
      }, capFeed: standard.capFeed, alert: standard.alert)
    try TaxiiMeasure.fill(store, 0..<50, text)
    let desk = try FeedDesk(
      workspace, readers: try readers(workspace, store, forms), store: store, address: "https://feeds.example.gov",
      forms: forms)
    func ask(_ place: Int) throws -> FeedRepresentation {
      let address = FeedAddress.page(slug: "all", month: nil, .atom)
      guard let made = try desk.representation(address, for: "p\(place)", now: now) else {
        throw MeasureFailure("a partner sees no feed")
      }
      return made
    }
    let before = try (0..<partners).map { try ask($0).etag }
    builds.count.store(0, ordering: .relaxed)
    try TaxiiMeasure.fill(store, 50..<51, text)
    var times: [Double] = []
    var bytes = 0
    for place in 0..<partners {
      var made: FeedRepresentation?
      times.append(try Stopwatch.seconds { made = try ask(place) })
      guard let made, made.etag != before[place] else { throw MeasureFailure("a partner was shown the old feed") }
      bytes = max(bytes, made.bytes.count)
    }
    try store.close()
    return Figures(values: [
      "slowest-ms": 1_000 * (times.max() ?? 0), "median-ms": 1_000 * Stopwatch.median(times),
      "builds": Double(builds.count.load(ordering: .relaxed)), "sets": Double(Set(before).count),
      "bytes": Double(bytes),
    ])
  }

  /// A reader of the samples who sees the bulletins, many times, of sectors that make 40 sets.
  private static func readers(_ workspace: Workspace, _ store: SQLStore, _ forms: FeedForms) throws -> [Reader] {
    let all = workspace.lists.readers()
    let desk = try FeedDesk(
      workspace, readers: all, store: store, address: "https://feeds.example.gov", forms: forms)
    let one = try all.first {
      try desk.items(after: 0, limit: 1, in: "all", for: $0.id, now: now).first?.isNotice == false
    }
    guard let one else { throw MeasureFailure("nobody may see the bulletin") }
    return (0..<partners).map { place in
      var reader = one
      reader.stakeholder.id = "p\(place)"
      reader.stakeholder.sectors = sectors.enumerated().filter { (place % sets) & 1 << $0.offset != 0 }.map(\.element)
      return reader
    }
  }
}
