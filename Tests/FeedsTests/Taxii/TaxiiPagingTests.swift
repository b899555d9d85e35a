// The laws of paging, for any limits and any changes between two pages: a walk sees everything that is live exactly once
// in its newest version, nothing hidden, and each object's place is its own. A failure prints its seed.

import Feeds
import Testing

struct TaxiiPagingTests {
  /// SplitMix64.
  private struct Dice: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  /// A collection that changes as a site does: each change has a position after all others.
  private struct Site {
    let source = SampleSource([])
    var dice: Dice
    var clock = StixSamples.noon
    var newest = 0
    /// Bulletins that this caller may never see.
    var hidden: [Int: FeedItem] = [:]

    mutating func change() {
      // Often as close as it gets, as after an import.
      clock += Bool.random(using: &dice) ? StixReports.room : Int64.random(in: 1_000...5_000_000, using: &dice)
      switch Int.random(in: 0..<10, using: &dice) {
      case 0..<5:
        newest += 1
        let item = StixSamples.item(newest, at: clock)
        if Int.random(in: 0..<4, using: &dice) == 0 { hidden[newest] = item } else { source.items.append(item) }
      case 5..<7: update { $0.standing = .live }
      case 7: update { $0.standing = .recalled }
      case 8: update { $0.standing = .withdrawn }
      default:
        // Something happens to what nobody here may see.
        if let number = hidden.keys.min() { hidden[number]?.position = clock }
      }
    }

    private mutating func update(_ change: (inout FeedItem) -> Void) {
      guard !source.items.isEmpty else { return }
      var item = source.items.remove(at: Int.random(in: source.items.indices, using: &dice))
      // Two changes of one bulletin are never in one millisecond.
      clock = max(clock, item.position + 1_000)
      item.earlier.append(StixSamples.earlier(item.serial, item.version, labels: item.labels))
      item.version += 1
      if Bool.random(using: &dice) { item.labels = ["L\(Int.random(in: 0..<3, using: &dice))"] }
      item.position = clock
      change(&item)
      source.items.append(item)
    }
  }

  /// What a client that walks has been given.
  private struct Walk {
    var seen: [ClientPage.Object] = []
    var places: [String] = []
    var query = ""
    var isAtEnd = false

    mutating func step(_ source: SampleSource, limit: Int, way: Int, seed: UInt64) throws {
      let page = try source.objects("limit=\(limit)" + query)
      let manifest = try ClientPage(
        source.answer("/taxii2/bulletins/collections/all/manifest/", "limit=\(limit)" + query))
      #expect(try source.objects("limit=\(limit)" + query).answer == page.answer, "the same again; seed \(seed)")
      #expect(page.objects.count <= limit && page.more == (page.next != nil), "seed \(seed)")
      #expect(page.objects.map(\.id) == manifest.objects.map(\.id) && page.next == manifest.next, "seed \(seed)")
      #expect(page.first == manifest.objects.first?.added && page.last == manifest.objects.last?.added, "seed \(seed)")
      seen += page.objects
      places += manifest.objects.compactMap(\.added)
      isAtEnd = !page.more
      guard let last = page.last else { return }
      // The ways on that clients know.
      switch (page.next, way) {
      case (let next?, 0): query = "&next=\(next)"
      case (let next?, 1): query = "&next=\(next)&added_after=\(last)"
      default: query = "&added_after=\(last)"
      }
    }
  }

  @Test(arguments: 1...60 as ClosedRange<UInt64>)
  func aWalkSeesEverythingOnceAndNothingHidden(_ seed: UInt64) throws {
    var site = Site(dice: Dice(state: seed))
    for _ in 0..<Int.random(in: 0..<60, using: &site.dice) { site.change() }
    var walk = Walk()
    var changes = 40
    var pages = 0
    while !walk.isAtEnd || changes > 0 {
      // After the end a poller comes back for what was added since.
      try walk.step(
        site.source, limit: Int.random(in: 1..<9, using: &site.dice), way: Int.random(in: 0..<3, using: &site.dice),
        seed: seed)
      while changes > 0, Bool.random(using: &site.dice) {
        changes -= 1
        site.change()
        walk.isAtEnd = false
      }
      pages += 1
      try #require(pages < 1_000, "seed \(seed)")
    }
    check(walk, site, seed)
  }

