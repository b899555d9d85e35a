// The Atom feed that lists CAP messages: for each bulletin the newest one, at its own address. Unlike in the feeds of
// bulletins an entry is a message, and its id is the message's address: aggregators fetch an id once.

package enum CAPFeed {
  /// Of addresses: no series or sector may be called so.
  package static let slug = "cap"

  /// - Parameter page: of the feed of all bulletins; its months are left aside.
  package static func bytes(_ page: FeedPage) throws(FeedProblem) -> [UInt8] {
    let publisher = page.publisher
    let address = publisher.address + "/feeds/" + slug + ".atom"
    return try XMLWriter.document(capacity: page.capacity { _ in 0 }) { xml throws(FeedProblem) in
      try xml.element("feed", ["xmlns": AtomNames.atom, "xml:lang": FeedPage.language]) { () throws(FeedProblem) in
        try xml.element("id", text: address)
        try xml.element("title", text: publisher.name + ": CAP")
        try xml.element("subtitle", text: page.summary)
        try xml.element("updated", text: FeedTimes.change(page.changedAt))
        try AtomDocument.author(publisher, xml)
        try xml.element("generator", text: FeedPage.generator)
        try xml.emptyElement("link", ["rel": "self", "type": "application/atom+xml", "href": address])
        for item in page.items { try entry(item, publisher, xml) }
      }
    }
  }

  private static func entry(
    _ item: FeedItem, _ publisher: FeedPublisher, _ xml: XMLWriter
  ) throws(FeedProblem) {
    let address = publisher.address + CAPAlert.path(item)
    try xml.element("entry") { () throws(FeedProblem) in
      try xml.element("id", text: address)
      try xml.element("title", text: item.heading)
      try xml.element("published", text: FeedTimes.second(CAPAlert.sentAt(item)))
      try xml.element("updated", text: FeedTimes.change(item.position))
      try AtomDocument.categories(item, publisher, xml)
      try xml.element("rights", text: item.marking)
      try xml.emptyElement("link", ["rel": "alternate", "type": "application/cap+xml", "href": address])
      try xml.element("summary", text: CAPAlert.kind(item, publisher).rawValue + ": " + item.serial)
    }
  }
}
