// Everything around the body as HTML fragments, ready for the page's layout.

import Bulletins
import Foundation
import Markings

extension Banner.Colour {
  /// Background and text (markings.md section 5). Literals: they enter a style attribute.
  var style: StaticString {
    switch self {
    case .unclassified: "background:#007A33;color:#ffffff;"
    case .cui: "background:#502B85;color:#ffffff;"
    case .confidential: "background:#0033A0;color:#ffffff;"
    case .secret: "background:#C8102E;color:#ffffff;"
    case .topSecret: "background:#FF671F;color:#000000;"
    case .trafficLight: "background:#000000;color:#ffffff;"
    }
  }
}

extension TrafficLight {
  /// The label's colour on the mandatory black.
  var style: StaticString {
    switch self {
    case .red: "color:#FF2B2B;"
    case .amber, .amberStrict: "color:#FFC000;"
    case .green: "color:#33FF00;"
    case .clear: "color:#FFFFFF;"
    }
  }
}

struct HTMLFrame {
  let sheet: Sheet

  func fragment(_ write: (inout HTMLWriter) -> Void) -> String {
    var writer = HTMLWriter()
    write(&writer)
    return writer.html.string
  }

  /// The whole page.
  func page() -> (html: String, images: [RenderedImage]) {
    var body = HTMLBody(sheet)
    body.document()
    var notes = HTMLBody(continuing: body)
    notes.footnotes()
    var images = notes.images
    var values = frame(sheet.variant.banner, seal: seal(&images))
    values[.body] = body.writer.html.string
    values[.notes] = notes.writer.html.string
    values[.audience] = sheet.audienceLine.map(escaped)
    values[.first] = first()
    values[.sources] = sources()
    values[.actions] = actions()
    values[.blocks] = blocks()
    values[.notices] = notices()
    values[.foot] = foot()
    values[.cut] = cut()
    return (sheet.product.layouts.fill(.productHTML, values), images)
  }

  /// The page of a product without a body.
  func page(saying notice: FilledNotice, isWarning: Bool, _ images: inout [RenderedImage]) -> String {
    var values = frame(sheet.variant.banner, seal: seal(&images))
    values[.body] = fragment { writer in
      if isWarning {
        writer.raw(
          "<div class=\"warn notice\" style=\"margin:18px 0 0;padding:12px 16px;background:#fff4d6;border:1px solid #e3c77c;color:#6b4200;\">\n"
        )
      }
      writer.raw(
        isWarning
          ? "<h2 style=\"margin:0;font-size:19px;line-height:1.3;\">"
          : "<h2 style=\"margin:20px 0 0;font-size:19px;line-height:1.3;\">")
      writer.text(notice.name)
      writer.raw("</h2>\n")
      for paragraph in notice.paragraphs {
        writer.raw("<p style=\"margin:8px 0 0;\">")
        writer.linkedText(paragraph, address: sheet.site.portal)
        writer.raw("</p>\n")
      }
      if isWarning { writer.raw("</div>\n") }
    }
    values[.blocks] = blocks()
    values[.notices] = notices()
    values[.foot] = foot()
    return sheet.product.layouts.fill(.noticeHTML, values)
  }

  /// What products with and without a body share.
  func frame(_ banner: Banner, seal: String) -> FieldValues {
    var values = FieldValues()
    values[.banner] = escaped(banner.text)
    values[.bannerStyle] = "\(banner.colour.style)"
    values[.seal] = seal
    values[.center] = escaped(sheet.site.name)
    values[.series] = escaped(sheet.product.seriesName)
    values[.serial] = escaped(sheet.product.serial)
    values[.loose] = sheet.looseLine
    values[.released] = escaped(sheet.releaseLine)
    values[.title] = fragment { writer in
      writer.mark(sheet.titleMark)
      writer.text(sheet.variant.title.text)
    }
    values[.documentTitle] = escaped(
      [sheet.titleMark, sheet.variant.title.text].compactMap { $0 }.joined(separator: " "))
    values[.cutoff] = sheet.cutoffLine.map(escaped)
    values[.expires] = sheet.expiryLine.map(escaped)
    if let light = banner.trafficLight { values[.trafficLight] = self.light(light) }
    return values
  }

