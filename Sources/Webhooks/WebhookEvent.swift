// What happened to a bulletin, as a partner's machine is told (products.md, Webhook). Values: what an event may say was
// decided by whoever made it. Without `content` it is thin: it names the bulletin, and tells nothing of it.

package import Markings

package enum WebhookEventType: String, Hashable, Sendable, CaseIterable {
  case released = "bulletin.released"
  case updated = "bulletin.updated"
  case corrected = "bulletin.corrected"
  case recalled = "bulletin.recalled"
  case expired = "bulletin.expired"
  /// Of `revere webhooks test`; no endpoint subscribes to it.
  case test = "webhook.test"

  /// Those that an endpoint may name under `events`.
  package static let ofBulletins = allCases.filter { $0 != .test }

  /// For the chat formats: `released`.
  var word: String { String(rawValue.drop { $0 != "." }.dropFirst()) }
}

/// The body of a product, for endpoints and portions that may have it.
package struct WebhookContent: Hashable, Sendable {
  package var title: String
  /// The series' public name.
  package var series: String
  package var text: String
  /// One document, its images inside.
  package var html: String
  package var expires: Instant?

  package init(title: String, series: String, text: String, html: String, expires: Instant? = nil) {
    self.title = title
    self.series = series
    self.text = text
    self.html = html
    self.expires = expires
  }
}

package struct WebhookEvent: Hashable, Sendable {
  package var type: WebhookEventType
  /// When it happened; the same in every attempt and for every reader.
  package var at: Instant
  /// `urn:uuid:..` of the bulletin, the same for all its versions.
  package var id: String
  package var serial: String
  package var version: Int
  package var banner: String
  /// Where a signed-in reader finds it; nil without a portal.
  package var link: String?
  /// The serial of the bulletin whose place it takes; named only to those who were sent that one.
  package var replaces: String?
  /// nil: thin.
  package var content: WebhookContent?

  package init(
    _ type: WebhookEventType, at: Instant, id: String, serial: String, version: Int, banner: String, link: String?,
    content: WebhookContent? = nil
  ) {
    self.type = type
    self.at = at
    self.id = id
    self.serial = serial
    self.version = version
    self.banner = banner
    self.link = link
    self.content = content
  }

  package var isThin: Bool { content == nil }
}
