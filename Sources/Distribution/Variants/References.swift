// Citations and footnotes of a reduced body: what nobody sees cited is gone, with every reference to it, and the rest
// is numbered by first appearance: the body first, then the footnotes in their order.

import Bulletins

struct References {
  private let visibleSources: Set<String>
  private let visibleFootnotes: [String: (note: Footnote, blocks: [Block])]
  private(set) var sources: [String] = []
  private(set) var footnotes: [(note: Footnote, blocks: [Block])] = []
  private(set) var body: [Block] = []
  private var met: Set<String> = []

  init(body: [Block], document: Document, visible: PortionSet) {
    visibleSources = Set(
      document.frontMatter.sources.enumerated().filter { visible.contains(Document.sourcePortion($0.offset)) }
        .map(\.element.id))
    let reducer = BodyReducer(visible: visible)
    var notes: [String: (note: Footnote, blocks: [Block])] = [:]
    for note in document.footnotes where visible.contains(note.portion) && notes[note.label] == nil {
      let blocks = reducer.container(note.blocks)
      if !blocks.isEmpty { notes[note.label] = (note, blocks) }
    }
    visibleFootnotes = notes
    self.body = read(body)
    var next = 0
    while next < footnotes.count {
      footnotes[next].blocks = read(footnotes[next].blocks)
      next += 1
    }
  }

  private mutating func read(_ blocks: [Block]) -> [Block] {
    blocks.map { block in
      var block = block
      switch block.content {
      case .heading(let level, let inlines): block.content = .heading(level: level, read(inlines))
      case .paragraph(let inlines): block.content = .paragraph(read(inlines))
      case .list(var list):
        for index in list.items.indices { list.items[index].blocks = read(list.items[index].blocks) }
        block.content = .list(list)
      case .quote(let inner): block.content = .quote(read(inner))
      case .table(var grid):
        grid.header = grid.header.map { read($0) }
        grid.rows = grid.rows.map { row in row.map { read($0) } }
        block.content = .table(grid)
      case .code, .chart, .subject, .figure, .thematicBreak, .only, .tearline: break
      }
      return block
    }
  }

  private mutating func read(_ inlines: [Inline]) -> [Inline] {
    InlineNormalForm.isPlain(inlines) ? inlines : InlineNormalForm.line(kept(inlines))
  }

  private mutating func kept(_ inlines: [Inline]) -> [Inline] {
    var result: [Inline] = []
    for inline in inlines {
      switch inline {
      case .citation(let id):
        guard visibleSources.contains(id) else { continue }
        if met.insert("source " + id).inserted { sources.append(id) }
        result.append(inline)
      case .footnote(let label):
        guard let note = visibleFootnotes[label] else { continue }
        if met.insert("note " + label).inserted { footnotes.append(note) }
        result.append(inline)
      case .emphasis(let inner): add(kept(inner), to: &result) { .emphasis($0) }
      case .strong(let inner): add(kept(inner), to: &result) { .strong($0) }
      case .strikethrough(let inner): add(kept(inner), to: &result) { .strikethrough($0) }
      case .namedPerson(let inner): add(kept(inner), to: &result) { .namedPerson($0) }
      case .link(let destination, let title, let inner):
        add(kept(inner), to: &result) { .link(destination: destination, title: title, $0) }
      case .text, .code, .softBreak, .lineBreak: result.append(inline)
      }
    }
    return result
  }

  /// Emphasis of nothing is nothing.
  private func add(_ inner: [Inline], to result: inout [Inline], _ wrap: ([Inline]) -> Inline) {
    if !inner.isEmpty { result.append(wrap(inner)) }
  }
}

/// Text as a reader of the reduced source would have it: neighbouring texts are one, runs of spaces are one space, none
/// stands at the ends, beside a break, or before the full stop or comma that a removed reference left alone.
enum InlineNormalForm {
  /// Words and breaks alone, in normal form already: what most lines are.
  static func isPlain(_ inlines: [Inline]) -> Bool {
    var breakBefore = true
    var textBefore = false
    for (index, inline) in inlines.enumerated() {
      switch inline {
      case .text(let text):
        let words = text.utf8
        guard !textBefore, let first = words.first, !(breakBefore && first == space), !mayChange(text) else {
          return false
        }
        if words.last == space, index + 1 == inlines.count || isBreak(inlines[index + 1]) { return false }
      case .code, .softBreak, .lineBreak: break
      default: return false
      }
      if case .text = inline { textBefore = true } else { textBefore = false }
      breakBefore = isBreak(inline)
    }
    return true
  }

  static func line(_ inlines: [Inline]) -> [Inline] {
    var line = inner(inlines)
    if case .text(let text)? = line.first { replace(&line, 0, with: trimmedStart(text)) }
    if case .text(let text)? = line.last { replace(&line, line.count - 1, with: trimmedEnd(text)) }
    return line
  }

  private static func inner(_ inlines: [Inline]) -> [Inline] {
    var merged: [Inline] = []
    for inline in inlines {
      if case .text(let text) = inline, case .text(let before)? = merged.last {
        merged[merged.count - 1] = .text(before + text)
      } else {
        merged.append(inline)
      }
    }
    var result: [Inline] = []
    for (index, inline) in merged.enumerated() {
      switch inline {
      case .text(let text):
        var text = squeezed(text)
        if index > 0, isBreak(merged[index - 1]) { text = trimmedStart(text) }
        if index + 1 < merged.count, isBreak(merged[index + 1]) { text = trimmedEnd(text) }
        if !text.isEmpty { result.append(.text(text)) }
      case .emphasis(let inside): result.append(.emphasis(inner(inside)))
      case .strong(let inside): result.append(.strong(inner(inside)))
      case .strikethrough(let inside): result.append(.strikethrough(inner(inside)))
      case .namedPerson(let inside): result.append(.namedPerson(inner(inside)))
      case .link(let destination, let title, let inside):
        result.append(.link(destination: destination, title: title, inner(inside)))
      default: result.append(inline)
      }
    }
    return result
  }

  private static func isBreak(_ inline: Inline) -> Bool {
    switch inline {
    case .softBreak, .lineBreak: true
    default: false
    }
  }
  // By bytes, and most texts are left as they are: every text of every variant comes through here.
  private static let space = UInt8(ascii: " ")
  private static func trimmedStart(_ text: String) -> String {
    text.utf8.first == space ? String(Substring(text.utf8.drop { $0 == space })) : text
  }
  private static func trimmedEnd(_ text: String) -> String {
    guard text.utf8.last == space else { return text }
    guard let last = text.utf8.lastIndex(where: { $0 != space }) else { return "" }
    return String(Substring(text.utf8[...last]))
  }
  private static func replace(_ line: inout [Inline], _ index: Int, with text: String) {
    if text.isEmpty { line.remove(at: index) } else { line[index] = .text(text) }
  }

  private static func isStop(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ".") || byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";")
  }

  private static func mayChange(_ text: String) -> Bool {
    var before: UInt8 = 0
    for byte in text.utf8 {
      if before == space, byte == space || isStop(byte) { return true }
      before = byte
    }
    return false
  }

  private static func squeezed(_ text: String) -> String {
    guard mayChange(text) else { return text }
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for (index, byte) in bytes.enumerated() {
      if byte == 0x20 {
        if result.last != 0x20 { result.append(byte) }
        continue
      }
      if isStop(byte), result.last == 0x20, index + 1 == bytes.count || bytes[index + 1] == 0x20 { result.removeLast() }
      result.append(byte)
    }
    return String(decoding: result, as: UTF8.self)
  }
}