  func light(_ light: TrafficLight) -> String {
    fragment { writer in
      writer.raw(
        "<span class=\"tlp\" style=\"display:inline-block;background:#000000;font-family:ui-monospace,Consolas,monospace;font-size:16px;line-height:1.4;font-weight:700;padding:4px 8px;white-space:nowrap;"
      )
      writer.raw(light.style)
      writer.raw("\">")
      writer.text(light.rawValue)
      writer.raw("</span>")
    }
  }

  /// The site's seal, else its letters in a ring; decoration either way, as the center's name stands beside it.
  func seal(_ images: inout [RenderedImage]) -> String {
    guard let picture = sheet.product.seal else {
      return fragment { writer in
        writer.raw(
          "<div class=\"ink\" aria-hidden=\"true\" style=\"width:48px;height:48px;border:2px solid #1a2027;border-radius:50%;text-align:center;line-height:48px;font-weight:700;font-size:15px;letter-spacing:.04em;\">"
        )
        writer.text(sheet.monogram)
        writer.raw("</div>")
      }
    }
    let image = RenderedImage(
      contentID: "seal.\(sheet.variant.id)@\(sheet.site.id).invalid",
      fileName: picture.mediaType == "image/jpeg" ? "seal.jpg" : "seal.png", mediaType: picture.mediaType,
      bytes: picture.bytes)
    images.append(image)
    return fragment { writer in
      writer.raw("<img src=\"cid:")
      writer.text(image.contentID)
      writer.raw("\" alt=\"\" width=\"52\" height=\"52\" style=\"display:block;border:0;\">")
    }
  }

  func first() -> String? {
    let notices = sheet.notices(.first)
    guard sheet.relationLine != nil || sheet.isDraft || !notices.isEmpty else { return nil }
    return fragment { writer in
      for line in [sheet.isDraft ? draftLine : nil, sheet.relationLine].compactMap({ $0 }) {
        writer.raw(
          "<p class=\"warn notice\" style=\"margin:14px 0 0;padding:7px 14px;background:#fff4d6;border:1px solid #e3c77c;color:#6b4200;font-size:14px;font-weight:700;\">"
        )
        writer.text(line)
        writer.raw("</p>\n")
      }
      for notice in notices {
        writer.raw(
          "<div class=\"rule notice\" style=\"margin:12px 0 0;padding:4px 10px 6px;border:1px solid #747e8b;font-size:12px;line-height:1.4;\">"
        )
        writer.notice(notice)
        writer.raw("</div>\n")
      }
    }
  }

  func sources() -> String? {
    guard !sheet.sources.isEmpty else { return nil }
    return fragment { writer in
      writer.smallHeading("Sources", within: sheet.place)
      writer.raw("<ol style=\"margin:2px 0 0;padding:0 0 0 22px;\">\n")
      for source in sheet.sources {
        writer.raw("<li id=\"")
        writer.anchor("s", source.number, in: sheet.place)
        writer.raw("\" value=\"")
        writer.number(source.number)
        writer.raw("\" style=\"margin:2px 0 0;\">")
        writer.mark(source.mark)
        writer.text(source.words)
        writer.raw("</li>\n")
      }
      writer.raw("</ol>\n")
    }
  }

  private func actions() -> String? {
    guard let base = sheet.product.acknowledgement, isAllowedDestination(base) else { return nil }
    return fragment { writer in
      writer.raw("<a class=\"btn\" href=\"")
      writer.text(base)
      writer.slot()
      writer.raw(
        "\" style=\"display:inline-block;border:2px solid #0f5aa8;color:#0f5aa8;font-weight:700;text-decoration:none;padding:9px 16px;\">Confirm that you read this</a>"
      )
    }
  }

