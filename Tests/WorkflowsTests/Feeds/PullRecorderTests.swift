// Pulls against a count of our own: first ones at once, others by the flush, numbers that never come twice.

import Outbox
import Store
import Synchronization
import Testing

@testable import Workflows

@Suite struct PullRecorderTests {
  private let now = PartnerBench.start
  private let caller = FeedCaller(partner: "tipline")

  private func counts(_ store: SQLStore, _ partner: String = "tipline") throws -> [String: Int64] {
    let pulls = try store.read { try $0.pulls(partner: partner) }
    return Dictionary(uniqueKeysWithValues: pulls.map { ("\($0.feed) \($0.release)", $0.count) })
  }

  @Test func theFirstIsThereBeforeTheAnswer() throws {
    let bench = try PartnerBench()
    let contents = try bench.releases(2)
    let recorder = PullRecorder(store: bench.store)
    #expect(try recorder.record(caller, feed: "all", contents: contents, now: now, mayWait: false) == nil)
    #expect(try recorder.record(caller, feed: "all", contents: contents, now: now) == 1)
    let other = try bench.another()
    #expect(try counts(other) == ["all 1": 1, "all 2": 1])
    // Again: counted in memory, also where the document was made anew, until it is flushed.
    let later = now + .seconds(5)
    #expect(try recorder.record(caller, feed: "all", contents: contents, now: later, mayWait: false) == 2)
    #expect(try recorder.record(caller, feed: "all", contents: contents.map { $0 }, now: later) == 3)
    #expect(try recorder.record(caller, feed: "all", contents: [], now: later, mayWait: false) == 4)
    #expect(try counts(other) == ["all 1": 1, "all 2": 1])
    // By another feed it is another row; a new version is written at once, beside what is known.
    #expect(try recorder.record(caller, feed: "brief", contents: [contents[1]], now: later) == 5)
    #expect(try counts(other) == ["all 1": 1, "all 2": 1, "brief 2": 1])
    try recorder.flush()
    #expect(try counts(other) == ["all 1": 3, "all 2": 3, "brief 2": 1])
    let row = try #require(try other.read { try $0.pulls(release: 1) }.first)
    #expect(row.firstAt == now && row.lastAt == later && row.version == 1)
    let partner = try #require(try other.read { try $0.partners() }.first)
    #expect(partner.lastPullAt == later && partner.sequence == 5)
    try recorder.flush()
    #expect(try counts(other) == ["all 1": 3, "all 2": 3, "brief 2": 1])
  }

  /// Which variant went out, and that the end was told, are rows of their own, there before the answer.
  @Test func whatIsCarriedHasARowOfItsOwn() throws {
    let bench = try PartnerBench()
    var version = try bench.releases(1)[0]
    (version.variant, version.banner) = ("v-fouo", "UNCLASSIFIED//FOUO")
    var forms = [version]
    (version.variant, version.banner) = ("v-les", "UNCLASSIFIED//LES")
    forms.append(version)
    version.kind = .title
    forms.append(version)
    (version.kind, version.variant, version.banner) = (.recalled, "notice:recalled:generic", "UNCLASSIFIED")
    forms.append(version)
    let recorder = PullRecorder(store: bench.store)
    for (index, form) in forms.enumerated() {
      let at = now + .seconds(Int64(index))
      for _ in 0...index {
        let mayWait = try recorder.record(caller, feed: "all", contents: [form], now: at, mayWait: false) == nil
        if mayWait { #expect(try recorder.record(caller, feed: "all", contents: [form], now: at) != nil) }
      }
      let rows = try bench.another().read { try $0.pulls(release: form.release) }
      #expect(rows.count == index + 1)
      #expect(rows.last?.kind == form.kind && rows.last?.variant == form.variant && rows.last?.banner == form.banner)
      #expect(rows.last?.firstAt == at)
    }
    try recorder.close()
    #expect(try bench.store.read { try $0.pulls(release: version.release) }.map(\.count) == [1, 2, 3, 4])
  }

  @Test func nobodyWithoutARow() throws {
    let bench = try PartnerBench()
    let recorder = PullRecorder(store: bench.store)
    let contents = try bench.releases(1)
    #expect(throws: StoreError.self) {
      try recorder.record(FeedCaller(partner: "nobody"), feed: "all", contents: contents, now: now)
    }
  }