  private func check(_ walk: Walk, _ site: Site, _ seed: UInt64) {
    #expect(walk.places == walk.places.sorted() && Set(walk.places).count == walk.places.count, "seed \(seed)")
    let reports = walk.seen.filter { $0.type == "report" }
    let versions = reports.map { $0.id + ($0.modified ?? "") }
    #expect(Set(versions).count == versions.count, "nothing twice in one version; seed \(seed)")
    for item in site.source.items {
      for entry in StixSamples.reports.entries(item) {
        let newest = reports.last { $0.id == entry.object.id }
        #expect(newest?.modified == entry.object.version, "\(item.serial); seed \(seed)")
        let isOver = item.standing != .live || entry.position != item.position
        #expect((newest?.revoked == true) == isOver, "\(item.serial); seed \(seed)")
      }
    }
    for item in site.hidden.values {
      #expect(!walk.seen.contains { $0.id == StixSamples.reports.id(item) }, "seed \(seed)")
    }
    let support = Set(StixSamples.support.entries.map(\.object.id))
    #expect(walk.seen.filter { support.contains($0.id) }.count == support.count, "each once; seed \(seed)")
  }

  @Test func aCursorHoldsForAnyLimitAndAnyTime() throws {
    let source = SampleSource((0..<40).map { StixSamples.item($0, at: StixSamples.noon + Int64($0) * 16) })
    let next = try #require(try source.objects("match[type]=report&limit=10").next)
    for limit in [1, 5, 30] {
      let page = try source.objects("match[type]=report&limit=\(limit)&next=\(next)")
      #expect(page.objects.first?.name?.hasSuffix("devices 10") == true)
      #expect(page.objects.count == limit)
    }
    // The time at which a walk began, repeated beside the cursor, does not take it back.
    let page = try source.objects("match[type]=report&limit=1&next=\(next)&added_after=2026-11-22T16:00:00Z")
    #expect(page.objects.first?.name?.hasSuffix("devices 10") == true)
  }

  /// An import releases many in the same moment.
  @Test func manyAtOneTimeHavePlacesOfTheirOwn() throws {
    let source = SampleSource((0..<250).map { StixSamples.item($0, at: StixSamples.noon + Int64($0) * 16) })
    var names: Set<String?> = []
    var after: String? = "2026-11-22T16:59:59Z"
    var pages = 0
    while let time = after {
      let page = try source.objects("added_after=\(time)&limit=100")
      names.formUnion(page.objects.map(\.name))
      pages += 1
      after = page.more ? page.last : nil
    }
    #expect(names.count == 250)
    #expect(pages == 3)
  }

  /// A hundred thousand bulletins, each made when it is asked for.
  private final class LongCollection: TaxiiSource {
    let count = 100_000
    var made = 0
    var calls = 0
    func items(after position: Int64, limit: Int) -> [FeedItem] {
      calls += 1
      let first = position < StixSamples.noon ? 0 : Int((position - StixSamples.noon) / 16) + 1
      let items = (first..<min(count, first + limit)).map {
        StixSamples.item($0, at: StixSamples.noon + Int64($0) * 16)
      }
      made += items.count
      return items
    }
    func item(report id: String) -> FeedItem? { nil }

    func page(_ query: String) throws -> ClientPage {
      (made, calls) = (0, 0)
      let request = TaxiiRequest(path: "/taxii2/bulletins/collections/all/objects/", query: query)
      return try ClientPage(StixSamples.service.answer(request, feeds: [StixSamples.all]) { _ in self })
    }
  }

  @Test func noPageOfALongWalkLooksBack() throws {
    let source = LongCollection()
    for start in [0, 50_000, 99_800] {
      let page = try source.page("limit=100&next=\(StixSamples.noon + Int64(start) * 16)")
      #expect(page.objects.count == 100 && page.more)
      #expect(source.calls == 1)
      #expect(source.made == 101)
    }
    // A version is a place too: 1,000 microseconds, 16 apart.
    #expect(try source.page("match[version]=2026-11-22T17:00:01.000Z").objects.count == 63)
    #expect(source.made <= 101)
  }
}
