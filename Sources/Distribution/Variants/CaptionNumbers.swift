// Captions count from one in what a reader has: where Table 5 is hidden, the author's "Table 6" is printed as "Table 5",
// and so it is called wherever visible text speaks of it (release-policy.md section 4: no gap in numbering). A function
// of the visible blocks alone. Where the author's numbers cannot be followed with certainty (not rising, nested, a
// reference to a number that no visible caption has, a number on the next line) they stay as they were written.

import Bulletins

struct CaptionNumbers {
  private enum Kind: Int, CaseIterable { case table, figure, chart, map, photo }
  private static let words: [(kind: Kind, word: [UInt8])] = [
    (.table, Array("table".utf8)), (.figure, Array("figure".utf8)), (.chart, Array("chart".utf8)),
    (.map, Array("map".utf8)), (.photo, Array("photo".utf8)),
  ]

  /// Written number to printed one; only kinds in which some number changes.
  private var printed: [Kind: [Int: Int]] = [:]

  /// - Parameter parts: the reduced body, then the footnotes, in the order in which they are read.
  init(_ parts: [[Block]]) {
    var captions: [Kind: [Int]] = [:]
    for part in parts { Self.captions(of: part) { captions[$0, default: []].append($1) } }
    for (kind, numbers) in captions where zip(numbers, numbers.dropFirst()).allSatisfy({ $0 < $1 }) {
      guard numbers != Array(1...numbers.count) else { continue }
      printed[kind] = Dictionary(uniqueKeysWithValues: zip(numbers, 1...))
    }
    guard !printed.isEmpty else { return }
    for part in parts { Texts.visit(part) { check($0, whole: $1) } }
  }

  func applied(_ blocks: [Block]) -> [Block] {
    printed.isEmpty ? blocks : Texts.mapped(blocks) { replaced($0) }
  }

  /// Takes back kinds that this text refers to in a way that cannot be followed.
  private mutating func check(_ pieces: [String], whole: String) {
    let all = Self.references(in: whole)
    let single = pieces.flatMap { Self.references(in: $0) }
    for reference in all where printed[reference.kind]?[reference.number] == nil { printed[reference.kind] = nil }
    for kind in Kind.allCases
    where all.filter({ $0.kind == kind }).map(\.number) != single.filter({ $0.kind == kind }).map(\.number) {
      printed[kind] = nil
    }
  }

  private func replaced(_ text: String) -> String {
    let found = Self.references(in: text).filter { printed[$0.kind] != nil }
    guard !found.isEmpty else { return text }
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    var from = 0
    for reference in found {
      guard let number = printed[reference.kind]?[reference.number] else { continue }
      result += bytes[from..<reference.range.lowerBound]
      result += Array(String(number).utf8)
      from = reference.range.upperBound
    }
    return String(decoding: result + bytes[from...], as: UTF8.self)
  }

  // MARK: Captions

  private static func captions(of blocks: [Block], _ found: (Kind, Int) -> Void) {
    func see(_ text: String) {
      if let (kind, number) = caption(text) { found(kind, number) }
    }
    for (index, block) in blocks.enumerated() {
      switch block.content {
      case .figure(let figure): see(figure.caption)
      case .chart(let chart): see(chart.title)
      case .paragraph(let inlines):
        guard index + 1 < blocks.count else { continue }
        switch blocks[index + 1].content {
        case .table, .chart, .code: see(inlines.plainText)
        default: continue
        }
      case .list(let list): for item in list.items { captions(of: item.blocks, found) }
      case .quote(let inner): captions(of: inner, found)
      default: continue
      }
    }
  }

  /// `Table 3. Words`, `Figure 1: words`.
  private static func caption(_ text: String) -> (Kind, Int)? {
    guard let first = references(in: text).first, first.isAtStart else { return nil }
    let after = text.utf8.dropFirst(first.range.upperBound)
    guard let stop = after.first else { return (first.kind, first.number) }
    return stop == UInt8(ascii: ".") || stop == UInt8(ascii: ":") ? (first.kind, first.number) : nil
  }

  // MARK: References

  private struct Reference {
    var kind: Kind
    /// -1 for a form that is not understood: `Table 1.2`, `Figure 3b`.
    var number: Int
    /// Of the digits, in UTF-8.
    var range: Range<Int>
    var isAtStart: Bool
  }

  /// `Table 3`, `figure 1`, `Tables 1, 2 and 4`; not `Table 3 of`, which is somebody else's.
  private static func references(in text: String) -> [Reference] {
    let bytes = Array(text.utf8)
    var found: [Reference] = []
    var index = 0
    while index < bytes.count {
      let start = index
      index += 1
      guard start == 0 || !isWord(bytes[start - 1]), let (kind, end) = word(bytes, start) else { continue }
      var at = end
      let isPlural = at < bytes.count && bytes[at] | 0x20 == UInt8(ascii: "s")
      if isPlural { at += 1 }
      guard let space = separator(bytes, at, [" ", "\u{A0}"]), var number = digits(bytes, space, rangeFollows: isPlural)
      else { continue }
      if starts(bytes, number.range.upperBound, " of ") { continue }
      while true {
        found.append(
          Reference(kind: kind, number: number.value, range: number.range, isAtStart: start == 0 && found.isEmpty))
        index = number.range.upperBound
        guard isPlural,
          let next = separator(bytes, index, [", and ", ", ", " and ", " or ", " to ", " & ", "-", "\u{2013}"]),
          let more = digits(bytes, next, rangeFollows: true)
        else { break }
        number = more
      }
    }
    return found
  }