  /// Servers that end well or badly, some flushes that fail: first pulls are all there, no number comes twice, and what
  /// was pulled again is only lost with a server that ended badly.
  @Test(arguments: UInt64(1)...6)
  func randomLives(seed: UInt64) throws {
    var dice = Dice(state: seed)
    let bench = try PartnerBench("a", "b")
    let store = FailingStore(bench.store)
    let releases = try bench.releases(8)
    var least: [String: [String: Int64]] = [:]
    var most: [String: [String: Int64]] = [:]
    var numbers: [String: [Int64]] = [:]
    for _ in 0..<25 {
      let recorder = PullRecorder(store: store)
      let documents = (0..<4).map { _ in releases.filter { _ in Bool.random(using: &dice) } }
      var counted: [String: [String: Int64]] = [:]
      for _ in 0..<Int.random(in: 0..<700, using: &dice) {
        let partner = Bool.random(using: &dice) ? "a" : "b"
        guard let document = documents.randomElement(using: &dice) else { continue }
        let feed = Bool.random(using: &dice) ? "all" : "cap"
        let contents = Int.random(in: 0..<4, using: &dice) == 0 ? document.map { $0 } : document
        let number = try recorder.record(FeedCaller(partner: partner), feed: feed, contents: contents, now: now)
        numbers[partner, default: []].append(try #require(number))
        for version in contents {
          let key = "\(feed) \(version.release)"
          counted[partner, default: [:]][key, default: 0] += 1
          most[partner, default: [:]][key, default: 0] += 1
          if least[partner]?[key] == nil { least[partner, default: [:]][key] = 1 }
        }
        switch Int.random(in: 0..<100, using: &dice) {
        case 0: try recorder.flush()
        case 1:
          store.fails.store(true, ordering: .relaxed)
          #expect(throws: StoreError.self) { try recorder.close() }
          store.fails.store(false, ordering: .relaxed)
        default: break
        }
      }
      if Bool.random(using: &dice) {
        try recorder.close()
        for (partner, counts) in counted { least[partner]?.merge(counts) { max($0, 1) + $1 - 1 } }
      }
    }
    for partner in ["a", "b"] {
      let found = try counts(bench.store, partner)
      for (key, count) in most[partner] ?? [:] {
        let kept = found[key] ?? 0
        let atLeast = least[partner]?[key] ?? 1
        #expect(kept >= atLeast && kept <= count, "seed \(seed): \(partner) \(key) \(kept) of \(count)")
      }
      #expect(Set(found.keys) == Set((most[partner] ?? [:]).keys), "seed \(seed)")
      let given = numbers[partner] ?? []
      #expect(zip(given, given.dropFirst()).allSatisfy { $0 < $1 }, "seed \(seed)")
    }
  }

  /// Without a server that ends badly nothing is lost and no number is left out.
  @Test func everyPullCounts() async throws {
    let bench = try PartnerBench()
    let contents = try bench.releases(3)
    let caller = caller
    let now = now
    var numbers: [Int64] = []
    for _ in 0..<2 {
      let recorder = PullRecorder(store: bench.store)
      numbers += try await withThrowingTaskGroup(of: [Int64].self) { group in
        for task in 0..<4 {
          group.addTask {
            try (0..<500).map { index in
              if index == 250, task == 0 { try recorder.flush() }
              return try recorder.record(caller, feed: "all", contents: contents, now: now) ?? 0
            }
          }
        }
        return try await group.reduce(into: []) { $0 += $1 }
      }
      try recorder.close()
    }
    #expect(numbers.sorted() == Array(1...4_000))
    #expect(try counts(bench.store) == ["all 1": 4_000, "all 2": 4_000, "all 3": 4_000])
    let partner = try #require(try bench.store.read { try $0.partners() }.first)
    #expect(partner.sequence == 4_000 && partner.gaps.isEmpty)
  }
}

private final class FailingStore: UnitOfWork {
  private let inner: SQLStore
  let fails = Atomic<Bool>(false)
  init(_ inner: SQLStore) { self.inner = inner }
  func write<Value>(_ work: (any StoreSession) throws -> Value) throws -> Value {
    if fails.load(ordering: .relaxed) { throw StoreError(.full) }
    return try inner.write(work)
  }
  func read<Value>(_ work: (any StoreSession) throws -> Value) throws -> Value { try inner.read(work) }
}
