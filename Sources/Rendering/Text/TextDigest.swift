// A digest as plain text: a list of what is in it, then each bulletin under its own banner; one list of links.

import Bulletins
import Markings

struct TextDigest {
  let digest: DigestProduct
  let sheet: Sheet

  func page() -> String {
    let frame = TextFrame(sheet: sheet)
    var values = frame.frame(sheet.variant.banner)
    values[.facts] = frame.fragment { writer in
      writer.paragraph(flat(sheet.product.serial))
      writer.paragraph(flat(ZonedTime(digest.at, in: sheet.site.zone).text))
    }
    values[.contents] = frame.fragment { writer in
      writer.underlined(flat("Contents"), with: 0x2D)
      writer.separate()
      for (index, entry) in digest.entries.enumerated() {
        let title = entry.product.variant.title
        let words = [title.mark?.text, title.text].compactMap { $0 }.joined(separator: " ")
        let lead = "\(index + 1). "
        writer.paragraph(flat(words), lead: Array(lead.utf8))
        writer.paragraph(
          flat(DigestProduct.line(entry.product)), lead: [UInt8](repeating: 0x20, count: lead.utf8.count))
      }
    }
    values[.first] = frame.first()
    var links: [TextBody.Link] = []
    values[.body] = digest.entries.enumerated().map { index, entry in
      section(entry, Sheet(entry.product, place: index + 1, notices: DigestProduct.ownNotices), &links)
    }.joined(separator: "\n")
    var body = TextBody(sheet, links: links)
    frame.blocks(&body)
    let blocks = body.writer.string
    if !blocks.isEmpty { values[.blocks] = blocks }
    values[.links] = frame.links(body.links)
    values[.notices] = frame.notices(.last, heading: "Handling")
    values[.foot] = frame.notices(.foot, heading: nil)
    return sheet.product.layouts.fill(.digestText, values)
  }

  /// One bulletin, banner to banner.
  private func section(_ entry: DigestProduct.Entry, _ sheet: Sheet, _ links: inout [TextBody.Link]) -> String {
    let frame = TextFrame(sheet: sheet)
    let banner = sheet.variant.banner
    let light = banner.trafficLight.map { light in frame.fragment { $0.right(light.rawValue) } }
    var parts: [String] = []
    parts.append(frame.fragment { $0.centered(banner.text) })
    if let light { parts.append(light) }
    parts.append(
      frame.fragment { writer in
        for line in DigestProduct.left(sheet) + DigestProduct.right(sheet) { writer.paragraph(flat(line)) }
      })
    parts.append(
      frame.fragment { writer in
        let title = [sheet.titleMark, sheet.variant.title.text].compactMap { $0 }.joined(separator: " ")
        writer.underlined(flat(title), with: 0x3D)
      })
    if let why = entry.notice, let words = sheet.words(of: why) {
      parts.append(
        frame.fragment { writer in
          writer.underlined(flat(words.name), with: 0x2D)
          for paragraph in words.paragraphs {
            writer.separate()
            writer.paragraph(flat(paragraph))
          }
        })
    } else {
      if let audience = sheet.audienceLine { parts.append(frame.fragment { $0.paragraph(flat(audience)) }) }
      if let first = frame.first() { parts.append(first) }
      var body = TextBody(sheet, links: links)
      body.document()
      parts.append(body.writer.string)
      body.writer = TextWriter()
      body.footnotes()
      parts.append(body.writer.string)
      parts.append(frame.sources() ?? "")
      parts.append(frame.notices(.last, heading: "Handling") ?? "")
      links = body.links
      parts.append(
        sheet.cutLine.map { line in
          frame.fragment { $0.paragraph(flat(line.words + (line.link.map { " " + $0 } ?? ""))) }
        } ?? "")
    }
    if let light { parts.append(light) }
    parts.append(frame.fragment { $0.centered(banner.text) })
    return parts.filter { !$0.isEmpty }.joined(separator: "\n")
  }
}
