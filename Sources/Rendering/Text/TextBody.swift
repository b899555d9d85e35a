// The body of a variant as plain text: headings underlined, lists hung, links as numbered references.

import Bulletins
import Markings

struct TextBody {
  let sheet: Sheet
  var writer = TextWriter(capacity: 16 * 1024)
  /// Destinations of numbered references, in order.
  private(set) var links: [Link] = []
  struct Link: Equatable {
    var address: String
    /// The reader's token follows.
    var slot = false
  }
  private var printedPortion: Int?
  private var headingLevel = 1
  private var scratch: [UInt8] = []

  /// - Parameter links: those of the bulletins before it in a digest; numbers go on.
  init(_ sheet: Sheet, links: [Link] = []) {
    self.sheet = sheet
    self.links = links
  }

  mutating func document() { blocks(sheet.variant.body) }

  mutating func blocks(_ blocks: [Block]) {
    for block in blocks {
      writer.separate()
      self.block(block, lead: [])
    }
  }

  /// - Parameter lead: the bullet or number that hangs before a paragraph.
  private mutating func block(_ block: Block, lead: [UInt8]) {
    switch block.content {
    case .heading(let level, let words):
      headingLevel = min(max(level, 2), headingLevel + 1, 6)
      let mark: UInt8 = headingLevel == 2 ? 0x2D : 0x2E
      writer.underlined(marked(block.portion, words), with: mark)
    case .paragraph(let words):
      // One buffer serves all paragraphs.
      var bytes: [UInt8] = []
      swap(&bytes, &scratch)
      bytes.removeAll(keepingCapacity: true)
      mark(block.portion, &bytes)
      inlines(words, into: &bytes)
      writer.paragraph(bytes, lead: lead)
      swap(&bytes, &scratch)
    case .list(let list): self.list(list)
    case .quote(let inner): indented("| ") { $0.blocks(inner) }
    case .table(let grid): table(grid)
    case .code(_, let text):
      indented("    ") { body in
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast(text.hasSuffix("\n") ? 1 : 0)
        {
          body.writer.line(flat(String(line)))
        }
      }
    case .chart(let chart):
      var words = markBytes(block.portion)
      words.appendClean(chart.title)
      writer.paragraph(words)
      let isDrawn = sheet.drawing(of: chart, block.portion) != nil
      writer.paragraph(flat(isDrawn ? "[Picture: \(chart.alternative)]" : chart.alternative))
      if let grid = chart.grid {
        writer.separate()
        table(grid)
      }
    case .subject(let subject): card(subject, block.portion)
    case .figure(let figure):
      writer.paragraph(flat("[Picture: \(figure.alternative)]"))
      var words = marked(block.portion, [])
      words.appendClean(figure.caption)
      writer.paragraph(words)
    case .thematicBreak: writer.line(Array("* * *".utf8))
    case .only(_, _, let inner), .tearline(let inner): blocks(inner)
    }
  }

  mutating func indented(_ prefix: StaticString, _ write: (inout TextBody) -> Void) {
    var bytes: [UInt8] = []
    bytes.appendLiteral(prefix)
    indented(bytes, write)
  }

  mutating func indented(_ prefix: [UInt8], _ write: (inout TextBody) -> Void) {
    writer.push(prefix)
    write(&self)
    writer.pop(prefix.count)
  }

  private mutating func list(_ list: Block.List) {
    let loose = list.isLoose
    var number = list.start ?? 0
    for item in list.items {
      var lead: [UInt8] = []
      if list.start == nil {
        lead = [0x2D, 0x20]
      } else {
        lead.appendNumber(number)
        lead.append(contentsOf: [0x2E, 0x20])
        number += 1
      }
      let hang = [UInt8](repeating: 0x20, count: lead.count)
      for index in item.blocks.indices {
        if index == 0, case .paragraph = item.blocks[0].content {
          if loose { writer.separate() }
          block(item.blocks[0], lead: lead)
          continue
        }
        if index == 0 { writer.line(lead) }
        let inner = item.blocks[index]
        if case .list = inner.content, !loose {} else { writer.separate() }
        indented(hang) { $0.block(inner, lead: []) }
      }
    }
  }

  // MARK: Words

  func markBytes(_ portion: Int?) -> [UInt8] {
    var bytes: [UInt8] = []
    if let mark = sheet.mark(of: portion), !mark.isEmpty {
      bytes.appendClean(mark)
      bytes.append(0x20)
    }
    return bytes
  }

  mutating func marked(_ portion: Int?, _ words: [Inline]) -> [UInt8] {
    var bytes: [UInt8] = []
    mark(portion, &bytes)
    inlines(words, into: &bytes)
    return bytes
  }

  private mutating func mark(_ portion: Int?, _ bytes: inout [UInt8]) {
    if portion != nil && portion == printedPortion { return }
    printedPortion = portion
    guard let mark = sheet.mark(of: portion), !mark.isEmpty else { return }
    bytes.append(contentsOf: mark.utf8)
    bytes.append(0x20)
  }

  /// Flat words; a hard line break is a line feed.
  mutating func inlines(_ inlines: [Inline], into bytes: inout [UInt8]) {
    for inline in inlines {
      switch inline {
      case .text(let text): bytes.appendClean(text)
      case .emphasis(let inner): wrap(0x5F, inner, &bytes)
      case .strong(let inner): wrap(0x2A, inner, &bytes)
      case .strikethrough(let inner):
        bytes.append(0x7E)
        wrap(0x7E, inner, &bytes)
        bytes.append(0x7E)
      case .code(let text):
        bytes.append(0x60)
        bytes.appendClean(text)
        bytes.append(0x60)
      case .link(let destination, _, let inner):
        let start = bytes.count
        self.inlines(inner, into: &bytes)
        reference(to: destination, words: bytes[start...], into: &bytes)
      case .softBreak: bytes.append(0x20)
      case .lineBreak: bytes.append(0x0A)
      case .citation(let id):
        if let number = sheet.number(ofSource: id) {
          bytes.appendLiteral("[")
          bytes.appendNumber(number)
          bytes.appendLiteral("]")
        }
      case .footnote(let label):
        if let number = sheet.number(ofFootnote: label) {
          bytes.appendLiteral("[note ")
          bytes.appendNumber(number)
          bytes.appendLiteral("]")
        }
      case .namedPerson(let inner): self.inlines(inner, into: &bytes)
      }
    }
  }

  private mutating func wrap(_ mark: UInt8, _ inner: [Inline], _ bytes: inout [UInt8]) {
    bytes.append(mark)
    inlines(inner, into: &bytes)
    bytes.append(mark)
  }

  /// ` [link 2]`, unless the words are the address itself.
  mutating func reference(
    to destination: String, slot: Bool = false, words: ArraySlice<UInt8>, into bytes: inout [UInt8]
  ) {
    guard isAllowedDestination(destination) else { return }
    var address = destination.utf8[...]
    if words.elementsEqual(address) { return }
    if let colon = address.firstIndex(of: 0x3A) { address = address[address.index(after: colon)...] }
    if words.elementsEqual(address) { return }
    let link = Link(address: destination, slot: slot)
    let number: Int
    if let known = links.firstIndex(of: link) {
      number = known + 1
    } else {
      links.append(link)
      number = links.count
    }
    bytes.appendLiteral(" [link ")
    bytes.appendNumber(number)
    bytes.appendLiteral("]")
  }
}
