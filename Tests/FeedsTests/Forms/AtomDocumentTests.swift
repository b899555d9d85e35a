// Atom as a client reads it: entries, archives, tombstones; two documents byte for byte.

import Bulletins
import Feeds
import Foundation
import Markings
import Testing

struct AtomDocumentTests {
  private func tree(_ page: FeedPage) throws -> XMLTree {
    try #require(XMLTree(try AtomDocument.bytes(page)))
  }

  @Test func theCurrentDocumentIsExactlyThis() throws {
    try Expected.expect(try AtomDocument.bytes(Sample.page(Sample.three, previous: "2026-10")), "current.atom")
  }

  @Test func anArchiveIsExactlyThis() throws {
    let page = Sample.page(Sample.three, month: "2026-10", previous: "2026-08", next: "2026-11")
    try Expected.expect(try AtomDocument.bytes(page), "archive.atom")
  }

  @Test func anEmptyFeedIsAFeed() throws {
    let feed = try tree(Sample.page([]))
    #expect(feed.all("entry") == [] && feed["updated"]?.text == "2026-11-22T11:30:00.000000Z")
    #expect(feed["link"]?.attributes["rel"] == "self" && feed.all("link").count == 1)
  }

  @Test func anEntryKeepsItsIdAndMovesWithEachVersion() throws {
    let first = try tree(Sample.page([Sample.item()]))["entry"]
    let second = try tree(Sample.page([Sample.item(version: 2)]))["entry"]
    #expect(first?["id"] == second?["id"])
    #expect(first?["published"] == second?["published"])
    let moved = try #require(first?["updated"]?.text)
    let later = try #require(second?["updated"]?.text)
    #expect(moved < later)
  }

  @Test func twoChangesWithinASecondDiffer() throws {
    var item = Sample.item()
    let before = try tree(Sample.page([item]))["entry"]?["updated"]
    item.position += 1
    #expect(try tree(Sample.page([item]))["entry"]?["updated"] != before)
  }

  @Test func categoriesHaveTheirSchemes() throws {
    let entry = try #require(try tree(Sample.page([Sample.item()]))["entry"])
    let terms = Dictionary(grouping: entry.all("category")) { $0.attributes["scheme"] ?? "" }
      .mapValues { $0.map { $0.attributes["term"] ?? "" } }
    let base = "https://feeds.example.gov/schemes/"
    #expect(
      terms == [
        base + "banner": ["UNCLASSIFIED//LES"], base + "tlp": ["TLP:AMBER"], base + "series": ["officer-safety"],
        base + "sector": ["emergency-services"], base + "hsec": ["HSEC-1"],
        base + "region": ["metro-boston", "suffolk-county"], base + "urgency": ["immediate"],
        base + "standing": ["live"],
      ])
  }

  @Test func theContentIsTheCallersVariant() throws {
    let html = "<p title=\"a &amp; b\">5 &lt; 6]]></p>"
    let entry = try tree(Sample.page([Sample.item(html: html)]))["entry"]
    #expect(entry?["content"]?.text == html)
    #expect(entry?["content"]?.attributes == ["type": "html"])
    #expect(entry?["title"]?.text == "(U//LES) (TLP:AMBER) Stolen marked vehicle")
  }

  @Test(arguments: FeedItem.Standing.allCases)
  func whatIsOverHasATombstone(_ standing: FeedItem.Standing) throws {
    let item = Sample.item(standing: standing)
    let current = try tree(Sample.page([item]))
    let archive = try tree(Sample.page([item], month: "2026-11"))
    #expect(current.all("entry").count == 1)
    #expect(archive.all("entry").count == (standing == .live ? 1 : 0))
    for feed in [current, archive] {
      #expect(feed.all("at:deleted-entry").count == (standing == .live ? 0 : 1))
      guard let stone = feed["at:deleted-entry"] else { continue }
      #expect(stone.space == "http://purl.org/atompub/tombstones/1.0")
      #expect(stone.attributes["ref"] == "urn:uuid:" + item.id)
      // Later than the entry, so that the tombstone counts (RFC 6721 section 3).
      let when = try #require(stone.attributes["when"])
      let updated = try #require(current["entry"]?["updated"]?.text)
      #expect(when > updated && when.count == updated.count)
    }
  }

  @Test func archivesAreAChain() throws {
    let page = Sample.page([], month: "2026-10", previous: "2026-08", next: nil)
    let feed = try tree(page)
    let links = feed.all("link").map { [$0.attributes["rel"], $0.attributes["href"]] }
    let base = "https://feeds.example.gov/feeds/officer-safety"
    #expect(
      links == [
        ["self", base + "/2026-10.atom"], ["current", base + ".atom"], ["prev-archive", base + "/2026-08.atom"],
      ])
    #expect(feed["fh:archive"]?.space == "http://purl.org/syndication/history/1.0")
    #expect(try tree(Sample.page([], previous: "2026-10"))["fh:archive"] == nil)
    let older = try tree(Sample.page([], month: "2026-08", next: "2026-10"))
    #expect(older.all("link").last?.attributes["href"] == base + "/2026-10.atom")
    #expect(older["id"] == feed["id"])
  }

  @Test func theFeedIsAsNewAsItsNewestChange() throws {
    let feed = try tree(Sample.page(Sample.three))
    #expect(feed["updated"]?.text == feed.all("entry").compactMap { $0["updated"]?.text }.max())
  }
}
