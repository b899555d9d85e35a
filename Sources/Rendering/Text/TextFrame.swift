// Everything around the body as plain text, ready for the page's layout.

import Bulletins
import Markings

struct TextFrame {
  let sheet: Sheet

  func fragment(_ write: (inout TextWriter) -> Void) -> String {
    var writer = TextWriter()
    write(&writer)
    return writer.string
  }

  func page() -> String {
    var body = TextBody(sheet)
    body.document()
    let main = body.writer.string
    body.writer = TextWriter()
    body.footnotes()
    let notes = body.writer.string
    body.writer = TextWriter()
    actions(&body)
    let actions = body.writer.string
    body.writer = TextWriter()
    blocks(&body)
    let blocks = body.writer.string

    var values = frame(sheet.variant.banner)
    values[.body] = main
    if !notes.isEmpty { values[.notes] = notes }
    if !actions.isEmpty { values[.actions] = actions }
    if !blocks.isEmpty { values[.blocks] = blocks }
    values[.audience] = sheet.audienceLine.map { line in fragment { $0.paragraph(flat(line)) } }
    values[.first] = first()
    values[.sources] = sources()
    values[.notices] = notices(.last, heading: "Handling")
    values[.foot] = notices(.foot, heading: nil)
    values[.links] = links(body.links)
    values[.cut] = sheet.cutLine.map { line in
      fragment { $0.paragraph(flat(line.words + (line.link.map { " " + $0 } ?? ""))) }
    }
    return sheet.product.layouts.fill(.productText, values)
  }

  /// The page of a product without a body.
  func page(saying notice: FilledNotice) -> String {
    var values = frame(sheet.variant.banner)
    values[.body] = fragment { writer in
      writer.underlined(flat(notice.name), with: 0x2D)
      for words in notice.paragraphs {
        writer.separate()
        writer.paragraph(flat(words))
      }
    }
    var body = TextBody(sheet)
    blocks(&body)
    let blocks = body.writer.string
    if !blocks.isEmpty { values[.blocks] = blocks }
    values[.notices] = notices(.last, heading: "Handling")
    values[.foot] = notices(.foot, heading: nil)
    return sheet.product.layouts.fill(.noticeText, values)
  }

  /// What products with and without a body share.
  func frame(_ banner: Banner) -> FieldValues {
    var values = FieldValues()
    values[.banner] = fragment { $0.centered(banner.text) }
    values[.masthead] = fragment { writer in
      writer.paragraph(flat(sheet.site.name))
      writer.paragraph(flat(sheet.product.seriesName))
    }
    values[.facts] = fragment { writer in
      for line in [sheet.product.serial, sheet.cutoffLine, sheet.releaseLine, sheet.expiryLine] {
        if let line { writer.paragraph(flat(line)) }
      }
    }
    values[.title] = fragment { writer in
      var words: [UInt8] = []
      if let mark = sheet.titleMark {
        words.appendClean(mark)
        words.append(0x20)
      }
      words.appendClean(sheet.variant.title.text)
      writer.underlined(words, with: 0x3D)
    }
    values[.expires] = sheet.expiryLine.map { line in fragment { $0.paragraph(flat(line + ".")) } }
    values[.trafficLight] = banner.trafficLight.map { light in fragment { $0.right(light.rawValue) } }
    return values
  }

  func first() -> String? {
    let notices = sheet.notices(.first)
    let lines = [sheet.isDraft ? draftLine : nil, sheet.relationLine].compactMap { $0 }
    guard !lines.isEmpty || !notices.isEmpty else { return nil }
    return fragment { writer in
      for line in lines {
        writer.separate()
        writer.paragraph(flat(line))
      }
      for notice in notices { writer.notice(notice) }
    }
  }

  func notices(_ place: NoticePlace, heading: String?) -> String? {
    let notices = sheet.notices(place)
    guard !notices.isEmpty else { return nil }
    return fragment { writer in
      if let heading { writer.underlined(flat(heading), with: 0x2D) }
      for notice in notices { writer.notice(notice) }
    }
  }

  func sources() -> String? {
    guard !sheet.sources.isEmpty else { return nil }
    return fragment { writer in
      writer.underlined(flat("Sources"), with: 0x2D)
      writer.separate()
      for source in sheet.sources {
        var words: [UInt8] = []
        if let mark = source.mark {
          words.appendClean(mark)
          words.append(0x20)
        }
        words.appendClean(source.words)
        writer.paragraph(words, lead: Array("\(source.number). ".utf8))
      }
    }
  }

  private func actions(_ body: inout TextBody) {
    guard let base = sheet.product.acknowledgement, isAllowedDestination(base) else { return }
    var words = flat("Confirm that you read this")
    body.reference(to: base, slot: true, words: words[...], into: &words)
    body.writer.paragraph(words)
  }

  func blocks(_ body: inout TextBody) {
    let product = sheet.product
    if !product.reporting.isEmpty {
      body.writer.underlined(flat("Reporting"), with: 0x2D)
      body.writer.separate()
      for block in product.reporting {
        body.writer.paragraph(flat(block.text + (block.link.map { " " + $0 } ?? "")))
      }
    }
    if !product.contacts.isEmpty {
      body.writer.separate()
      body.writer.underlined(flat("Contact"), with: 0x2D)
      body.writer.separate()
      for contact in product.contacts {
        body.writer.paragraph(
          flat([contact.name, contact.phone, contact.email].compactMap { $0 }.joined(separator: ", ")))
      }
    }
    if !product.feedback.isEmpty {
      body.writer.separate()
      body.writer.underlined(flat("Feedback"), with: 0x2D)
      body.writer.separate()
      for block in product.feedback {
        var words = flat(block.text)
        if let link = block.link { body.reference(to: link, words: words[...], into: &words) }
        body.writer.paragraph(words)
      }
    }
  }

  func links(_ links: [TextBody.Link]) -> String? {
    guard !links.isEmpty else { return nil }
    return fragment { writer in
      writer.underlined(flat("Links"), with: 0x2D)
      writer.separate()
      for (index, link) in links.enumerated() {
        var words = flat(link.address)
        if link.slot { words += [UInt8](repeating: Rendered.slotByte, count: Rendered.slotWidth) }
        writer.paragraph(words, lead: Array("\(index + 1). ".utf8))
      }
    }
  }
}

extension TextBody {
  mutating func footnotes() {
    guard !sheet.variant.footnotes.isEmpty else { return }
    writer.underlined(flat("Notes"), with: 0x2D)
    writer.separate()
    for footnote in sheet.variant.footnotes {
      let lead = Array("\(footnote.number). ".utf8)
      var rest = footnote.blocks[...]
      var words: [UInt8] = []
      if case .paragraph(let inlines) = rest.first?.content {
        if let mark = footnote.mark.map(\.text) ?? sheet.mark(of: rest.first?.portion) {
          words.appendClean(mark)
          words.append(0x20)
        }
        self.inlines(inlines, into: &words)
        rest = rest.dropFirst()
      }
      writer.paragraph(words, lead: lead)
      indented([UInt8](repeating: 0x20, count: lead.count)) { $0.blocks(Array(rest)) }
    }
  }
}

extension TextWriter {
  mutating func notice(_ notice: FilledNotice) {
    separate()
    let name = notice.name.isEmpty ? [] : [sentence(notice.name)]
    paragraph(flat((name + notice.paragraphs.prefix(1)).joined(separator: " ")))
    for words in notice.paragraphs.dropFirst() {
      separate()
      paragraph(flat(words))
    }
  }
}
