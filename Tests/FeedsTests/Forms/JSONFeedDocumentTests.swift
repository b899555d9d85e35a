// JSON Feed as a client reads it; one document byte for byte.

import Feeds
import Foundation
import Testing

struct JSONFeedDocumentTests {
  /// With `convertFromSnakeCase`.
  private struct Feed: Decodable {
    struct Item: Decodable {
      enum CodingKeys: String, CodingKey {
        case id, title, contentHtml, contentText, datePublished, dateModified
        case facts = "_revere"
      }
      struct Facts: Decodable {
        var marking: String
        var tlp: String?
        var serial: String
        var version: Int
        var standing: String
      }
      var id: String
      var title: String
      var contentHtml: String
      var contentText: String
      var datePublished: String
      var dateModified: String
      var facts: Facts
    }
    var version: String
    var feedUrl: String
    var nextUrl: String?
    var items: [Item]
  }

  private func feed(_ page: FeedPage) throws -> Feed {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Feed.self, from: Data(try JSONFeedDocument.bytes(page)))
  }

  @Test func theCurrentDocumentIsExactlyThis() throws {
    let bytes = try JSONFeedDocument.bytes(Sample.page(Sample.three, previous: "2026-10"))
    try Expected.expect(bytes + [0x0A], "current.json")
  }

  @Test func oneItemPerBulletinWithItsFacts() throws {
    let item = try #require(try feed(Sample.page([Sample.item(version: 2)])).items.first)
    #expect(item.id == "urn:uuid:7d0e3c5a-9f0b-4c1e-8a52-000000000042")
    #expect(item.facts.marking == "UNCLASSIFIED//LES" && item.facts.tlp == "TLP:AMBER")
    #expect(item.facts.serial == "CFC-OS-2026-0042-U1" && item.facts.version == 2)
    #expect(item.facts.standing == "live" && item.datePublished < item.dateModified)
  }

  @Test func whatIsOverSaysSo() throws {
    #expect(try feed(Sample.page(Sample.three)).items.map(\.facts.standing) == ["recalled", "live", "live"])
  }

  @Test func olderMonthsFollow() throws {
    #expect(try feed(Sample.page([])).nextUrl == nil)
    let page = Sample.page([], month: "2026-10", previous: "2026-08", next: "2026-11")
    let archive = try feed(page)
    #expect(archive.feedUrl == "https://feeds.example.gov/feeds/officer-safety/2026-10.json")
    #expect(archive.nextUrl == "https://feeds.example.gov/feeds/officer-safety/2026-08.json")
  }

  @Test func wordsComeBackAsTheyWere() throws {
    let text = "\u{0}\u{1B}]]>\r\n\u{202E}\u{FFFE}\u{2028}\"\\/😀"
    let item = try #require(try feed(Sample.page([Sample.item(title: text, html: text, text: text)])).items.first)
    for back in [item.contentHtml, item.contentText, String(item.title.dropFirst("(U//LES) (TLP:AMBER) ".count))] {
      #expect(Array(back.utf8) == Array(text.utf8))
    }
  }
}
