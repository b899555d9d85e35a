// What rendering one variant gives: everything that its readers share. How it becomes an email is Mail's affair.

import Foundation
package import Markings

package struct RenderedImage: Hashable, Sendable {
  /// `cid:` and this is how the HTML names it.
  package var contentID: String
  /// Neutral: tells nothing of the author's file name.
  package var fileName: String
  /// `image/png` or `image/jpeg`; `image/svg+xml` for pages alone.
  package var mediaType: String
  package var bytes: [UInt8]
  package init(contentID: String, fileName: String, mediaType: String, bytes: [UInt8]) {
    self.contentID = contentID
    self.fileName = fileName
    self.mediaType = mediaType
    self.bytes = bytes
  }

  /// The better form of another image of the same content id. It stands before that one, and no mail carries it: few
  /// mail clients show it.
  package var isForPages: Bool { mediaType == "image/svg+xml" }
}

package struct Rendered: Hashable, Sendable {
  /// Names the content: boundaries and content ids are derived from it.
  package var id: String
  /// One document for email and page; images by `cid:`. Where the reader's acknowledgement token belongs stand
  /// `slotWidth` bytes `slotByte`, which no text of an author can contain.
  package var html: String
  /// 72 columns; a line that ends in a space flows into the next (RFC 3676, before space-stuffing). Slots as in `html`.
  package var text: String
  /// Portion mark and words.
  package var subject: String
  package var banner: Banner
  /// What headers may say of it: they travel outside the protected body.
  package var headerBanner: Banner
  package var images: [RenderedImage]
  /// Those that a message carries.
  package var mailImages: [RenderedImage] { images.filter { !$0.isForPages } }

  package init(id: String, html: String, text: String, subject: String, banner: Banner, images: [RenderedImage] = []) {
    self.id = id
    self.html = html
    self.text = text
    self.subject = subject
    self.banner = banner
    headerBanner = banner
    self.images = images
  }

  /// Length of an acknowledgement token: 32 characters of base64url.
  package static let slotWidth = 32
  /// Stands in the slot until it is filled; cleaning takes it out of everything that people write.
  package static let slotByte: UInt8 = 0x01

  /// A slot that nobody's token fills yet.
  package static let emptySlot = String(repeating: "\u{1}", count: slotWidth)

  /// The page for a preview or a portal: images inline as data, the slot filled (an empty token leaves the bare link).
  package func page(token: String = "") -> String { Self.page(html, images: images, token: token) }

  /// The plain text with the slot filled.
  package func plainText(token: String = "") -> String { Self.plainText(text, token: token) }

  /// The same of a product as it was stored.
  package static func page(_ html: String, images: [RenderedImage], token: String = "") -> String {
    var page = html.split(separator: emptySlot, omittingEmptySubsequences: false).joined(separator: token)
    for image in images {
      page = page.split(separator: "cid:" + image.contentID, omittingEmptySubsequences: false)
        .joined(separator: "data:" + image.mediaType + ";base64," + Data(image.bytes).base64EncodedString())
    }
    return page
  }

  package static func plainText(_ text: String, token: String = "") -> String {
    text.split(separator: emptySlot, omittingEmptySubsequences: false).joined(separator: token)
  }
}
