// What happens to what a caller may not see leaves no trace in anything that the caller gets: no byte, tag, date, order,
// cursor or count. And whoever only asks for what is new since the last time has everything, each version once.

import Feeds
import Foundation
import Markings
import Outbox
import Store
import Testing
import Workflows

@Suite struct FeedNoninterferenceTests {
  /// Seeds of histories; a failure names its own.
  private static let seeds: ClosedRange<UInt64> = 1...8
  private static let caller = "clerk"
  /// Sees everything: what is hidden from the caller does happen.
  private static let other = "officer"

  @Test func hiddenEventsLeaveNoTrace() throws {
    let site = try SmallSite()
    var (taken, compared) = (0, 0)
    for seed in Self.seeds {
      var dice = Dice(state: seed)
      let history = History(&dice)
      let overlays: [[HistoryOrder]] = [[], history.overlay(&dice), history.overlay(&dice)]
      let worlds = try ["", "x", "yy"].map { try HistoryWorld(site, salt: $0) }
      let gone = Set(history.gone.map(\.bulletin))
      taken += overlays.joined().filter { gone.contains($0.bulletin) || $0.replaces.map(gone.contains) == true }.count
      let orders = overlays.map { overlay in (history.told + overlay).sorted { $0.at < $1.at } }
      var done = overlays.map { _ in 0 }
      var cursor = "0"
      for now in checkpoints(history, &dice) {
        for (place, world) in worlds.enumerated() {
          while done[place] < orders[place].count, orders[place][done[place]].at <= now {
            try world.carryOut(orders[place][done[place]])
            done[place] += 1
          }
        }
        let seen = try worlds.map { world in
          try world.answers(Self.caller, numbers: history.numbers, cursor: cursor, now: now)
        }
        compared += seen[0].count
        for (place, other) in seen.enumerated().dropFirst() {
          for question in Set(seen[0].keys).union(other.keys).sorted() where seen[0][question] != other[question] {
            Issue.record(
              """
              seed \(seed), world \(place), \(now.seconds), \(question): \
              \(difference(seen[0][question], other[question]))
              """)
            return
          }
        }
        cursor =
          try worlds[0].desk.items(after: 0, limit: 100, in: "all", for: Self.caller, now: now)
          .map { String($0.position) }.randomElement(using: &dice) ?? cursor
      }
      let everything = try worlds.map { world in
        try world.answers(Self.other, numbers: history.numbers, cursor: "0", now: history.end)
      }
      #expect(everything[0] != everything[1] && everything[1] != everything[2], "seed \(seed)")
    }
    print(
      "feed noninterference: \(compared) answers compared in \(Self.seeds.count) histories, \(taken) events taken away")
    #expect(taken > 40 && compared > 2_000)
  }

  @Test func whoAsksForWhatIsNewHasEverythingOnce() throws {
    let site = try SmallSite()
    for seed in Self.seeds.prefix(4) {
      var dice = Dice(state: seed)
      let history = History(&dice)
      let world = try HistoryWorld(site, salt: "x")
      var orders = (history.told + history.overlay(&dice)).sorted { $0.at < $1.at }[...]
      var followers = [Self.caller, Self.other].flatMap { reader in
        ["all", "brief", "alarm"].map { Follower(reader: reader, feed: $0) }
      }
      for now in checkpoints(history, &dice) {
        while let order = orders.first, order.at <= now {
          try world.carryOut(order)
          orders.removeFirst()
        }
        for place in followers.indices {
          try followers[place].poll(world, now)
          let follower = followers[place]
          let who = "seed \(seed), \(now.seconds), \(follower.reader), \(follower.feed)"
          let whole = try follower.ask(world, "limit=1000", now)
          // What was given is there for good, if only to say that it is over: it never goes without a word.
          #expect(Set(whole.objects.map(\.id)) == Set(follower.kept.keys), "\(who)")
          for (id, object) in whole.objects { #expect(follower.kept[id] == object, "\(who), \(id)") }
          #expect(follower.twice.isEmpty && follower.risen.isEmpty, "\(who)")
        }
        // What one collection says is over is over in all.
        for reader in [Self.caller, Self.other] {
          let own = followers.filter { $0.reader == reader }
          #expect(Set(own.flatMap(\.live)).isDisjoint(with: own.flatMap(\.revoked)), "seed \(seed), \(reader)")
        }
      }
      #expect(orders.isEmpty && followers.allSatisfy { $0.feed == "alarm" || $0.kept.count > 3 })
    }
  }

  /// After each order that is told, shortly after midnights, and in between.
  private func checkpoints(_ history: History, _ dice: inout Dice) -> [Moment] {
    var times = history.told.map { $0.at + .seconds(1) } + [history.end]
    times += stride(from: 0, to: 24, by: 3).map { SmallDay($0).end + .seconds(1) }.filter { $0 < history.end }
    for _ in 0..<6 {
      times.append(SmallDay(0).end + .seconds(10 * Int64.random(in: 0...80_000, using: &dice)))
    }
    return times.filter { $0 <= history.end }.sorted()
  }

  private func difference(_ one: String?, _ other: String?) -> String {
    guard let one, let other else {
      return one == nil ? "there is none, and there is one" : "there is one, and there is none"
    }
    let pairs = zip(one.split(separator: "\n"), other.split(separator: "\n"))
    guard let (first, second) = pairs.first(where: { $0 != $1 }) else { return "one is longer" }
    let common = first.commonPrefix(with: second).count
    return "\(first.dropFirst(max(0, common - 60)).prefix(200)) | \(second.dropFirst(max(0, common - 60)).prefix(200))"
  }

  /// A client of TAXII that knows the time of the last thing that it was given.
  private struct Follower {
    var reader: String
    var feed: String
    var kept: [String: String] = [:]
    /// Ids that came again in a version that was known.
    var twice: [String] = []
    /// Ids that were revoked and came back (STIX 2.1 section 3.2).
    var risen: [String] = []
    private var last: String?

    init(reader: String, feed: String) { (self.reader, self.feed) = (reader, feed) }

    private static func isRevoked(_ text: String) -> Bool { text.contains("\"revoked\":true") }
    var revoked: [String] { kept.filter { Self.isRevoked($0.value) }.map(\.key) }
    var live: [String] { kept.filter { !Self.isRevoked($0.value) }.map(\.key) }

    struct Answer {
      var objects: [(id: String, text: String)] = []
      var last: String?
      var hasMore = false
    }

    mutating func poll(_ world: HistoryWorld, _ now: Moment) throws {
      while true {
        let page = try ask(world, "limit=20" + (last.map { "&added_after=\($0)" } ?? ""), now)
        for (id, text) in page.objects {
          if kept[id] == text { twice.append(id) }
          if let known = kept[id], Self.isRevoked(known), !Self.isRevoked(text) { risen.append(id) }
          kept[id] = text
        }
        last = page.last ?? last
        if !page.hasMore { return }
      }
    }

    func ask(_ world: HistoryWorld, _ query: String, _ now: Moment) throws -> Answer {
      let served = try world.ask("collections/\(feed)/objects/?" + query, reader, now: now).answer
      let page = try #require(try JSONSerialization.jsonObject(with: served.body) as? [String: Any])
      var answer = Answer(last: served.header("X-TAXII-Date-Added-Last"), hasMore: page["more"] as? Bool ?? false)
      for object in page["objects"] as? [[String: Any]] ?? [] {
        let text = try JSONSerialization.data(withJSONObject: object, options: .sortedKeys)
        answer.objects.append((try #require(object["id"] as? String), String(decoding: text, as: UTF8.self)))
      }
      return answer
    }
  }
}