  /// Reporting, contacts, feedback.
  func blocks() -> String? {
    let product = sheet.product
    guard !product.reporting.isEmpty || !product.contacts.isEmpty || !product.feedback.isEmpty else { return nil }
    return fragment { writer in
      if !product.reporting.isEmpty {
        writer.smallHeading("Reporting")
        for block in product.reporting {
          writer.raw("<p style=\"margin:2px 0 0;\">")
          writer.text(block.text)
          if let link = block.link { writer.plainLink(link) }
          writer.raw("</p>\n")
        }
      }
      if !product.contacts.isEmpty {
        writer.smallHeading("Contact")
        for contact in product.contacts {
          writer.raw("<p style=\"margin:2px 0 0;\">")
          writer.text(contact.name)
          if let phone = contact.phone {
            writer.raw(", ")
            writer.link("tel:" + phone.filter { !$0.isWhitespace }, words: phone)
          }
          if let email = contact.email {
            writer.raw(", ")
            writer.link("mailto:" + email, words: email)
          }
          writer.raw("</p>\n")
        }
      }
      if !product.feedback.isEmpty {
        writer.smallHeading("Feedback")
        for block in product.feedback {
          writer.raw("<p style=\"margin:2px 0 0;\">")
          if let link = block.link { writer.link(link, words: block.text) } else { writer.text(block.text) }
          writer.raw("</p>\n")
        }
      }
    }
  }

  func notices() -> String? {
    let notices = sheet.notices(.last)
    guard !notices.isEmpty else { return nil }
    return fragment { writer in
      writer.smallHeading("Handling", within: sheet.place)
      for notice in notices { writer.notice(notice) }
    }
  }

  func foot() -> String? {
    let notices = sheet.notices(.foot)
    guard !notices.isEmpty else { return nil }
    return fragment { writer in for notice in notices { writer.notice(notice) } }
  }

  func cut() -> String? {
    sheet.cutLine.map { line in
      fragment { writer in
        writer.text(line.words)
        if let link = line.link { writer.plainLink(link) }
      }
    }
  }
}

let draftLine = "Draft. Not released: do not act on it and do not pass it on."

extension HTMLBody {
  /// For the footnotes: pictures are numbered on.
  init(continuing body: HTMLBody) {
    self = body
    writer = HTMLWriter()
  }

  mutating func footnotes() {
    guard !sheet.variant.footnotes.isEmpty else { return }
    writer.smallHeading("Notes", within: sheet.place)
    writer.raw("<ol style=\"margin:2px 0 0;padding:0 0 0 22px;\">\n")
    for footnote in sheet.variant.footnotes {
      writer.raw("<li id=\"")
      writer.anchor("n", footnote.number, in: sheet.place)
      writer.raw("\" value=\"")
      writer.number(footnote.number)
      writer.raw("\" style=\"margin:2px 0 0;\">")
      var rest = footnote.blocks[...]
      if case .paragraph(let words) = rest.first?.content {
        writer.mark(footnote.mark.map(\.text) ?? sheet.mark(of: rest.first?.portion))
        inlines(words)
        rest = rest.dropFirst()
      }
      blocks(Array(rest))
      writer.raw("</li>\n")
    }
    writer.raw("</ol>\n")
  }
}

extension HTMLWriter {
  /// - Parameter place: the bulletin's in a digest, where it stands a level lower.
  mutating func smallHeading(_ words: StaticString, within place: Int? = nil) {
    raw(place == nil ? "<h2" : "<h3")
    raw(" class=\"ink\" style=\"margin:12px 0 0;font-size:13px;line-height:1.4;font-weight:700;color:#1a2027;\">")
    raw(words)
    raw(place == nil ? "</h2>\n" : "</h3>\n")
  }

  mutating func link(_ destination: String, words: String) {
    guard isAllowedDestination(destination) else { return text(words) }
    openLink(destination)
    text(words)
    raw("</a>")
  }

  /// A space and the address itself as the link's words.
  mutating func plainLink(_ destination: String) {
    raw(" ")
    link(destination, words: destination)
  }

  /// A text in which one address, where it occurs, is a link.
  mutating func linkedText(_ words: String, address: String?) {
    guard let address, !address.isEmpty, let range = words.range(of: address) else { return text(words) }
    text(String(words[..<range.lowerBound]))
    link(address, words: address)
    text(String(words[range.upperBound...]))
  }

  mutating func notice(_ notice: FilledNotice) {
    raw("<p style=\"margin:6px 0 0;\">")
    if !notice.name.isEmpty {
      raw("<strong class=\"ink\" style=\"color:#1a2027;\">")
      text(sentence(notice.name))
      raw("</strong> ")
    }
    for (index, paragraph) in notice.paragraphs.enumerated() {
      raw(index == 0 ? "" : "</p>\n<p style=\"margin:4px 0 0;\">")
      text(paragraph)
    }
    raw("</p>\n")
  }
}
