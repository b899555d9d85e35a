// Items and pages for the tests of all forms. Everything in them is invented.

import Bulletins
import Feeds
import Foundation
import Markings

enum Sample {
  static let publisher = FeedPublisher(
    id: "cfc", name: "Commonwealth Fusion Center", email: "watch@cfc.example.gov", phone: "555-0100",
    address: "https://feeds.example.gov", zone: TimeZone(identifier: "America/New_York") ?? .gmt)
  static let officerSafety = FeedName(.series, slug: "officer-safety", title: "Officer safety")
  /// 2026-11-22T06:30:00-05:00
  static let noon = Instant(seconds: 1_795_347_000)
  static let les = PortionMark(mark: Mark(controls: ["LES"]), trafficLight: .amber)

  static func item(
    _ number: Int = 42, version: Int = 1, standing: FeedItem.Standing = .live, title: String = "Stolen marked vehicle",
    html: String = "<h1>Stolen marked vehicle</h1>", text: String = "STOLEN MARKED VEHICLE\n\nOne vehicle.\n",
    isPublic: Bool = false, earlier: [FeedItem.Version] = []
  ) -> FeedItem {
    let digits = String(number)
    let padded = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    let serial = "CFC-OS-2026-" + padded
    let released = Instant(seconds: noon.seconds + Int64(version - 1) * 3_600)
    let updated = standing == .live ? released : Instant(seconds: released.seconds + 7_200)
    return FeedItem(
      id: "7d0e3c5a-9f0b-4c1e-8a52-00000000" + padded, serial: serial + (version > 1 ? "-U\(version - 1)" : ""),
      version: version, change: version > 1 ? .updated : .released, standing: standing, publishedAt: noon,
      releasedAt: released, updatedAt: updated, position: updated.seconds * 1_000_000 + Int64(number),
      expires: Instant(seconds: noon.seconds + 86_400 * 14),
      title: MarkedText(mark: isPublic ? PortionMark(mark: .unclassified) : les, text: title),
      banner: isPublic
        ? Banner(text: "UNCLASSIFIED", trafficLight: nil, colour: .unclassified)
        : Banner(text: "UNCLASSIFIED//LES", trafficLight: .amber, colour: .unclassified),
      marks: [isPublic ? PortionMark(mark: .unclassified) : les], scheme: .legacy,
      series: FeedItem.Term(slug: "officer-safety", name: "Officer Safety"), urgency: .immediate,
      sectors: [FeedItem.Term(slug: "emergency-services", name: "Emergency Services")],
      needs: [FeedItem.Term(slug: "HSEC-1", name: "Cyber & infrastructure")],
      regions: [
        FeedItem.Region(slug: "metro-boston", name: "Metro Boston"),
        FeedItem.Region(slug: "suffolk-county", name: "Suffolk County", county: "025025"),
      ], html: html, text: text, isNotice: standing != .live, isPublic: isPublic,
      isSensitive: !isPublic, earlier: earlier)
  }

  static func version(_ number: Int, of item: FeedItem, expires: Instant? = nil) -> FeedItem.Version {
    let base = item.serial.split(separator: "-").prefix(4).joined(separator: "-")
    return FeedItem.Version(
      serial: base + (number > 1 ? "-U\(number - 1)" : ""), version: number,
      releasedAt: Instant(seconds: noon.seconds + Int64(number - 1) * 3_600), expires: expires)
  }

  static func page(
    _ items: [FeedItem], month: String? = nil, previous: String? = nil, next: String? = nil
  ) -> FeedPage {
    FeedPage(
      publisher: publisher, feed: officerSafety, month: month, items: items, previousMonth: previous, nextMonth: next,
      updatedAt: items.map(\.updatedAt).max() ?? noon)
  }

  /// A live item, one in its second version and a recalled one.
  static let three: [FeedItem] = {
    var updated = item(43, version: 2, title: "Second")
    updated.earlier = [version(1, of: updated)]
    return [
      item(44, standing: .recalled, title: "Recalled: CFC-OS-2026-0044", html: "<p>Recalled.</p>", text: "Recalled.\n"),
      updated, item(),
    ]
  }()
}
