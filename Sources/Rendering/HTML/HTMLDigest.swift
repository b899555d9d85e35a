// A digest as HTML: a list of what is in it, then each bulletin under its own banner.

import Bulletins
import Markings

struct HTMLDigest {
  let digest: DigestProduct
  let sheet: Sheet

  func page() -> (html: String, images: [RenderedImage]) {
    let frame = HTMLFrame(sheet: sheet)
    var images: [RenderedImage] = []
    var values = frame.frame(sheet.variant.banner, seal: frame.seal(&images))
    values[.released] = escaped(ZonedTime(digest.at, in: sheet.site.zone).text)
    values[.loose] = Sheet.inStyles(sheet.variant.title.text)
    values[.contents] = contents(frame)
    values[.first] = frame.first()
    var body = ""
    for (index, entry) in digest.entries.enumerated() {
      let section = Self.section(
        entry, Sheet(entry.product, place: index + 1, notices: DigestProduct.ownNotices))
      body += section.html
      images += section.images
    }
    values[.body] = body
    values[.blocks] = frame.blocks()
    values[.notices] = frame.notices()
    values[.foot] = frame.foot()
    return (sheet.product.layouts.fill(.digestHTML, values), images)
  }

  /// Title, serial and banner of each, with a link down to it.
  private func contents(_ frame: HTMLFrame) -> String {
    frame.fragment { writer in
      writer.raw("<ol style=\"margin:6px 0 0;padding:0 0 0 22px;\">\n")
      for (index, entry) in digest.entries.enumerated() {
        let product = entry.product
        writer.raw("<li style=\"margin:6px 0 0;\">")
        writer.mark(product.variant.title.mark?.text)
        writer.raw("<a class=\"link\" href=\"#b")
        writer.number(index + 1)
        writer.raw("\" style=\"color:#0f5aa8;\">")
        writer.text(product.variant.title.text)
        writer.raw("</a> <span class=\"muted\" style=\"display:block;font-size:13px;color:#515b67;\">")
        writer.text(DigestProduct.line(product))
        writer.raw("</span></li>\n")
      }
      writer.raw("</ol>\n")
    }
  }

  /// One bulletin, banner to banner.
  static func section(_ entry: DigestProduct.Entry, _ sheet: Sheet) -> (html: String, images: [RenderedImage]) {
    let frame = HTMLFrame(sheet: sheet)
    let variant = sheet.variant
    var body = HTMLBody(sheet)
    var images: [RenderedImage] = []
    let words = entry.notice.flatMap { sheet.words(of: $0) }
    if words == nil { body.document() }
    var notes = HTMLBody(continuing: body)
    notes.footnotes()
    images = notes.images
    func banner(_ writer: inout HTMLWriter) {
      writer.raw("<div class=\"banner\" style=\"")
      writer.raw(variant.banner.colour.style)
      writer.raw("text-align:center;font-weight:700;font-size:12px;letter-spacing:.06em;padding:4px 12px;\">")
      writer.text(variant.banner.text)
      writer.raw("</div>\n")
    }
    let light = variant.banner.trafficLight.map { light in
      "<div style=\"padding:8px 0 0;text-align:right;\">\(frame.light(light))</div>\n"
    }
    var html = frame.fragment { writer in
      writer.raw("<div id=\"b")
      writer.number(sheet.place ?? 0)
      writer.raw("\" style=\"margin:36px 0 0;\">\n")
      banner(&writer)
    }
    html += light ?? ""
    html += frame.fragment { writer in
      writer.raw(
        "<table role=\"presentation\" class=\"meta muted rule\" style=\"width:100%;margin:0;border-collapse:collapse;border-bottom:1px solid #d5dbe1;font-size:13px;color:#515b67;font-variant-numeric:tabular-nums;\"><tr>\n<td style=\"vertical-align:top;padding:7px 0;\">"
      )
      for (index, line) in DigestProduct.left(sheet).enumerated() {
        if index > 0 { writer.raw("<br>") }
        writer.text(line)
      }
      writer.raw("</td><td style=\"vertical-align:top;text-align:right;padding:7px 0;\">")
      for (index, line) in DigestProduct.right(sheet).enumerated() {
        if index > 0 { writer.raw("<br>") }
        writer.text(line)
      }
      writer.raw(
        "</td>\n</tr></table>\n<h2 class=\"h2\" style=\"margin:14px 0 0;font-size:22px;line-height:1.25;font-weight:700;\">"
      )
      writer.mark(sheet.titleMark)
      writer.text(variant.title.text)
      writer.raw("</h2>\n")
      if entry.notice == nil, let audience = sheet.audienceLine {
        writer.raw("<p class=\"muted\" style=\"margin:8px 0 0;font-size:14px;color:#515b67;\">")
        writer.text(audience)
        writer.raw("</p>\n")
      }
      if let words {
        writer.raw("<h3 style=\"margin:16px 0 0;font-size:17px;line-height:1.3;\">")
        writer.text(words.name)
        writer.raw("</h3>\n")
        for paragraph in words.paragraphs {
          writer.raw("<p style=\"margin:8px 0 0;\">")
          writer.linkedText(paragraph, address: sheet.site.portal)
          writer.raw("</p>\n")
        }
      }
    }
    html += frame.first() ?? ""
    html += body.writer.html.string
    let small = notes.writer.html.string + (frame.sources() ?? "") + (frame.notices() ?? "")
    if !small.isEmpty {
      html +=
        "<div class=\"muted rule\" style=\"margin:20px 0 0;padding:0 0 4px;border-top:1px solid #d5dbe1;font-size:13px;line-height:1.5;color:#515b67;\">\n"
        + small + "</div>\n"
    }
    if let cut = frame.cut() {
      html +=
        "<p class=\"box\" style=\"margin:14px 0 0;padding:8px 14px;background:#f2f6fb;border-left:4px solid #0f5aa8;font-size:14px;\">"
        + cut + "</p>\n"
    }
    html += light ?? ""
    html += frame.fragment { writer in
      writer.raw("<div style=\"padding:14px 0 0;\">")
      banner(&writer)
      writer.raw("</div>\n</div>\n")
    }
    return (html, images)
  }
}

extension DigestProduct {
  /// `CFC-OS-2026-0042, Officer Safety Bulletin, UNCLASSIFIED//LES, TLP:AMBER`
  static func line(_ product: Product) -> String {
    let banner = product.variant.banner
    let light = banner.trafficLight.map(\.rawValue)
    return [product.serial, product.seriesName, banner.text, light == banner.text ? nil : light].compactMap { $0 }
      .joined(separator: ", ")
  }
  static func left(_ sheet: Sheet) -> [String] {
    [sheet.product.seriesName, sheet.product.serial, sheet.cutoffLine].compactMap { $0 }
  }
  static func right(_ sheet: Sheet) -> [String] { [sheet.releaseLine, sheet.expiryLine].compactMap { $0 } }
}
