// What is kept: one document for all who see the same, made once however many ask at the same time, and tags that tell
// callers of one visible set nothing of each other.

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

@Suite struct FeedKeepingTests {
  /// 40 of the sets that six sectors make.
  private static let words = ["energy", "dams", "chemical", "communications", "financial-services", "nuclear"]
  private static func sectors(_ set: Int) -> [String] {
    words.enumerated().filter { set & (1 << $0.offset) != 0 }.map(\.element)
  }

  private static func bulletin(_ place: Int) -> BulletinText {
    BulletinText {
      $0.title = "\"(U) Advisory \(place)\""
      $0.bottomLine = "(U//FOUO) Common text \(place).[^s1]"
      $0.detail = words.map { "::: only sectors=\($0)\n(U//FOUO) For \($0) \(place).\n:::" }.joined(separator: "\n\n")
    }
  }

  @Test func fortyVisibleSetsAndAThousandCallersAreFortyBuilds() throws {
    let people = SmallSite.people + (0..<1_000).map { Person("p\($0)", sectors: Self.sectors($0 % 40)) }
    let site = try SmallSite(people)
    for place in 0..<3 { try site.release(try site.bulletin(Self.bulletin(place), named: "b\(place)")) }
    let bench = try FeedBench(site)
    let address = FeedAddress.page(slug: "all", month: nil, .atom)
    let (desk, now) = (bench.desk, bench.now)
    for round in 1...2 {
      let found = Mutex<[String: FeedRepresentation]>([:])
      let failures = Mutex<[String]>([])
      DispatchQueue.concurrentPerform(iterations: 1_000) { place in
        do {
          let made = try desk.representation(address, for: "p\(place)", now: now)
          found.withLock { $0["p\(place)"] = made }
        } catch { failures.withLock { $0.append("\(error)") } }
      }
      #expect(failures.withLock { $0 } == [])
      let all = found.withLock { $0 }
      #expect(all.count == 1_000 && Set(all.values.map(\.etag)).count == 40)
      #expect(bench.builds.count == 40 * round)
      for place in 0..<1_000 { #expect(all["p\(place)"] === all["p\(place % 40)"]) }
      for set in 0..<40 {
        let text = String(decoding: all["p\(set)"]?.bytes ?? [], as: UTF8.self)
        for (bit, word) in Self.words.enumerated() { #expect(text.contains("For \(word)") == (set & 1 << bit != 0)) }
      }
      try site.release(try site.bulletin(Self.bulletin(10 + round), named: "later\(round)"))
    }
  }

  @Test func whatIsKeptAnswersWithoutALookAtFiles() throws {
    let site = try SmallSite()
    let serial = try site.release(try site.bulletin()).serial
    let bench = try FeedBench(site)
    let address = FeedAddress.page(slug: "all", month: nil, .atom)
    #expect(bench.desk.kept(address, for: "officer", now: bench.now) == nil)
    let made = try #require(try bench.ask(address, "officer"))
    #expect(bench.desk.kept(address, for: "officer", now: bench.now) === made)
    // Another who sees the same has yet to be decided about; an address without an answer has none kept.
    #expect(bench.desk.kept(address, for: "boss", now: bench.now) == nil)
    #expect(try bench.ask(.page(slug: "all", month: "2026-01", .atom), "officer") == nil)
    // The site's files are to be looked at again.
    #expect(bench.desk.kept(address, for: "officer", now: bench.now + .seconds(1)) == nil)
    try site.end(serial)
    #expect(bench.desk.kept(address, for: "officer", now: bench.now) == nil)
    #expect(try bench.ask(address, "officer") !== made)
  }

  @Test func theGzipFormHoldsNoTimeAndHasATagOfItsOwn() throws {
    let site = try SmallSite()
    try site.release(try site.bulletin())
    let address = FeedAddress.page(slug: "all", month: nil, .json)
    let one = try #require(try FeedBench(site).ask(address, "officer"))
    let other = try #require(try FeedBench(site).ask(address, "boss"))
    #expect(one.bytes == other.bytes && one.compressed == other.compressed && one.etag == other.etag)
    #expect(Array(one.compressed[..<8]) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0])
    let size = one.compressed.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    #expect(size == one.bytes.count && one.compressed.count < one.bytes.count)
    #expect(one.etag.hasPrefix("\"") && one.etag.hasSuffix("\"") && one.etag.count == 34)
    #expect(one.lastModified == other.lastModified)
  }

  @Test func whatACallerDoesNotSeeMovesNothingThatTheyDo() throws {
    let site = try SmallSite()
    try site.release(try site.bulletin())
    let bench = try FeedBench(site)
    let address = FeedAddress.page(slug: "all", month: nil, .atom)
    let before = try #require(try bench.ask(address, "clerk"))
    bench.now = bench.now + .minutes(1)
    let hidden = try site.release(
      try site.bulletin(
        BulletinText {
          $0.bottomLine = "(U//LES) Canaryhidden.[^s1]"
          $0.detail = nil
        }, named: "hidden"), now: Instant(seconds: bench.now.seconds)
    ).serial
    let after = try #require(try bench.ask(address, "clerk"))
    // Not even made again.
    #expect(after === before)
    bench.now = bench.now + .minutes(1)
    try site.end(hidden, now: Instant(seconds: bench.now.seconds))
    #expect(try bench.ask(address, "clerk")?.etag == before.etag)
    #expect(try bench.page("officer").contains("ITEM \(hidden)/1 recalled"))
  }
}
