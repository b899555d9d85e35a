// TAXII says of a site what the other feeds say: who sees what, what is over, what is recorded. Its own rules are tested
// in FeedsTests.

import Feeds
import Foundation
import Outbox
import Store
import Testing
import Workflows

@Suite struct TaxiiDeskTests {
  private struct Bench {
    let feeds: FeedBench
    let desk: TaxiiDesk

    init(_ site: SmallSite) throws {
      feeds = try FeedBench(site)
      desk = TaxiiDesk(feeds.desk, store: site.store, secret: try site.secret())
    }

    func ask(
      _ path: String, _ query: String? = nil, as reader: String, feeds allowed: Set<String>? = nil
    ) throws -> TaxiiDesk.Served {
      try desk.answer(
        TaxiiRequest(path: "/taxii2/bulletins/collections/" + path, query: query), for: reader,
        allows: { allowed?.contains($0) ?? true }, now: feeds.now)
    }

    struct Object: Decodable {
      var type: String
      var id: String
      var name: String
      var description: String?
      var revoked: Bool?
    }
    private struct Envelope: Decodable { var objects: [Object]? }

    func reports(_ reader: String, _ query: String = "match[type]=report", in slug: String = "all") throws -> [Object] {
      let served = try ask("\(slug)/objects/", query, as: reader)
      return try JSONDecoder().decode(Envelope.self, from: served.answer.body).objects ?? []
    }
  }

  private func body(_ served: TaxiiDesk.Served) -> String { String(decoding: served.answer.body, as: UTF8.self) }

  @Test func eachCallerHasTheOwnReport() throws {
    let site = try SmallSite()
    try site.release(try site.bulletin())
    let bench = try Bench(site)
    let officer = try #require(try bench.reports("officer").first)
    let clerk = try #require(try bench.reports("clerk").first)
    #expect(officer.description?.contains("Canaryles") == true)
    #expect(clerk.description?.contains("Canaryfouo") == true && clerk.description?.contains("Canaryles") == false)
    #expect(officer.id != clerk.id)
    #expect(try bench.reports("textual").map(\.id) == [officer.id], "who sees the same has the same")
    for reader in ["lapsed", "suspended", "firm"] { #expect(try bench.reports(reader).isEmpty) }
    // A report of another's variant does not exist, nor does one that a caller may not see at all.
    let nothing = body(try bench.ask("all/objects/report--00000000-0000-4000-8000-000000000000/", as: "clerk"))
    for (id, reader) in [(officer.id, "clerk"), (clerk.id, "officer"), (clerk.id, "lapsed"), (officer.id, "firm")] {
      #expect(try body(bench.ask("all/objects/\(id)/", as: reader)) == nothing)
      #expect(try body(bench.ask("all/objects/\(id)/versions/", as: reader)) == nothing)
      #expect(try bench.reports(reader, "match[id]=\(id)").isEmpty)
    }
    #expect(try body(bench.ask("all/objects/\(clerk.id)/", as: "clerk")).contains("Canaryfouo"))
    #expect(try bench.reports("officer", in: "brief").map(\.id) == [officer.id])
    #expect(try bench.reports("officer", in: "alarm").isEmpty)
    #expect(try bench.ask("alarm/objects/\(officer.id)/", as: "officer").answer.status == 404)
  }

  @Test func whatReportsReferToIsTheSameForEveryone() throws {
    let site = try SmallSite()
    let bench = try Bench(site)
    let before = body(try bench.ask("all/objects/", "limit=1000", as: "firm"))
    for part in ["TLP:AMBER+STRICT", "FOUO", "CUI//LEI", "Suffolk County", "The Center"] {
      #expect(before.contains("\"name\":\"\(part)\""), "\(part)")
    }
    try site.release(try site.bulletin())
    for reader in ["firm", "lapsed", "suspended"] {
      #expect(try body(bench.ask("all/objects/", "limit=1000", as: reader)) == before)
    }
    let others = "match[type]=identity,location,marking-definition&limit=1000"
    #expect(try body(bench.ask("all/objects/", others, as: "officer")) == before)
  }

  @Test func pullsAreToldWithTheirReleases() throws {
    let site = try SmallSite()
    try site.release(try site.bulletin())
    let bench = try Bench(site)
    let release = try #require(try bench.feeds.ask(.page(slug: "all", month: nil, .atom), "officer")?.contents.first)
    let page = try bench.ask("all/objects/", "match[type]=report", as: "officer")
    #expect(page.contents == [release] && page.feed == "all")
    #expect(page.answer.header("Cache-Control") == "private, no-store")
    let clerk = try bench.ask("all/objects/", "match[type]=report", as: "clerk")
    #expect(clerk.contents.map(\.release) == [release.release] && clerk.contents.first?.variant != release.variant)
    #expect(clerk.answer.header("Cache-Control") == "private, no-cache")
    // A manifest carries no words.
    #expect(try bench.ask("all/manifest/", as: "officer").contents.isEmpty)
    #expect(try bench.ask("", as: "officer").contents.isEmpty)
  }

  @Test func anEndIsRevokedAndItsWordsAreGone() throws {
    let site = try SmallSite()
    let serial = try site.release(try site.bulletin()).serial
    let bench = try Bench(site)
    let live = try bench.reports("officer")
    let added = try #require(
      try bench.ask("all/objects/", as: "officer").answer.header("X-TAXII-Date-Added-Last"))
    try site.end(serial)
    let ended = try bench.reports("officer", "added_after=\(added)")
    #expect(ended.map(\.id) == live.map(\.id))
    #expect(ended.allSatisfy { $0.revoked == true && $0.description?.contains("Canary") == false })
    #expect(try bench.ask("all/objects/\(live[0].id)/", as: "officer").contents.map(\.kind) == [.recalled])
    #expect(try bench.reports("lapsed").isEmpty)
  }

