// A rendered product in the form in which the store keeps it: encoded once for all of its readers.

import Bulletins
import Distribution
import Mail
import Markings
import Rendering
import Store

enum StoredProduct {
  /// The store's key of a variant. A cut variant ends with a line that names the portal to those who have it, so the
  /// two forms are kept apart; the id inside the product is the same.
  static func key(_ key: VariantKey, _ decider: Decider, hasPortal: Bool) -> String {
    VariantBuilder.id(key, decider.revision) + (key.cut && hasPortal ? "-portal" : "")
  }
  static func key(_ notice: NoticeContent, hasPortal: Bool) -> String {
    "notice:\(notice.why.rawValue):\(notice.title.form.rawValue)" + (hasPortal ? ":portal" : "")
  }
  /// A notice about an earlier version, for those who hold that one.
  static func key(_ notice: NoticeContent, about version: Int) -> String {
    key(notice, hasPortal: false) + ":v\(version)"
  }
  /// What such a key begins with: a row that carries it brought its reader no version.
  static func isLifeNotice(_ key: String) -> Bool {
    [NoticeWhy.recalled, .withdrawn, .expired].contains { key.hasPrefix("notice:\($0.rawValue):") }
  }

  static func content(
    key: String, kind: VariantContent.Kind, cut: Bool, titleForm: String, subject: MarkedText, _ rendered: Rendered
  ) -> VariantContent {
    VariantContent(
      key: key, kind: kind, cut: cut, titleForm: titleForm, banner: rendered.banner.text,
      trafficLight: rendered.banner.trafficLight?.rawValue, subjectMark: subject.mark?.text ?? "",
      subjectWords: subject.text, html: rendered.html, text: rendered.text,
      images: rendered.images.map {
        VariantContent.Image(
          contentID: $0.contentID, mediaType: $0.mediaType,
          file: StoredFile(name: $0.fileName, hash: RevisionHash.sha256($0.bytes), bytes: $0.bytes))
      },
      body: stored(EncodedBody(rendered)), plainBody: stored(EncodedBody(rendered, format: .text)))
  }

  private static func stored(_ body: EncodedBody) -> VariantContent.EncodedBody {
    VariantContent.EncodedBody(
      bytes: body.bytes, slots: body.slots, slotLength: body.slots.isEmpty ? 0 : Rendered.slotWidth)
  }
}
