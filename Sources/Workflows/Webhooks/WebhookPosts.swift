// The requests that webhook endpoints get: what an event says, and how it is addressed and signed. The one place where
// an event is made; the leak test looks at what comes out of it.

import Bulletins
import Crypto
package import Distribution
import Foundation
package import Markings
package import Outbox
import Rendering
package import Store
package import Webhooks

/// What the events of one release have in common.
package struct WebhookPosts: Sendable {
  private let type: WebhookEventType
  private let at: Instant
  private let id: String
  private let serial: String
  private let version: Int
  private let link: String?
  private let seriesName: String
  private let expires: Instant?
  /// Covers the revision and what happened to it.
  private let identity: String

  /// - Parameters:
  ///   - portal: of the site; nil gives events without a link.
  ///   - at: the time of the release.
  package init(
    kind: ReleaseKind, revisionHash: String, serial: String, version: Int, at: Instant, site: String, portal: String?,
    seriesName: String, expires: Instant?
  ) {
    type = WebhookEventType(kind)
    self.at = at
    self.serial = serial
    self.version = version
    self.seriesName = seriesName
    self.expires = expires
    id = Self.urn(site: site, serial: serial)
    link = portal.map { ($0.hasSuffix("/") ? String($0.dropLast()) : $0) + "/bulletins/" + serial }
    identity = "\(kind.rawValue)\n\(revisionHash)\n\(serial)"
  }

  /// Thin unless everything in it may be told in full.
  /// - Parameters:
  ///   - visible: nil for a notice, which is always thin.
  ///   - fullBody: the endpoint is approved for full bodies.
  ///   - banner: of what the reader may have, or of the notice.
  ///   - text, html: the product; asked for only when it is told.
  package func event(
    _ visible: VariantKey?, of decider: Decider, fullBody: Bool, banner: String, text: @autoclosure () -> String,
    html: @autoclosure () -> String
  ) -> WebhookEvent {
    var event = notice(banner: banner)
    if let visible, !decider.isThin(visible, Endpoint(.webhook, fullBody: fullBody)),
      let title = decider.variant(visible)?.title
    {
      event.content = WebhookContent(
        title: [title.mark?.text ?? "", title.text].filter { !$0.isEmpty }.joined(separator: " "), series: seriesName,
        text: text(), html: html(), expires: expires)
    }
    return event
  }

  /// An event that names the bulletin and says nothing else of it.
  package func notice(banner: String) -> WebhookEvent {
    WebhookEvent(type, at: at, id: id, serial: serial, version: version, banner: banner, link: link)
  }

  /// The same for every copy of one delivery; says nothing of the bulletin.
  package func id(reader: String) -> String {
    "msg_" + SHA256.hash(data: Data("\(identity)\n\(reader)".utf8)).prefix(16).hexadecimal
  }

  /// The request of one attempt.
  package static func post(
    _ endpoint: WebhookEndpoint, id: String, body: [UInt8], keys: [WebhookKey], now: Moment
  ) -> OutgoingPost {
    var headers = [
      OutgoingPost.Header("content-type", "application/json"), OutgoingPost.Header("webhook-id", id),
      OutgoingPost.Header("webhook-timestamp", String(now.seconds)),
    ]
    if !keys.isEmpty {
      headers.append(
        OutgoingPost.Header(
          "webhook-signature", WebhookSignature.header(id: id, timestamp: now.seconds, body: body, keys: keys)))
    }
    return OutgoingPost(
      endpoint: endpoint.id, url: endpoint.url, headers: headers, body: body, id: id, signedAt: now,
      identity: endpoint.certificateFile.map {
        OutgoingPost.Identity(certificateFile: $0, keyFile: endpoint.keyFile)
      })
  }

  /// Names the bulletin in all its versions: a UUID of version 8 (RFC 9562) from the site and the first serial.
  static func urn(site: String, serial: String) -> String {
    var first = serial
    if var parsed = Serial(serial) {
      parsed.suffix = nil
      first = parsed.description
    }
    var bytes = Array(SHA256.hash(data: Data("revere bulletin\n\(site)\n\(first)".utf8)).prefix(16))
    bytes[6] = bytes[6] & 0x0F | 0x80
    bytes[8] = bytes[8] & 0x3F | 0x80
    let hex = bytes.hexadecimal
    let cuts = [0, 8, 12, 16, 20, 32]
    let parts = zip(cuts, cuts.dropFirst()).map { hex.dropFirst($0).prefix($1 - $0) }
    return "urn:uuid:" + parts.joined(separator: "-")
  }
}

extension WebhookFormat {
  package init(_ endpoint: WebhookEndpoint) { self = endpoint.format.flatMap(WebhookFormat.init) ?? .standard }
}
