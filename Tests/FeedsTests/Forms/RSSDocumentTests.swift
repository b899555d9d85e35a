// RSS as a client reads it; one document byte for byte.

import Feeds
import Testing

struct RSSDocumentTests {
  private func items(_ page: FeedPage) throws -> [XMLTree] {
    try #require(XMLTree(try RSSDocument.bytes(page))?["channel"]).all("item")
  }

  @Test func theCurrentDocumentIsExactlyThis() throws {
    try Expected.expect(try RSSDocument.bytes(Sample.page(Sample.three, previous: "2026-10")), "current.rss")
  }

  @Test func anArchiveSaysThatItIsOneAndWhatIsOver() throws {
    let page = Sample.page(Sample.three, month: "2026-10", previous: "2026-08", next: "2026-11")
    let channel = try #require(XMLTree(try RSSDocument.bytes(page))?["channel"])
    #expect(channel["fh:archive"] != nil)
    #expect(
      channel.all("atom:link").map { $0.attributes["rel"] } == ["self", "current", "prev-archive", "next-archive"])
    #expect(channel.all("item").first?["title"]?.text.contains("Recalled") == true)
  }

  @Test func theGuidIsTheBulletins() throws {
    let first = try items(Sample.page([Sample.item()]))
    let second = try items(Sample.page([Sample.item(version: 2)]))
    #expect(first.first?["guid"] == second.first?["guid"])
    #expect(first.first?["guid"]?.attributes == ["isPermaLink": "false"])
  }

  @Test func wordsStandAsHTMLAndAsText() throws {
    let item = Sample.item(html: "<p>5 &lt; 6 &amp; 7</p>", text: "5 < 6 & 7 > 2\n")
    let entry = try #require(try items(Sample.page([item])).first)
    #expect(entry["content:encoded"]?.text == "<p>5 &lt; 6 &amp; 7</p>")
    #expect(entry["content:encoded"]?.space == "http://purl.org/rss/1.0/modules/content/")
    #expect(entry["description"]?.text == "<pre>5 &lt; 6 &amp; 7 &gt; 2\n</pre>")
  }

  @Test func datesAreThoseOfMail() throws {
    #expect(try items(Sample.page([Sample.item()])).first?["pubDate"]?.text == "Sun, 22 Nov 2026 06:30:00 -0500")
  }
}
