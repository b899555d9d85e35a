// What every form says of an item in the same words.

import Bulletins
import Foundation
import Markings

/// One word about an item from one vocabulary.
struct FeedCategory: Hashable {
  enum Vocabulary: String {
    case banner, tlp, series, sector, region, urgency, standing
    /// Standing information needs of the Department of Homeland Security.
    case hsec
  }
  var vocabulary: Vocabulary
  var term: String
  /// For people.
  var label: String
}

extension FeedItem {
  /// RFC 4122: one for all versions and all forms.
  var urn: String { "urn:uuid:" + id }

  /// The title after its own mark: `(U//LES) Stolen marked vehicle`.
  var heading: String {
    let mark = title.mark?.text ?? ""
    return mark.isEmpty ? title.text : mark + " " + title.text
  }

  /// `UNCLASSIFIED//LES TLP:AMBER`; where the banner is the TLP label, that alone.
  var marking: String {
    guard let light = banner.trafficLight?.rawValue, light != banner.text else { return banner.text }
    return banner.text.isEmpty ? light : banner.text + " " + light
  }

  var isOver: Bool { standing != .live }

  var categories: [FeedCategory] {
    var found = [FeedCategory(vocabulary: .banner, term: banner.text, label: banner.text)]
    if let light = banner.trafficLight?.rawValue {
      found.append(FeedCategory(vocabulary: .tlp, term: light, label: light))
    }
    func add(_ vocabulary: FeedCategory.Vocabulary, _ slug: String, _ name: String) {
      found.append(FeedCategory(vocabulary: vocabulary, term: slug, label: name))
    }
    add(.series, series.slug, series.name)
    for sector in sectors { add(.sector, sector.slug, sector.name) }
    for need in needs { add(.hsec, need.slug, need.name) }
    for region in regions { add(.region, region.slug, region.name) }
    add(.urgency, urgency.rawValue, urgency.rawValue.capitalized)
    add(.standing, standing.rawValue, standing.word)
    return found
  }
}

extension FeedItem.Standing {
  /// For people.
  var word: String {
    switch self {
    case .live: "Live"
    case .recalled: "Recalled"
    case .expired: "Expired"
    case .withdrawn: "Withdrawn"
    }
  }
}

extension FeedPublisher {
  /// The name of a vocabulary. An address for its form's sake: nothing is there to be fetched.
  func scheme(_ vocabulary: FeedCategory.Vocabulary) -> String { address + "/schemes/" + vocabulary.rawValue }
}

extension FeedPage {
  /// BCP 47: bulletins are written in it.
  static let language = "en-US"
  static let generator = "Revere"

  /// `Commonwealth Fusion Center: Officer safety, 2026-11`.
  var title: String { publisher.name + ": " + feed.title + (month.map { ", " + $0 } ?? "") }
  var summary: String { "The bulletins of \(publisher.name) that this account may see. Each has its own marking." }

  /// The newest change in it as microseconds since 1970.
  var changedAt: Int64 { items.map(\.position).max() ?? updatedAt.seconds * 1_000_000 }

  /// Bytes to begin with: the texts and room for what stands around them.
  func capacity(_ text: (FeedItem) -> Int) -> Int { items.reduce(4_096) { $0 + 4_096 + text($1) * 5 / 4 } }

  /// The document in one form; same page, same bytes.
  package func document(_ form: FeedForm) throws(FeedProblem) -> [UInt8] {
    switch form {
    case .atom: try AtomDocument.bytes(self)
    case .json: try JSONFeedDocument.bytes(self)
    case .rss: try RSSDocument.bytes(self)
    }
  }
}
