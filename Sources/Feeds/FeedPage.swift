// One document of a feed: the current one, or an archive of it (RFC 5005 section 4). A value; every form is made of it.

package import Foundation
package import Markings

/// Which bulletins a feed holds: all of them, those of a series, or those for a sector. One name space.
package struct FeedName: Hashable, Sendable {
  package enum Scope: String, Hashable, Sendable { case all, series, sector }
  package var scope: Scope
  /// `all`, or the slug of the series or sector.
  package var slug: String
  /// For people: `Officer safety`.
  package var title: String
  package init(_ scope: Scope, slug: String, title: String) {
    self.scope = scope
    self.slug = slug
    self.title = title
  }
}

/// Who publishes.
package struct FeedPublisher: Hashable, Sendable {
  /// revere.yaml `site: id`.
  package var id: String
  package var name: String
  /// Of the watch; nil where the site names none.
  package var email: String?
  package var phone: String?
  /// `https://feeds.example.gov`, without a slash at its end.
  package var address: String
  /// For times: offsets are those of the center's zone.
  package var zone: TimeZone
  package init(id: String, name: String, email: String?, phone: String?, address: String, zone: TimeZone) {
    self.id = id
    self.name = name
    self.email = email
    self.phone = phone
    self.address = address
    self.zone = zone
  }
}

package struct FeedPage: Hashable, Sendable {
  package var publisher: FeedPublisher
  package var feed: FeedName
  /// `2026-11` of an archive: bulletins first released in that month of the center's zone; nil: the current document.
  package var month: String?
  /// Newest change first.
  package var items: [FeedItem]
  /// The month of the archive before this document, if this caller has any there.
  package var previousMonth: String?
  /// Of an archive: the one after it; nil where only the current document follows.
  package var nextMonth: String?
  /// The newest change among the items; of a feed that never had one the time at which feeds were set up.
  package var updatedAt: Instant

  package init(
    publisher: FeedPublisher, feed: FeedName, month: String? = nil, items: [FeedItem], previousMonth: String? = nil,
    nextMonth: String? = nil, updatedAt: Instant
  ) {
    self.publisher = publisher
    self.feed = feed
    self.month = month
    self.items = items
    self.previousMonth = previousMonth
    self.nextMonth = nextMonth
    self.updatedAt = updatedAt
  }

  /// `/feeds/all.atom`, `/feeds/all/2026-11.atom`.
  package func path(_ form: FeedForm, month: String? = nil) -> String {
    "/feeds/" + feed.slug + (month.map { "/" + $0 } ?? "") + "." + form.rawValue
  }
  package func url(_ form: FeedForm, month: String? = nil) -> String { publisher.address + path(form, month: month) }
}

/// The forms of a page; the raw value is the ending of its address. The feed of CAP alerts is one address of its own,
/// `/feeds/cap.atom`.
package enum FeedForm: String, Hashable, Sendable, CaseIterable {
  case atom, json, rss

  package var mediaType: String {
    switch self {
    case .atom: "application/atom+xml; charset=utf-8"
    case .json: "application/feed+json; charset=utf-8"
    case .rss: "application/rss+xml; charset=utf-8"
    }
  }
}
