// What a caller gets of feeds is what decide says, now: through releases, recalls, updates, facts that end and files that
// change.

import Bulletins
import Distribution
import Feeds
import Foundation
import Markings
import Outbox
import Store
import Testing
import Workflows

@Suite struct FeedDeskTests {
  @Test func eachCallerSeesTheOwnVariant() throws {
    let site = try SmallSite()
    let serial = try site.release(try site.bulletin()).serial
    let bench = try FeedBench(site)
    let officer = try bench.page("officer")
    #expect(officer.contains("Canaryfouo") && officer.contains("Canaryles"))
    #expect(officer.contains("Blades in sun visors") && officer.contains("sensitive=true"))
    let clerk = try bench.page("clerk")
    #expect(clerk.contains("Canaryfouo") && !clerk.contains("Canaryles") && !clerk.contains("Blades in sun"))
    #expect(clerk.contains("Officer safety advisory") && clerk.contains("sensitive=false"))
    // Elements alone, and nobody's link of acknowledgement.
    for part in ["<html", "<body", "<style", "<head", "cid:", "/a/", "<!--"] { #expect(!officer.contains(part)) }
    for reader in ["lapsed", "suspended", "firm"] {
      #expect(try !bench.page(reader).contains("ITEM"))
      #expect(try bench.archive(reader, month: "2026-11") == nil)
      #expect(try bench.alert(reader, serial, 1) == nil)
      #expect(try bench.items(reader).isEmpty)
    }
    #expect(try bench.ask(.page(slug: "all", month: nil, .atom), "nobody") == nil)
    #expect(try bench.ask(.page(slug: "no-such-feed", month: nil, .atom), "officer") == nil)
    #expect(try bench.alert("officer", serial, 1)?.contains("Canaryles") == true)
    #expect(try bench.alert("officer", serial, 2) == nil)
    #expect(try bench.alert("officer", serial, 1, .recalled) == nil)
    #expect(try bench.page("officer", "brief").contains("ITEM"))
    #expect(try !bench.page("officer", "alarm").contains("ITEM"))
  }

  /// What everybody with a credential is told of a series is the name that may be told outside.
  @Test func aFeedBearsItsSeriesPublicName() throws {
    let site = try SmallSite()
    try site.release(try site.bulletin())
    let text = try FeedBench(site).page("officer", "brief")
    #expect(text.contains("feed=Test series\n") && !text.contains("Test brief"))
  }

  /// As in the product itself: a mark that reads backwards is none.
  @Test func titlesAreCleaned() throws {
    let site = try SmallSite()
    try site.release(
      try site.bulletin(BulletinText { $0.title = "\"(U) Stay \u{202E}calm\u{2066} here\"" }))
    let items = try FeedBench(site).items("officer")
    #expect(items.map(\.title.text) == ["Stay calm here"])
  }

  /// The record says who has which variant, who has no more than a title, and who was told of the end.
  @Test func whatAnAnswerCarriesIsToldToTheLedger() throws {
    let site = try SmallSite()
    let serial = try site.release(try site.bulletin()).serial
    let bench = try FeedBench(site)
    func carried(_ address: FeedAddress, _ reader: String) throws -> PulledVersion {
      let made = try #require(try bench.ask(address, reader))
      #expect(made.contents.count == 1)
      return try #require(made.contents.first)
    }
    let all = FeedAddress.page(slug: "all", month: nil, .atom)
    let (officer, clerk) = (try carried(all, "officer"), try carried(all, "clerk"))
    #expect(officer.kind == .text && clerk.kind == .text)
    #expect(officer.banner.contains("LES") && !clerk.banner.contains("LES") && officer.variant != clerk.variant)
    let rows = try site.rows(serial)
    #expect(rows["officer"]?.variant == officer.variant, "as deliveries name it")
    // The list of alerts shows titles; the words are behind its links.
    let listed = try carried(.capFeed, "officer")
    #expect(listed.kind == .title && listed.variant == officer.variant && listed.banner == officer.banner)
    #expect(try carried(.cap(serial: serial, version: 1, .live), "officer") == officer)
    try site.end(serial)
    for address in [all, .capFeed, .cap(serial: serial, version: 1, .recalled)] {
      let told = try carried(address, "clerk")
      #expect(told.kind == .recalled && told.release == clerk.release && told.variant.hasPrefix("notice:recalled:"))
    }
  }

  @Test func theFirstPullAfterARecallCannotHoldTheOldBytes() throws {
    let site = try SmallSite()
    let serial = try site.release(try site.bulletin()).serial
    let bench = try FeedBench(site)
    let before = try #require(try bench.ask(.page(slug: "all", month: nil, .atom), "officer"))
    #expect(try bench.ask(.page(slug: "all", month: nil, .atom), "officer") === before)
    #expect(before.contents.map(\.version) == [1] && before.contents.map(\.kind) == [.text])
    // At the same instant: no clock has to move for it.
    try site.end(serial)
    let after = try #require(try bench.ask(.page(slug: "all", month: nil, .atom), "officer"))
    #expect(after.etag != before.etag && after.contents.map(\.kind) == [.recalled])
    for text in [try bench.page("officer"), try bench.page("officer", month: "2026-11")] {
      #expect(!text.contains("Canary") && text.contains("ITEM \(serial)/1 recalled") && text.contains("notice=true"))
      #expect(!text.contains("Blades in sun visors"))
    }
    #expect(try bench.alert("officer", serial, 1) == nil)
    #expect(try bench.alert("officer", serial, 1, .recalled)?.contains("recalled") == true)
    #expect(try bench.items("officer").map(\.standing) == [.recalled])
    // Nobody who could not see it hears of its end.
    #expect(try !bench.page("lapsed").contains("ITEM"))
    #expect(try bench.alert("lapsed", serial, 1, .recalled) == nil)
  }

  @Test func anUpdateBeyondACallerTakesTheEarlierVersionAway() throws {
    let site = try SmallSite()
    let first = try site.release(try site.bulletin()).serial
    let bench = try FeedBench(site)
    #expect(try bench.page("clerk").contains("Canaryfouo"))
    let second = try site.release(
      try site.bulletin(
        BulletinText {
          $0.bottomLine = "(U//LES) Canarynew the blades are ceramic.[^s1]"
          $0.detail = nil
        }), ReleaseOrder(by: "boss", kind: .update)
    ).serial
    let clerk = try bench.page("clerk")
    #expect(clerk.contains("ITEM \(first)/1 withdrawn") && !clerk.contains("Canary") && !clerk.contains(second))
    #expect(try bench.alert("clerk", first, 1) == nil)
    #expect(try bench.alert("clerk", first, 1, .withdrawn) != nil)
    let officer = try bench.page("officer")
    #expect(officer.contains("ITEM \(second)/2 live updated notice=false earlier=[\(first)/1]"))
    #expect(officer.contains("Canarynew") && !officer.contains("Canaryfouo"))
    #expect(try bench.alert("officer", first, 1) == nil)
    #expect(try bench.alert("officer", second, 2)?.contains("Canarynew") == true)
    let ids = try (bench.items("officer") + bench.items("clerk")).map(\.id)
    #expect(Set(ids).count == 1 && UUID(uuidString: ids[0]) != nil && !ids[0].contains("visor"))

    // Its recall tells the clerk nothing new, and not that there was a newer version.
    try site.end(first)
    let told = try bench.page("clerk")
    #expect(told.contains("ITEM \(first)/1 withdrawn") && !told.contains(second))
    #expect(try bench.page("officer").contains("ITEM \(second)/2 recalled"))
  }

  @Test func aVersionThatWaitsChangesNothingBeforeItsTime() throws {
    let site = try SmallSite()
    let first = try site.release(try site.bulletin()).serial
    let bench = try FeedBench(site)
    let before = try bench.page("officer")
    let second = try site.release(
      try site.bulletin(
        BulletinText {
          $0.front = ["not-before: 2026-11-23"]
          $0.bottomLine = "(U//FOUO) Canarynew from tomorrow on.[^s1]"
        }), ReleaseOrder(by: "boss", kind: .correction)
    ).serial
    #expect(try bench.page("officer") == before)
    #expect(try bench.alert("officer", first, 1) != nil && bench.alert("officer", second, 2) == nil)
    bench.now = Moment(seconds: CivilDate("2026-11-23")?.start(in: try site.workspace().site.zone).seconds ?? 0)
    #expect(try bench.page("officer").contains("ITEM \(second)/2 live"))
  }

  @Test func whatEndsIsToldToWhoCouldSeeIt() throws {
    let site = try SmallSite()
    let serial = try site.release(try site.bulletin()).serial
    let bench = try FeedBench(site)
    let zone = try site.workspace().site.zone
    let end = try #require(CivilDate("2026-12-20")?.end(in: zone))
    bench.now = Moment(seconds: end.seconds - 1)
    #expect(try bench.page("clerk").contains("ITEM \(serial)/1 live"))
    bench.now = Moment(seconds: end.seconds)
    #expect(try bench.page("clerk").contains("ITEM \(serial)/1 expired"))
    #expect(try !bench.page("clerk").contains("Canary"))
    #expect(try !bench.page("lapsed").contains("ITEM"))
  }

  @Test func anEndByOrderCountsAtOnce() throws {
    let site = try SmallSite()
    let serial = try site.release(try site.bulletin()).serial
    let bench = try FeedBench(site)
    #expect(try bench.page("clerk").contains("live"))
    try site.end(serial, .expiry)
    #expect(try bench.page("clerk").contains("ITEM \(serial)/1 expired"))
  }

  @Test func aFactThatEndsAtMidnightEndsWhatWasSeenByIt() throws {
    let people = SmallSite.people + [Person("ending", nda: "2026-11-22")]
    let site = try SmallSite(people)
    try site.release(try site.bulletin())
    let bench = try FeedBench(site)
    let midnight = try #require(CivilDate("2026-11-23")?.start(in: try site.workspace().site.zone))
    bench.now = Moment(seconds: midnight.seconds - 1)
    #expect(try bench.page("ending").contains("Canaryfouo"))
    bench.now = Moment(seconds: midnight.seconds)
    #expect(try !bench.page("ending").contains("ITEM"))
    #expect(try bench.page("officer").contains("ITEM"))
    // A clock that is set back sees what was then.
    bench.now = Moment(seconds: midnight.seconds - 1)
    #expect(try bench.page("ending").contains("Canaryfouo"))
  }

  @Test func changedFilesCountAfterASecondAndBrokenOnesStopFeeds() throws {
    let site = try SmallSite()
    try site.release(try site.bulletin())
    let bench = try FeedBench(site)
    #expect(try bench.page("clerk").contains("Canaryfouo"))
    try site.people(SmallSite.people.filter { $0.id != "clerk" } + [Person("clerk", clearance: "public")])
    bench.now = bench.now + .seconds(1)
    #expect(try !bench.page("clerk").contains("ITEM"))
    try site.write("distribution-lists/stakeholders.yaml", "stakeholders: [")
    bench.now = bench.now + .seconds(1)
    for _ in 0..<2 {
      #expect { try bench.page("officer") } throws: {
        guard let problem = $0 as? FeedsUnavailable else { return false }
        // An operator is told where to look.
        return problem.why == .unusableSite && problem.detail.contains("distribution-lists/stakeholders.yaml:2: ")
      }
    }
    try site.people(SmallSite.people)
    bench.now = bench.now + .seconds(1)
    #expect(try bench.page("clerk").contains("Canaryfouo"))
  }

