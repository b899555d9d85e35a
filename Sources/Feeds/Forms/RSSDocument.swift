// RSS 2.0 for readers that know nothing newer, with the words in `content:encoded` and, for readers that do not know
// that either, as text in `description`. RSS has no tombstones: the last version of an item says that it is over.

import Bulletins
import Markings

package enum RSSDocument {
  package static func bytes(_ page: FeedPage) throws(FeedProblem) -> [UInt8] {
    let capacity = page.capacity { $0.html.utf8.count + $0.text.utf8.count }
    return try XMLWriter.document(capacity: capacity) { xml throws(FeedProblem) in
      try xml.element(
        "rss",
        [
          "version": "2.0", "xmlns:content": "http://purl.org/rss/1.0/modules/content/", "xmlns:atom": AtomNames.atom,
          "xmlns:fh": AtomNames.history,
        ]
      ) { () throws(FeedProblem) in
        try xml.element("channel") { () throws(FeedProblem) in
          try head(page, xml)
          for item in page.items { try entry(item, page.publisher, xml) }
        }
      }
    }
  }

  private static func head(_ page: FeedPage, _ xml: XMLWriter) throws(FeedProblem) {
    let publisher = page.publisher
    try xml.element("title", text: page.title)
    try xml.element("link", text: publisher.address)
    try xml.element("description", text: page.summary)
    try xml.element("language", text: FeedPage.language.lowercased())
    try xml.element("managingEditor", text: publisher.email.map { "\($0) (\(publisher.name))" })
    try xml.element("lastBuildDate", text: FeedTimes.mail(page.updatedAt, in: publisher.zone))
    try xml.element("generator", text: FeedPage.generator)
    try AtomDocument.links(page, .rss, "atom:link", xml)
    if page.month != nil { try xml.emptyElement("fh:archive") }
  }

  private static func entry(
    _ item: FeedItem, _ publisher: FeedPublisher, _ xml: XMLWriter
  ) throws(FeedProblem) {
    try xml.element("item") { () throws(FeedProblem) in
      try xml.element("title", text: item.heading)
      try xml.element("guid", ["isPermaLink": "false"], text: item.urn)
      // Of the last change, because these readers sort by it.
      try xml.element("pubDate", text: FeedTimes.mail(item.updatedAt, in: publisher.zone))
      try xml.element("atom:updated", text: FeedTimes.change(item.position))
      for category in item.categories {
        try xml.element("category", ["domain": publisher.scheme(category.vocabulary)], text: category.term)
      }
      try xml.element("description", text: asHTML(item.text))
      try xml.element("content:encoded", text: item.html)
    }
  }

  /// Readers take a description for HTML.
  private static func asHTML(_ text: String) -> String {
    var html = Array("<pre>".utf8)
    html.reserveCapacity(text.utf8.count * 9 / 8)
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "&"): html += "&amp;".utf8
      case UInt8(ascii: "<"): html += "&lt;".utf8
      case UInt8(ascii: ">"): html += "&gt;".utf8
      default: html.append(byte)
      }
    }
    html += "</pre>".utf8
    return String(decoding: html, as: UTF8.self)
  }
}
