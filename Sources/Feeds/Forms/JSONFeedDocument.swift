// JSON Feed 1.1 (jsonfeed.org). What has no key there stands in each item's `_revere`. There are no tombstones: the last
// version of an item says that it is over, and `standing` says so to machines.

import Bulletins
import Foundation
import Markings

package enum JSONFeedDocument {
  package static func bytes(_ page: FeedPage) throws(FeedProblem) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do { return [UInt8](try encoder.encode(Feed(page))) } catch {
      throw FeedProblem(message: "the JSON of a feed cannot be written")
    }
  }

  private struct Feed: Encodable {
    enum CodingKeys: String, CodingKey {
      case version, title, description, language, authors, items
      case address = "feed_url"
      case next = "next_url"
    }
    var version = "https://jsonfeed.org/version/1.1"
    var title: String
    var description: String
    var language = FeedPage.language
    var authors: [Author]
    var address: String
    var next: String?
    var items: [Item]

    init(_ page: FeedPage) {
      title = page.title
      description = page.summary
      authors = [Author(name: page.publisher.name)]
      address = page.url(.json, month: page.month)
      next = page.previousMonth.map { page.url(.json, month: $0) }
      items = page.items.map(Item.init)
    }
  }

  private struct Author: Encodable { var name: String }

  private struct Item: Encodable {
    enum CodingKeys: String, CodingKey {
      case id, title, tags
      case html = "content_html"
      case text = "content_text"
      case published = "date_published"
      case modified = "date_modified"
      case facts = "_revere"
    }
    var id: String
    var title: String
    var html: String
    var text: String
    var published: String
    var modified: String
    var tags: [String]
    var facts: Facts

    init(_ item: FeedItem) {
      id = item.urn
      title = item.heading
      html = item.html
      text = item.text
      published = FeedTimes.second(item.publishedAt)
      modified = FeedTimes.change(item.position)
      tags = ([item.series] + item.sectors).map(\.name)
      facts = Facts(item)
    }
  }

  private struct Facts: Encodable {
    enum CodingKeys: String, CodingKey {
      case marking, tlp, serial, version, change, standing, series, urgency, sectors, needs, regions, released, expires
      case isNotice = "is_notice"
    }
    var marking: String
    var tlp: String?
    var serial: String
    var version: Int
    var change: String
    var standing: String
    var series: String
    var urgency: String
    var sectors: [String]
    var needs: [String]
    var regions: [String]
    var released: String
    var expires: String?
    var isNotice: Bool

    init(_ item: FeedItem) {
      marking = item.banner.text
      tlp = item.banner.trafficLight?.rawValue
      serial = item.serial
      version = item.version
      change = item.change.rawValue
      standing = item.standing.rawValue
      series = item.series.slug
      urgency = item.urgency.rawValue
      sectors = item.sectors.map(\.slug)
      needs = item.needs.map(\.slug)
      regions = item.regions.map(\.slug)
      released = FeedTimes.second(item.releasedAt)
      expires = item.expires.map(FeedTimes.second)
      isNotice = item.isNotice
    }
  }
}
