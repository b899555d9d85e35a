// The words of a bulletin as its readers get them, run by run, with the lines on which each was written: what the rules
// about content look through. Words are those of the tree, so that emphasis or a break inside a number hides nothing.

import Bulletins

/// One run of words: a paragraph, a heading, a cell, a caption, a value.
struct WrittenText {
  enum Role: Hashable {
    case title, shortTitle, source, heading, paragraph, cell, caption, alternative, chart, code
    /// A value of a `subject`, by the name of its field.
    case field(String)
  }
  let role: Role
  let text: String
  /// Of the text; several rules look through them.
  let words: [ScannedWord]
  /// The lines on which it may be found again.
  let lines: ClosedRange<Int>
  /// Where it stands, below the title.
  let section: String?

  init(role: Role, text: String, lines: ClosedRange<Int>, section: String? = nil) {
    self.role = role
    self.text = text
    words = WordScan.words(text)
    self.lines = lines
    self.section = section
  }
}

extension WrittenText {
  /// Everything that is printed, in order: front matter, body, footnotes.
  static func all(in bulletin: ReadBulletin) -> [WrittenText] {
    let document = bulletin.document
    let frontMatter = document.frontMatter
    var found: [WrittenText] = []
    func head(_ role: WrittenText.Role, _ text: MarkedText, _ key: String) {
      let line = frontMatter.lines[key] ?? 1
      found.append(WrittenText(role: role, text: text.text, lines: line...line))
    }
    head(.title, frontMatter.title, "title")
    head(.shortTitle, frontMatter.shortTitle, "short-title")
    for source in frontMatter.sources {
      head(.source, source.describe, "sources.\(source.id).describe")
    }
    var collector = WrittenCollector(source: bulletin.source)
    collector.walk(document.body)
    for note in document.footnotes { collector.walk(note.blocks) }
    return found + collector.found
  }
}

extension CheckContext {
  /// The place of some words of a run; the run's first line when they are not written as they are read.
  func place(of words: some StringProtocol, in text: WrittenText) -> (line: Int, column: Int) {
    place(of: words, on: text.lines)
  }
  func place(of words: some StringProtocol, on lines: ClosedRange<Int>) -> (line: Int, column: Int) {
    bulletin.source.find(String(words), from: lines.lowerBound, through: lines.upperBound) ?? (lines.lowerBound, 1)
  }
}

private struct WrittenCollector {
  let source: SourceText
  private(set) var found: [WrittenText] = []
  private var section: String?

  init(source: SourceText) { self.source = source }

  mutating func walk(_ blocks: [Block]) {
    for block in blocks {
      switch block.content {
      case .heading(_, let inlines):
        section = Section.key(inlines.plainText)
        add(.heading, inlines.plainText, block.line)
      case .paragraph(let inlines): add(.paragraph, inlines.plainText, block.line)
      case .table(let grid): table(grid, block.line)
      case .figure(let figure):
        add(.alternative, figure.alternative, block.line)
        add(.caption, figure.caption, block.line)
      case .chart(let chart):
        add(.chart, chart.title, block.line)
        add(.chart, chart.alternative, block.line)
      case .subject(let subject): fields(subject, block.line)
      case .code(_, let text): add(.code, text, block.line)
      case .list, .quote, .only, .tearline: walk(block.children)
      case .thematicBreak: break
      }
    }
  }

  private mutating func add(_ role: WrittenText.Role, _ text: String, _ line: Int, through last: Int? = nil) {
    guard !text.isEmpty else { return }
    found.append(
      WrittenText(role: role, text: text, lines: line...max(line, last ?? source.lastLine(of: line)), section: section))
  }

  /// Each row is a line; between header and rows stands the line of dashes.
  private mutating func table(_ grid: Block.Grid, _ line: Int) {
    for cell in grid.header { add(.cell, cell.plainText, line, through: line) }
    for (index, row) in grid.rows.enumerated() {
      for cell in row { add(.cell, cell.plainText, line + 2 + index, through: line + 2 + index) }
    }
  }

  private mutating func fields(_ subject: Subject, _ line: Int) {
    for field in subject.fields {
      for value in field.values {
        switch value {
        case .text(let text): add(.field(field.name), text, line)
        case .pair(let name, let text): add(.field(name), text, line)
        }
      }
    }
  }
}

extension SourceText {
  /// The last line of the block that begins on a line: the one before the next blank line. A fence counts as far as
  /// its closing line.
  func lastLine(of line: Int) -> Int {
    func bare(_ line: Int) -> ArraySlice<UInt8> { bytes[range(line)].drop { $0 == 0x20 || $0 == 0x09 } }
    let fence = bare(line)
    var last = line
    if fence.starts(with: Array("```".utf8)) || fence.starts(with: Array("~~~".utf8)) {
      while last < lineCount {
        last += 1
        if bare(last).starts(with: fence.prefix(3)) { break }
      }
      return last
    }
    while last < lineCount, !bare(last + 1).isEmpty { last += 1 }
    return last
  }
}
