// A version of another series or for other sectors leaves feeds: who pulls these is told, and of a version that they may
// not see they are told nothing.

import Feeds
import Foundation
import Markings
import Outbox
import Store
import Testing
import Workflows

@Suite struct FeedLeavingTests {
  private let site: SmallSite
  private let bench: FeedBench

  init() throws {
    site = try SmallSite(SmallSite.people + [Person("power", sectors: ["energy"])])
    // What is immediate may leave nobody without a section.
    let path = "templates/alarm/template.yaml"
    let text = String(decoding: try site.files.read(path, limit: 1 << 20), as: UTF8.self)
    try site.write(path, text.replacing("urgency: immediate", with: "urgency: routine"))
    bench = try FeedBench(site)
  }

  /// A minute after the last order, in words of its own.
  @discardableResult
  private func release(_ kind: ReleaseKind, _ text: BulletinText) throws -> String {
    bench.now = bench.now + .minutes(1)
    let order = ReleaseOrder(by: "boss", kind: kind)
    var text = text
    text.bottomLine = text.bottomLine.replacing(".[^s1]", with: " (\(bench.now.seconds)).[^s1]")
    return try site.release(try site.bulletin(text), order, now: Instant(seconds: bench.now.seconds)).serial
  }

  private func end(_ serial: String, _ kind: ReleaseKind = .recall) throws {
    bench.now = bench.now + .minutes(1)
    try site.end(serial, kind, now: Instant(seconds: bench.now.seconds))
  }

  private static let forEnergy = BulletinText { $0.front = ["audience: { sectors: [energy] }"] }
  private static let alarm = BulletinText {
    $0.series = "alarm"
    $0.bottomLine = "(U//FOUO) Canarymoved it is an alarm now.[^s1]"
  }
  private static let hiddenAlarm = BulletinText {
    $0.series = "alarm"
    $0.bottomLine = "(U//LES) Canaryhidden it is an alarm now.[^s1]"
    $0.detail = nil
  }

  @Test func aBulletinIsWithdrawnInTheSeriesThatItLeft() throws {
    let first = try release(.release, BulletinText())
    #expect(try bench.page("clerk", "brief").contains("Canaryfouo"))
    let second = try release(.update, Self.alarm)
    let left = try bench.page("clerk", "brief")
    #expect(left.contains("ITEM \(first)/1 withdrawn") && !left.contains("Canary") && !left.contains(second))
    #expect(try bench.page("clerk", "brief", month: "2026-11").contains("ITEM \(first)/1 withdrawn"))
    for slug in ["alarm", "all"] {
      let text = try bench.page("clerk", slug)
      #expect(text.contains("ITEM \(second)/2 live") && text.contains("Canarymoved"), "\(slug)")
      #expect(text.components(separatedBy: "ITEM ").count == 2, "once in one feed")
    }
    let made = try #require(try bench.ask(.page(slug: "brief", month: nil, .atom), "clerk"))
    #expect(made.contents.map(\.kind) == [.withdrawn] && made.contents.map(\.version) == [1])
    // What becomes of it later is told where it stands.
    try end(second)
    #expect(try bench.ask(.page(slug: "brief", month: nil, .atom), "clerk") === made)
    #expect(try bench.page("clerk", "alarm").contains("ITEM \(second)/2 recalled"))
    #expect(try !bench.page("lapsed", "brief").contains("ITEM"))
  }

  @Test func aBulletinThatComesBackStandsWhereItWas() throws {
    try release(.release, BulletinText())
    try release(.update, Self.alarm)
    let third = try release(.update, BulletinText())
    #expect(try bench.page("clerk", "brief").contains("ITEM \(third)/3 live"))
    #expect(try bench.page("clerk", "alarm").contains("/2 withdrawn"))
    #expect(try bench.items("clerk", "brief").count == 1 && bench.items("clerk", "alarm").count == 1)
  }

  @Test func aBulletinIsWithdrawnInTheSectorThatItLeft() throws {
    let first = try release(.release, Self.forEnergy)
    #expect(try bench.page("power", "energy").contains("Canaryles"))
    let second = try release(.update, BulletinText())
    let left = try bench.page("power", "energy")
    #expect(left.contains("ITEM \(first)/1 withdrawn") && !left.contains("Canary") && !left.contains(second))
    #expect(try bench.page("power", "energy", month: "2026-11").contains("ITEM \(first)/1 withdrawn"))
    #expect(try bench.page("power").contains("ITEM \(second)/2 live"))
    // It was never there for somebody of no sector, and the bulletin's other feeds are as they would be.
    #expect(try !bench.page("officer", "energy").contains("ITEM"))
    #expect(try !bench.page("power", "brief").contains("withdrawn"))
    try end(second)
    #expect(try bench.page("power", "energy") == left)
  }

