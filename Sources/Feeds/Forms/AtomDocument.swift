// Atom (RFC 4287) with archives (RFC 5005 section 4) and tombstones (RFC 6721). An entry is a bulletin and not a
// version: its id stays, its `updated` moves with each change.

enum AtomNames {
  static let atom = "http://www.w3.org/2005/Atom"
  static let history = "http://purl.org/syndication/history/1.0"
  static let tombstones = "http://purl.org/atompub/tombstones/1.0"
}

package enum AtomDocument {
  package static func bytes(_ page: FeedPage) throws(FeedProblem) -> [UInt8] {
    try XMLWriter.document(capacity: page.capacity { $0.html.utf8.count }) { xml throws(FeedProblem) in
      try xml.element(
        "feed",
        [
          "xmlns": AtomNames.atom, "xmlns:fh": AtomNames.history, "xmlns:at": AtomNames.tombstones,
          "xml:lang": FeedPage.language,
        ]
      ) { () throws(FeedProblem) in
        try head(page, xml)
        // All tombstones before all entries, as the grammar of RFC 4287 has it.
        for item in page.items where item.isOver { try tombstone(item, page.publisher, xml) }
        for item in page.items where !item.isOver || page.month == nil { try entry(item, page.publisher, xml) }
      }
    }
  }

  private static func head(_ page: FeedPage, _ xml: XMLWriter) throws(FeedProblem) {
    // Of the feed as a whole: its archives have the same (RFC 5005 section 4).
    try xml.element("id", text: page.url(.atom))
    try xml.element("title", text: page.title)
    try xml.element("subtitle", text: page.summary)
    try xml.element("updated", text: FeedTimes.change(page.changedAt))
    try author(page.publisher, xml)
    try xml.element("generator", text: FeedPage.generator)
    try links(page, .atom, "link", xml)
    if page.month != nil { try xml.emptyElement("fh:archive") }
  }

  static func author(_ publisher: FeedPublisher, _ xml: XMLWriter) throws(FeedProblem) {
    try xml.element("author") { () throws(FeedProblem) in
      try xml.element("name", text: publisher.name)
      try xml.element("email", text: publisher.email)
    }
  }

  /// Where the document is, and its neighbours in the chain of archives.
  /// - Parameter name: `link`, or with a prefix in a document of another form.
  static func links(_ page: FeedPage, _ form: FeedForm, _ name: StaticString, _ xml: XMLWriter) throws(FeedProblem) {
    func link(_ relation: String, _ month: String?) throws(FeedProblem) {
      try xml.emptyElement(
        name,
        [
          "rel": relation, "type": String(form.mediaType.prefix { $0 != ";" }), "href": page.url(form, month: month),
        ])
    }
    try link("self", page.month)
    if page.month != nil { try link("current", nil) }
    if let previous = page.previousMonth { try link("prev-archive", previous) }
    if page.month != nil, let next = page.nextMonth { try link("next-archive", next) }
  }

  private static func entry(
    _ item: FeedItem, _ publisher: FeedPublisher, _ xml: XMLWriter
  ) throws(FeedProblem) {
    try xml.element("entry") { () throws(FeedProblem) in
      try xml.element("id", text: item.urn)
      try xml.element("title", text: item.heading)
      try xml.element("published", text: FeedTimes.second(item.publishedAt))
      try xml.element("updated", text: FeedTimes.change(item.position))
      try categories(item, publisher, xml)
      try xml.element("rights", text: item.marking)
      try xml.element("content", ["type": "html"], text: item.html)
    }
  }

  static func categories(_ item: FeedItem, _ publisher: FeedPublisher, _ xml: XMLWriter) throws(FeedProblem) {
    for category in item.categories {
      try xml.emptyElement(
        "category",
        ["scheme": publisher.scheme(category.vocabulary), "term": category.term, "label": category.label])
    }
  }

  private static func tombstone(
    _ item: FeedItem, _ publisher: FeedPublisher, _ xml: XMLWriter
  ) throws(FeedProblem) {
    // Of an entry and a tombstone for it the later one counts (RFC 6721 section 3): a reader who knows tombstones drops
    // the entry, another one shows what it says of its end.
    try xml.element(
      "at:deleted-entry", ["ref": item.urn, "when": FeedTimes.change(item.position + 1)]
    ) { () throws(FeedProblem) in
      try xml.element("at:comment", text: item.standing.word + ".")
    }
  }
}
