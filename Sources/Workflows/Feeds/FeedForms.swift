// What makes documents of items: functions, so that what is shown to whom is tested without any form.

package import Feeds

package struct FeedForms: Sendable {
  package typealias Page = @Sendable (FeedPage, FeedForm) throws -> [UInt8]

  /// Atom, JSON Feed and RSS.
  package var page: Page
  /// The Atom feed of CAP alerts.
  package var capFeed: @Sendable (FeedPage) throws -> [UInt8]
  /// One CAP document: of an item that is over, its Cancel.
  package var alert: @Sendable (FeedItem, FeedPublisher) throws -> [UInt8]

  package init(
    page: @escaping Page, capFeed: @escaping @Sendable (FeedPage) throws -> [UInt8],
    alert: @escaping @Sendable (FeedItem, FeedPublisher) throws -> [UInt8]
  ) {
    self.page = page
    self.capFeed = capFeed
    self.alert = alert
  }
}

extension FeedForms {
  package static let standard = FeedForms(
    page: { page, form in try page.document(form) }, capFeed: { page in try CAPFeed.bytes(page) },
    alert: { item, publisher in try CAPAlert.bytes(item, publisher: publisher) })
}