  /// The clerk may see the first version alone.
  @Test func theSeriesOfAHiddenVersionIsNotTold() throws {
    let first = try release(.release, BulletinText())
    try release(.update, Self.hiddenAlarm)
    #expect(try bench.page("clerk", "brief").contains("ITEM \(first)/1 withdrawn"))
    #expect(try !bench.page("clerk", "alarm").contains("ITEM") && bench.items("clerk", "alarm").isEmpty)
    #expect(try bench.archive("clerk", "alarm", month: "2026-11") == nil)
    #expect(try bench.page("officer", "alarm").contains("/2 live"))
    #expect(try bench.page("officer", "brief").contains("ITEM \(first)/1 withdrawn"))
  }

  @Test func anEndThatFollowsAnotherIsAMessageOfItsOwn() throws {
    let serial = try release(.release, BulletinText())
    try end(serial, .expiry)
    #expect(try bench.alert("clerk", serial, 1, .expired) != nil && bench.alert("clerk", serial, 1) == nil)
    try end(serial)
    #expect(try bench.alert("clerk", serial, 1, .recalled) != nil)
    #expect(try bench.alert("clerk", serial, 1, .expired) == nil)
  }

  @Test func addressesOfMessagesSayHowItStands() {
    for (name, standing) in [("X.1", FeedItem.Standing.live), ("X.1-expired", .expired), ("X.1-withdrawn", .withdrawn)]
    {
      #expect(FeedAddress(path: ["cap", name + ".xml"]) == .cap(serial: "X", version: 1, standing))
    }
    for name in ["X.1-live", "X.1-cancel", "X.1-expired-recalled", ".1-recalled", "X-recalled"] {
      #expect(FeedAddress(path: ["cap", name + ".xml"]) == nil, "\(name)")
    }
  }

  // MARK: Reports

  private func reports(_ reader: String, in slug: String = "all") throws -> [String: Bool] {
    struct Envelope: Decodable {
      struct Object: Decodable {
        var id: String
        var revoked: Bool?
      }
      var objects: [Object]?
    }
    let desk = TaxiiDesk(bench.desk, store: site.store, secret: try site.secret())
    let served = try desk.answer(
      TaxiiRequest(path: "/taxii2/bulletins/collections/\(slug)/objects/", query: "match[type]=report"), for: reader,
      allows: { _ in true }, now: bench.now)
    let objects = try JSONDecoder().decode(Envelope.self, from: served.answer.body).objects ?? []
    return Dictionary(uniqueKeysWithValues: objects.map { ($0.id, $0.revoked ?? false) })
  }

  /// Follows what the clerk and the officer are given through each change: nothing goes without a word, and nothing that
  /// was revoked comes back.
  private func follow(_ versions: [BulletinText], in slugs: [String] = ["all"]) throws {
    var known: [String: [String: Bool]] = [:]
    for (place, text) in versions.enumerated() {
      try release(place == 0 ? .release : .update, text)
      for reader in ["clerk", "officer"] {
        for slug in slugs {
          let now = try reports(reader, in: slug)
          for (id, wasRevoked) in known[reader + slug] ?? [:] {
            #expect(now[id] != nil && (!wasRevoked || now[id] == true), "\(reader), \(slug), version \(place + 1)")
          }
          known[reader + slug] = now
        }
        let own = slugs.flatMap { slug in (known[reader + slug] ?? [:]).map { (id: $0.key, isOver: $0.value) } }
        let live = Set(own.filter { !$0.isOver }.map(\.id))
        #expect(live.isDisjoint(with: own.filter(\.isOver).map(\.id)), "\(reader), version \(place + 1)")
      }
    }
    #expect(try reports("officer").filter { !$0.value }.count == 1)
  }

  @Test func labelsThatComeBackAreANewReport() throws {
    let higher = BulletinText {
      $0.bottomLine = "(U//FOUO) Canaryhigher.[^s1]"
      $0.detail = "(U//LES-NF) Canarylesnf."
    }
    // Of the clerk nothing changes.
    try follow([BulletinText(), higher, BulletinText()])
    #expect(try reports("clerk").count == 1 && reports("officer").count == 3)
  }

  @Test func whatWasHiddenInBetweenIsANewReport() throws {
    try follow([BulletinText(), Self.hiddenAlarm, BulletinText()])
    #expect(try reports("clerk").values.filter { $0 }.count == 1)
  }

  @Test func whatLeftAFeedIsANewReportWhenItComesBack() throws {
    try follow([BulletinText(), Self.alarm, BulletinText(), Self.alarm], in: ["all", "brief", "alarm"])
  }
}