  @Test func whatAnotherProcessImportedCountsAtOnce() throws {
    let site = try SmallSite()
    try site.release(try site.bulletin())
    let bench = try FeedBench(site)
    #expect(try bench.page("clerk").contains("Canaryfouo"))
    try site.people(SmallSite.people.filter { $0.id != "clerk" } + [Person("clerk", clearance: "public")])
    _ = try site.store.write { try SiteImport.store(try site.workspace(), $0, by: "boss", at: bench.now) }
    #expect(try !bench.page("clerk").contains("ITEM"))
  }

  @Test func theKillSwitchStopsFeeds() throws {
    let site = try SmallSite()
    try site.release(try site.bulletin())
    let bench = try FeedBench(site)
    _ = try bench.page("officer")
    let halt = Pause(scope: .halt, name: "", by: "boss", at: bench.now, reason: "test")
    _ = try Switches.set(halt, in: site.store)
    #expect { try bench.page("officer") } throws: { ($0 as? FeedsUnavailable)?.why == .halted }
    _ = try Switches.lift(.halt, "", by: "boss", reason: "", at: bench.now, in: site.store)
    #expect(try bench.page("officer").contains("ITEM"))
  }

  @Test func archivesAreChainedOverTheCallersOwnMonths() throws {
    let site = try SmallSite()
    let days = ["2026-08-10", "2026-09-10", "2026-10-12", "2026-11-20"]
    let zone = try site.workspace().site.zone
    for (place, day) in days.enumerated() {
      let at = try #require(CivilDate(day)?.start(in: zone))
      // The clerk sees nothing of October.
      try site.release(
        try site.bulletin(
          BulletinText {
            $0.front = ["topics: []"]
            $0.bottomLine = "(U//\(place == 2 ? "LES" : "FOUO")) Canary\(place) text of that day.[^s1]"
            $0.detail = nil
          }, named: "day-\(place)"), now: Instant(seconds: at.seconds + 3_600))
    }
    let bench = try FeedBench(site)
    #expect(try bench.page("clerk").contains("previous=2026-11"))
    func links(_ reader: String, _ month: String) throws -> String {
      let lines = try bench.page(reader, month: month).split(separator: "\n")
      return lines[2...3].joined(separator: " ")
    }
    #expect(try links("clerk", "2026-11") == "previous=2026-09 next=-")
    #expect(try links("clerk", "2026-09") == "previous=2026-08 next=2026-11")
    #expect(try links("clerk", "2026-08") == "previous=- next=2026-09")
    #expect(try links("officer", "2026-09") == "previous=2026-08 next=2026-10")
    #expect(try bench.archive("clerk", month: "2026-10") == nil)
    #expect(try bench.archive("clerk", month: "2026-07") == nil)
    #expect(try bench.page("officer", month: "2026-10").contains("Canary2"))
    // Oldest first, any number at a time.
    let all = try bench.items("officer").map(\.position)
    #expect(all == all.sorted() && all.count == 4)
    var one: [Int64] = []
    while let item = try bench.desk.items(
      after: one.last ?? 0, limit: 1, in: "all", for: "clerk", now: bench.now
    ).first { one.append(item.position) }
    #expect(one.count == 3)
  }

