// One bulletin as a message of the Common Alerting Protocol (CAP 1.2, OASIS 2010), as one caller sees it. A message
// never changes: a version is a new one with an identifier of its own, an end is one more. `sent` is the time of the
// release or of the end, whoever asks and whenever (Documentation/decisions/0050).

import Bulletins
import Foundation
import Markings

package enum CAPAlert {
  package static let mediaType = "application/cap+xml; charset=utf-8"

  enum Kind: String {
    case alert = "Alert"
    case update = "Update"
    case cancel = "Cancel"
  }

  /// `/cap/CFC-OS-2026-0042.1.xml`, of an end `/cap/CFC-OS-2026-0042.1-recalled.xml`.
  package static func path(_ item: FeedItem) -> String { "/cap/" + identifier(item) + ".xml" }

  package static func bytes(_ item: FeedItem, publisher: FeedPublisher) throws(FeedProblem) -> [UInt8] {
    let references = references(item, publisher)
    return try XMLWriter.document(capacity: 8_192 + item.text.utf8.count * 5 / 4) { xml throws(FeedProblem) in
      try xml.element("alert", ["xmlns": "urn:oasis:names:tc:emergency:cap:1.2"]) { () throws(FeedProblem) in
        try xml.element("identifier", text: identifier(item))
        try xml.element("sender", text: sender(publisher))
        try xml.element("sent", text: FeedTimes.alert(sentAt(item), in: publisher.zone))
        try xml.element("status", text: "Actual")
        try xml.element("msgType", text: kind(item, publisher).rawValue)
        try xml.element("scope", text: item.isPublic ? "Public" : "Restricted")
        try xml.element("restriction", text: item.isPublic ? nil : item.marking)
        try xml.element("note", text: item.isOver ? item.standing.word + "." : nil)
        try xml.element("references", text: references.isEmpty ? nil : references.joined(separator: " "))
        try info(item, publisher, xml)
      }
    }
  }

  // MARK: The message

  static func kind(_ item: FeedItem, _ publisher: FeedPublisher) -> Kind {
    if item.isOver { return .cancel }
    return references(item, publisher).isEmpty ? .alert : .update
  }

  static func sentAt(_ item: FeedItem) -> Instant { item.isOver ? item.updatedAt : item.releasedAt }

  /// What is over may end once more: one that expired may be recalled.
  static func identifier(_ item: FeedItem) -> String {
    identifier(item.serial, item.version) + (item.isOver ? "-" + item.standing.rawValue : "")
  }

  /// Unchanged for what a serial is made of; anything else, as white space and commas, is encoded as in an address, so
  /// that no two serials have one identifier.
  private static func identifier(_ serial: String, _ version: Int) -> String { encoded(serial) + ".\(version)" }

  /// The host of the feeds' address: globally unique and, unlike a mailbox, not about to change.
  private static func sender(_ publisher: FeedPublisher) -> String {
    guard let host = URLComponents(string: publisher.address)?.host, !host.isEmpty else { return encoded(publisher.id) }
    return encoded(host)
  }

  private static func encoded(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: harmless) ?? ""
  }
  private static let harmless = CharacterSet(
    charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._")

  /// `sender,identifier,sent` of the messages that this one takes the place of: those not over by themselves when it was
  /// sent. An end also names the version that it ends.
  private static func references(_ item: FeedItem, _ publisher: FeedPublisher) -> [String] {
    let sent = sentAt(item)
    var earlier = item.earlier.filter { version in version.expires.map { $0 > sent } ?? true }
    if item.isOver {
      earlier.append(FeedItem.Version(serial: item.serial, version: item.version, releasedAt: item.releasedAt))
    }
    return earlier.map {
      [sender(publisher), identifier($0.serial, $0.version), FeedTimes.alert($0.releasedAt, in: publisher.zone)]
        .joined(separator: ",")
    }
  }

  // MARK: What it says

  private static func info(_ item: FeedItem, _ publisher: FeedPublisher, _ xml: XMLWriter) throws(FeedProblem) {
    try xml.element("info") { () throws(FeedProblem) in
      try xml.element("language", text: FeedPage.language)
      try xml.element("category", text: "Security")
      try xml.element("event", text: item.series.name)
      try xml.element("urgency", text: urgency(item))
      // A bulletin rates neither; what it says of likelihood is in its words.
      try xml.element("severity", text: "Unknown")
      try xml.element("certainty", text: "Unknown")
      try xml.element("expires", text: expires(item).map { FeedTimes.alert($0, in: publisher.zone) })
      try xml.element("senderName", text: publisher.name)
      try xml.element("headline", text: item.heading)
      try xml.element("description", text: item.text)
      let contact = [publisher.phone, publisher.email].compactMap { $0 }.joined(separator: ", ")
      try xml.element("contact", text: contact.isEmpty ? nil : contact)
      try parameter("bulletin", item.urn, xml)
      try parameter("serial", item.serial, xml)
      try parameter("version", String(item.version), xml)
      try parameter("standing", item.standing.rawValue, xml)
      try parameter("banner", item.banner.text, xml)
      if let light = item.banner.trafficLight { try parameter("tlp", light.rawValue, xml) }
      for region in item.regions { try area(region, xml) }
    }
  }

  /// Of an end only when it lies ahead: consumers throw away what has expired, and would miss the end.
  private static func expires(_ item: FeedItem) -> Instant? {
    item.expires.flatMap { item.isOver && $0 <= sentAt(item) ? nil : $0 }
  }

  private static func urgency(_ item: FeedItem) -> String {
    if item.isOver { return "Past" }
    switch item.urgency {
    case .immediate: return "Immediate"
    case .priority: return "Expected"
    case .routine: return "Unknown"
    }
  }

  private static func parameter(_ name: String, _ value: String, _ xml: XMLWriter) throws(FeedProblem) {
    try pair("parameter", "revere:" + name, value, xml)
  }

  private static func pair(
    _ element: StaticString, _ name: String, _ value: String, _ xml: XMLWriter
  ) throws(FeedProblem) {
    try xml.element(element) { () throws(FeedProblem) in
      try xml.element("valueName", text: name)
      try xml.element("value", text: value)
    }
  }

  /// `SAME` of a county, and the slug of the vocabulary, which also tells of regions that are no county.
  private static func area(_ region: FeedItem.Region, _ xml: XMLWriter) throws(FeedProblem) {
    try xml.element("area") { () throws(FeedProblem) in
      try xml.element("areaDesc", text: region.name)
      if let county = region.county { try pair("geocode", "SAME", county, xml) }
      try pair("geocode", "revere:region", region.slug, xml)
    }
  }
}