  private static func word(_ bytes: [UInt8], _ at: Int) -> (Kind, Int)? {
    for (kind, word) in words where at + word.count < bytes.count {
      if zip(word, bytes[at...]).allSatisfy({ $0 == $1 | 0x20 }) { return (kind, at + word.count) }
    }
    return nil
  }

  private static func digits(_ bytes: [UInt8], _ at: Int, rangeFollows: Bool) -> (value: Int, range: Range<Int>)? {
    var end = at
    while end < bytes.count, isDigit(bytes[end]) { end += 1 }
    guard end > at else { return nil }
    let goesOn =
      end < bytes.count
      && (isWord(bytes[end]) || end + 1 < bytes.count && !isSpace(bytes[end]) && isDigit(bytes[end + 1]))
    let isRange = rangeFollows && end < bytes.count && bytes[end] == UInt8(ascii: "-")
    guard end - at <= 3, !goesOn || isRange, let value = Int(String(decoding: bytes[at..<end], as: UTF8.self)) else {
      return (-1, at..<end)
    }
    return (value, at..<end)
  }

  /// The offset after the first of these texts that stands here.
  private static func separator(_ bytes: [UInt8], _ at: Int, _ texts: [String]) -> Int? {
    texts.first { starts(bytes, at, $0) }.map { at + $0.utf8.count }
  }
  private static func starts(_ bytes: [UInt8], _ at: Int, _ text: String) -> Bool {
    at <= bytes.count && bytes[at...].starts(with: text.utf8)
  }
  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A }
  private static func isWord(_ byte: UInt8) -> Bool {
    isDigit(byte) || (0x61...0x7A).contains(byte | 0x20) || byte >= 0x80
  }
}

/// The texts of blocks in which an author speaks of captions: everything but code and subject cards.
private enum Texts {
  /// Gives the separate texts of a run of inlines, and the whole as it is read.
  static func visit(_ blocks: [Block], _ see: ([String], String) -> Void) {
    func line(_ inlines: [Inline]) { see(pieces(inlines), inlines.plainText) }
    for block in blocks {
      switch block.content {
      case .heading(_, let inlines), .paragraph(let inlines): line(inlines)
      case .list(let list): for item in list.items { visit(item.blocks, see) }
      case .quote(let inner), .only(_, _, let inner), .tearline(let inner): visit(inner, see)
      case .table(let grid): for cell in grid.header + grid.rows.flatMap({ $0 }) { line(cell) }
      case .figure(let figure): for text in [figure.caption, figure.alternative] { see([text], text) }
      case .chart(let chart): for text in [chart.title, chart.alternative] { see([text], text) }
      case .code, .subject, .thematicBreak: continue
      }
    }
  }

  private static func pieces(_ inlines: [Inline]) -> [String] {
    inlines.flatMap { inline -> [String] in
      switch inline {
      case .text(let text): [text]
      case .emphasis(let inner), .strong(let inner), .strikethrough(let inner), .namedPerson(let inner),
        .link(_, _, let inner):
        pieces(inner)
      case .code, .softBreak, .lineBreak, .citation, .footnote: []
      }
    }
  }

  static func mapped(_ blocks: [Block], _ change: (String) -> String) -> [Block] {
    blocks.map { block in
      var block = block
      switch block.content {
      case .heading(let level, let inlines): block.content = .heading(level: level, mapped(inlines, change))
      case .paragraph(let inlines): block.content = .paragraph(mapped(inlines, change))
      case .list(var list):
        for index in list.items.indices { list.items[index].blocks = mapped(list.items[index].blocks, change) }
        block.content = .list(list)
      case .quote(let inner): block.content = .quote(mapped(inner, change))
      case .table(var grid):
        grid.header = grid.header.map { mapped($0, change) }
        grid.rows = grid.rows.map { row in row.map { mapped($0, change) } }
        block.content = .table(grid)
      case .figure(var figure):
        figure.caption = change(figure.caption)
        figure.alternative = change(figure.alternative)
        block.content = .figure(figure)
      case .chart(var chart):
        chart.title = change(chart.title)
        chart.alternative = change(chart.alternative)
        block.content = .chart(chart)
      case .code, .subject, .thematicBreak, .only, .tearline: break
      }
      return block
    }
  }

  private static func mapped(_ inlines: [Inline], _ change: (String) -> String) -> [Inline] {
    inlines.map { inline in
      switch inline {
      case .text(let text): .text(change(text))
      case .emphasis(let inner): .emphasis(mapped(inner, change))
      case .strong(let inner): .strong(mapped(inner, change))
      case .strikethrough(let inner): .strikethrough(mapped(inner, change))
      case .namedPerson(let inner): .namedPerson(mapped(inner, change))
      case .link(let destination, let title, let inner):
        .link(destination: destination, title: title, mapped(inner, change))
      case .code, .softBreak, .lineBreak, .citation, .footnote: inline
      }
    }
  }
}
