// The body of a variant as HTML: headings in order, marks as quiet real text, every essential style inline.

import Bulletins
import Markings

struct HTMLBody {
  let sheet: Sheet
  var writer: HTMLWriter
  var images: [RenderedImage] = []
  /// A photo on a card that is also a figure travels once.
  var imagePlaces: [String: Int] = [:]
  var charts = 0
  private var headingLevel = 1
  private var printedPortion: Int?
  private var tables = 0

  init(_ sheet: Sheet) {
    self.sheet = sheet
    writer = HTMLWriter(capacity: 32 * 1024)
  }

  /// The whole body: a section named "Bottom line" stands in a box.
  mutating func document() {
    var boxed = false
    let blocks = sheet.variant.body
    for index in blocks.indices {
      if case .heading(let level, let words) = blocks[index].content {
        if boxed && level <= 2 {
          writer.raw("</td></tr></table>\n")
          boxed = false
        }
        if index == 0, sectionSlug(words.plainText) == "bottom-line" {
          writer.raw(
            "<table role=\"presentation\" class=\"box\" style=\"width:100%;border-collapse:collapse;margin:18px 0 0;background:#f2f6fb;border-left:4px solid #0f5aa8;\"><tr><td class=\"lead\" style=\"padding:14px 18px;font-size:17px;\">\n"
          )
          boxed = true
          boxHeading(blocks[index], words)
          continue
        }
      }
      block(blocks[index], next: index + 1 < blocks.count ? blocks[index + 1] : nil)
    }
    if boxed { writer.raw("</td></tr></table>\n") }
  }

  mutating func blocks(_ blocks: [Block]) {
    for index in blocks.indices { block(blocks[index], next: index + 1 < blocks.count ? blocks[index + 1] : nil) }
  }

  private mutating func block(_ block: Block, next: Block?) {
    switch block.content {
    case .heading(let level, let words): heading(block, level, words)
    case .paragraph(let words):
      if captions(block, words, next) {
        tables += 1
        writer.raw("<p class=\"wide\" id=\"")
        writer.anchor("t", tables, in: sheet.place)
        writer.raw("\" style=\"margin:18px 0 0;font-size:15px;font-weight:600;\">")
      } else {
        writer.raw("<p style=\"margin:8px 0 0;\">")
      }
      mark(block.portion)
      inlines(words)
      writer.raw("</p>\n")
    case .list(let list): self.list(list)
    case .quote(let inner):
      writer.raw(
        "<blockquote class=\"rule\" style=\"margin:10px 0 0;padding:0 0 2px 14px;border-left:3px solid #c9d0d8;\">\n")
      blocks(inner)
      writer.raw("</blockquote>\n")
    case .table(let grid): table(grid, label: captionedTable)
    case .code(_, let text):
      writer.raw(
        "<pre class=\"pre\" style=\"margin:10px 0 0;padding:10px 12px;background:#f2f4f6;white-space:pre-wrap;font-family:ui-monospace,Consolas,monospace;font-size:14px;\"><code>"
      )
      writer.text(text)
      writer.raw("</code></pre>\n")
    case .chart(let chart): self.chart(chart, block.portion)
    case .subject(let subject): card(subject, block.portion)
    case .figure(let figure): self.figure(figure, block.portion)
    case .thematicBreak:
      writer.raw("<hr class=\"rule\" style=\"margin:20px 0 0;border:0;border-top:1px solid #d5dbe1;\">\n")
    // A variant has neither; if one came here, its content would still be the variant's.
    case .only(_, _, let inner), .tearline(let inner): blocks(inner)
    }
    captionedTable = captions(block, next: next) ? tables : nil
  }

  /// Number of the caption paragraph right before a table.
  private var captionedTable: Int?

  private func captions(_ block: Block, next: Block?) -> Bool {
    if case .paragraph(let words) = block.content { captions(block, words, next) } else { false }
  }

  /// A short lead-in right before its table is printed as the table's caption.
  private func captions(_ block: Block, _ words: [Inline], _ next: Block?) -> Bool {
    guard let next, case .table = next.content, next.portion == block.portion else { return false }
    return words.plainText.utf8.count <= 160
  }

  mutating func mark(_ portion: Int?) {
    if portion != nil && portion == printedPortion { return }
    printedPortion = portion
    writer.mark(sheet.mark(of: portion))
  }

  // MARK: Headings and lists

  /// Never skips a level, whatever hidden headings left behind.
  private mutating func heading(_ block: Block, _ level: Int, _ words: [Inline]) {
    headingLevel = min(max(level, 2), headingLevel + 1, 6)
    // A digest's own heading stands above them.
    let element = min(headingLevel + (sheet.place == nil ? 0 : 1), 6)
    writer.raw("<h")
    writer.number(element)
    switch headingLevel {
    case 2: writer.raw(" style=\"margin:24px 0 0;font-size:19px;line-height:1.3;\">")
    case 3: writer.raw(" style=\"margin:18px 0 0;font-size:17px;line-height:1.3;\">")
    case 4: writer.raw(" style=\"margin:16px 0 0;font-size:16px;line-height:1.3;\">")
    default: writer.raw(" style=\"margin:14px 0 0;font-size:16px;line-height:1.3;\">")
    }
    mark(block.portion)
    inlines(words)
    writer.raw("</h")
    writer.number(element)
    writer.raw(">\n")
  }

  private mutating func boxHeading(_ block: Block, _ words: [Inline]) {
    headingLevel = 2
    writer.raw(sheet.place == nil ? "<h2" : "<h3")
    writer.raw(" style=\"margin:0;font-size:14px;font-weight:700;letter-spacing:.02em;\">")
    mark(block.portion)
    inlines(words)
    writer.raw(sheet.place == nil ? "</h2>\n" : "</h3>\n")
  }

  private mutating func list(_ list: Block.List) {
    if let start = list.start {
      writer.raw("<ol")
      if start != 1 {
        writer.raw(" start=\"")
        writer.number(start)
        writer.raw("\"")
      }
    } else {
      writer.raw("<ul")
    }
    writer.raw(" style=\"margin:6px 0 0;padding:0 0 0 22px;\">\n")
    let loose = list.isLoose
    for item in list.items {
      writer.raw("<li style=\"margin:4px 0 0;\">")
      for index in item.blocks.indices {
        let inner = item.blocks[index]
        if index == 0 || !loose, case .paragraph(let words) = inner.content {
          mark(inner.portion)
          inlines(words)
          writer.raw("\n")
        } else {
          block(inner, next: index + 1 < item.blocks.count ? item.blocks[index + 1] : nil)
        }
      }
      writer.raw("</li>\n")
    }
    if list.start == nil { writer.raw("</ul>\n") } else { writer.raw("</ol>\n") }
  }
}
