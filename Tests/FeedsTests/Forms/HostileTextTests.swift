// Any words give well-formed documents with the same words in them, the same bytes each time, valid by the schemas.

import Bulletins
import Feeds
import Markings
import Testing

struct HostileTextTests {
  private static func same(_ found: XMLTree?, _ text: String) -> Bool {
    found.map { Array($0.text.utf8) == RandomPages.kept(text) } ?? false
  }

  @Test func allWordsComeBackFromXML() throws {
    for seed in 1...300 as ClosedRange<UInt64> {
      var random = RandomPages(seed: seed)
      let page = random.page()
      let atom = try #require(XMLTree(try AtomDocument.bytes(page)), "seed \(seed)")
      let shown = page.items.filter { page.month == nil || $0.standing == .live }
      #expect(atom.all("entry").count == shown.count, "seed \(seed)")
      for (entry, item) in zip(atom.all("entry"), shown) {
        #expect(Self.same(entry["content"], item.html), "seed \(seed)")
        #expect(Self.same(entry["title"], (item.title.mark?.text ?? "") + " " + item.title.text), "seed \(seed)")
        let labels = entry.all("category").compactMap { $0.attributes["label"].map { Array($0.utf8) } }
        for sector in item.sectors { #expect(labels.contains(RandomPages.kept(sector.name)), "seed \(seed)") }
      }
      let rss = try #require(XMLTree(try RSSDocument.bytes(page))?["channel"], "seed \(seed)")
      #expect(rss.all("item").count == page.items.count, "seed \(seed)")
      for (entry, item) in zip(rss.all("item"), page.items) {
        #expect(Self.same(entry["content:encoded"], item.html), "seed \(seed)")
      }
      #expect(XMLTree(try CAPFeed.bytes(page))?.all("entry").count == page.items.count, "seed \(seed)")
      for item in page.items {
        let alert = try #require(XMLTree(try CAPAlert.bytes(item, publisher: page.publisher)), "seed \(seed)")
        #expect(Self.same(alert["info"]?["description"], item.text), "seed \(seed)")
        #expect(Self.same(alert["info"]?["event"], item.series.name), "seed \(seed)")
      }
    }
  }

  @Test func samePageSameBytes() throws {
    for seed in 1...20 as ClosedRange<UInt64> {
      var one = RandomPages(seed: seed)
      var other = RandomPages(seed: seed)
      let first = one.page()
      let second = other.page()
      for form in FeedForm.allCases {
        #expect(try first.document(form) == second.document(form), "seed \(seed), \(form)")
      }
    }
  }

  /// Each program is started once for all documents.
  @Test func documentsKeepToTheirSchemas() throws {
    var pages = [Sample.page([]), Sample.page(Sample.three, previous: "2026-10")]
    pages.append(Sample.page(Sample.three, month: "2026-10", previous: "2026-08", next: "2026-11"))
    for seed in 1...30 as ClosedRange<UInt64> {
      var random = RandomPages(seed: seed)
      pages.append(random.page())
    }
    var alerts: [[UInt8]] = []
    for page in pages { for item in page.items { alerts.append(try CAPAlert.bytes(item, publisher: page.publisher)) } }
    try Checker.expectXML(alerts, "--schema", "cap/CAP-v1.2.xsd")
    try Checker.expectXML(alerts, "--schema", "cap/cap12_extended.xsd")
    try Checker.expectXML(try pages.map(AtomDocument.bytes), "--relaxng", "atom/atom_rfc4287.rng")
    try Checker.expectXML(try pages.map(CAPFeed.bytes), "--relaxng", "atom/atom_rfc4287.rng")
    // This schema wants an item in each channel, which RSS does not.
    let filled = pages.filter { !$0.items.isEmpty }
    try Checker.expectXML(try filled.map(RSSDocument.bytes), "--schema", "rss/rss-2_0.xsd")
    try Checker.expectJSON(try pages.map(JSONFeedDocument.bytes), "jsonfeed/schema-v1.1.json")
  }
}
