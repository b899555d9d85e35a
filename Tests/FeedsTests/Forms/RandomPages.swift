// Random pages with hostile words: controls, characters that XML forbids, ends of CDATA, bidirectional overrides.

import Bulletins
import Feeds
import Markings

struct RandomPages {
  var dice: SplitMix64
  init(seed: UInt64) { dice = SplitMix64(state: seed) }

  private static let pieces = [
    "]]>", "<![CDATA[", "&", "<", ">", "\"", "'", "\r\n", "\r", "\n", "\t", "\u{0}", "\u{1}", "\u{B}", "\u{1F}",
    "\u{7F}", "\u{85}", "\u{2028}", "\u{202E}", "\u{2066}", "\u{200B}", "\u{FEFF}", "\u{FFFD}", "\u{FFFE}", "\u{FFFF}",
    "\u{10FFFF}", "😀", "é", "e\u{301}", "漢", "&#0;", "&lt;", "<!--", "-->", "<?xml?>", " ", "  ", "a", "word",
  ]

  mutating func text(_ longest: Int = 40) -> String {
    (0..<Int.random(in: 0...longest, using: &dice)).reduce(into: "") { text, _ in
      if Int.random(in: 0..<4, using: &dice) > 0 {
        text += Self.pieces.randomElement(using: &dice) ?? ""
      } else if let scalar = Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &dice)) {
        text.unicodeScalars.append(scalar)
      }
    }
  }

  mutating func item(_ number: Int) -> FeedItem {
    let version = Int.random(in: 1...3, using: &dice)
    var item = Sample.item(
      number, version: version, standing: FeedItem.Standing.allCases.randomElement(using: &dice) ?? .live,
      title: text(), html: text(200), text: text(200), isPublic: Bool.random(using: &dice))
    item.earlier = (1..<version).map { Sample.version($0, of: item) }
    item.series.name = text()
    item.urgency = Urgency.allCases.randomElement(using: &dice) ?? .routine
    item.banner.trafficLight = ([nil] + TrafficLight.allCases).randomElement(using: &dice) ?? nil
    item.sectors = (0..<Int.random(in: 0...2, using: &dice)).map { FeedItem.Term(slug: "s\($0)", name: text()) }
    item.regions = (0..<Int.random(in: 0...2, using: &dice)).map {
      FeedItem.Region(slug: "r\($0)", name: text(), county: Bool.random(using: &dice) ? "025025" : nil)
    }
    if Bool.random(using: &dice) { item.expires = nil }
    return item
  }

  mutating func page() -> FeedPage {
    let items = (0..<Int.random(in: 0...6, using: &dice)).map { item(100 - $0) }
    let isArchive = Bool.random(using: &dice)
    return Sample.page(
      items, month: isArchive ? "2026-10" : nil, previous: Bool.random(using: &dice) ? "2026-08" : nil,
      next: isArchive && Bool.random(using: &dice) ? "2026-11" : nil)
  }

  /// What XML 1.0 can carry of a text.
  static func kept(_ text: String) -> [UInt8] {
    var kept = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x9, 0xA, 0xD, 0x20...0xFFFD, 0x10000...0x10FFFF: kept.append(scalar)
      default: break
      }
    }
    return Array(String(kept).utf8)
  }
}