  @Test func aSectorFeedHoldsWhatIsMeantForTheCallersOwnSector() throws {
    let people =
      SmallSite.people + [
        Person("power", sectors: ["energy"]), Person("both", sectors: ["energy", "dams"]),
        Person("wet", sectors: ["dams"]),
      ]
    let site = try SmallSite(people)
    try site.release(try site.bulletin(BulletinText { $0.front = ["audience: { sectors: [energy, dams] }"] }))
    let bench = try FeedBench(site)
    #expect(try bench.page("power", "energy").contains("sectors=[\"energy\"]"))
    #expect(try !bench.page("power", "dams").contains("ITEM"))
    #expect(try bench.page("both", "dams").contains("sectors=[\"dams\", \"energy\"]"))
    #expect(try bench.page("wet").contains("sectors=[\"dams\"]"))
    #expect(try !bench.page("officer").contains("ITEM"))
  }

  @Test func placesNameTheirCounty() throws {
    let site = try SmallSite()
    try site.release(
      try site.bulletin(BulletinText { $0.front = ["audience: { regions: [statewide, suffolk-county, worcester] }"] }))
    let regions = try #require(try FeedBench(site).items("officer").first?.regions)
    #expect(regions.map(\.slug) == ["statewide", "suffolk-county", "worcester"])
    #expect(regions.map(\.county) == [nil, "025025", "025027"])
    #expect(regions.map(\.name) == ["Statewide", "Suffolk County", "Worcester"])
  }

  @Test func aSeriesNamedLikeASectorIsRefused() throws {
    let site = try SmallSite()
    let template = try site.files.read("templates/brief/template.yaml", limit: 1 << 20)
    for name in ["energy", "cap"] {
      try site.write(
        "templates/\(name)/template.yaml",
        String(decoding: template, as: UTF8.self).replacingOccurrences(of: "code: BR", with: "code: EN"))
      try site.write(
        "templates/\(name)/template.md", "---\nseries: \(name)\ntitle: \"(U) A title\"\n---\n\n## (U) Bottom line\n")
      #expect { try FeedBench(site) } throws: { ($0 as? WorkspaceProblem)?.path == "templates/\(name)" }
      try site.remove("templates/\(name)")
    }
  }
}