  @Test func anUpdateWithOtherLabelsEndsTheReportBefore() throws {
    let site = try SmallSite()
    try site.release(try site.bulletin())
    let bench = try Bench(site)
    let before = try bench.reports("officer").map(\.id)
    try site.release(
      try site.bulletin(
        BulletinText {
          $0.bottomLine = "(U//LES-NF) Canarynew the blades are ceramic.[^s1]"
          $0.detail = nil
        }), ReleaseOrder(by: "boss", kind: .update))
    let after = try bench.reports("officer")
    try #require(after.count == 2)
    #expect(after[0].id == before[0] && after[0].revoked == true && after[1].revoked == nil)
    #expect(after[0].description == "Replaced by \(after[1].id).")
    #expect(after[1].description?.contains("Canarynew") == true)
    for report in after { #expect(try bench.ask("all/objects/\(report.id)/", as: "officer").answer.status == 200) }
    // For whom the update is too much it is over.
    let clerk = try bench.reports("clerk")
    #expect(clerk.map(\.revoked) == [true] && clerk.allSatisfy { $0.description?.contains("Canary") == false })
  }

  @Test func aCredentialIsForItsFeeds() throws {
    let site = try SmallSite()
    try site.release(try site.bulletin())
    let bench = try Bench(site)
    let own = body(try bench.ask("", as: "officer", feeds: ["brief"]))
    #expect(own.contains("\"alias\":\"brief\"") && !own.contains("\"alias\":\"all\""))
    #expect(try bench.ask("all/objects/", as: "officer", feeds: ["brief"]).answer.status == 404)
    #expect(try bench.ask("brief/objects/", as: "officer", feeds: ["brief"]).contents.count == 1)
    // No stakeholder any more.
    #expect(try body(bench.ask("", as: "nobody")) == "{}")
    #expect(try bench.ask("all/objects/", as: "nobody").answer.status == 404)
  }
}
