// Tables, code, charts, subjects and figures: the blocks that have the label of a paragraph before them or of their
// caption.

import Bulletins
import Markings
import SiteFiles

extension TreeBuilder {
  mutating func table(_ node: MarkdownNode, into container: inout Container, _ scope: Scope) {
    let rows = Array(node.children)
    // cmark says where the paragraph began that the header row ended; every row but the header is one line.
    let headerLine: Int
    if let second = rows.dropFirst().first, second.startLine > 0 {
      headerLine = lines.line(second.startLine) - 2
    } else {
      headerLine = max(lines.line(node.startLine), lines.line(node.endLine) - 1)
    }
    let index = container.leadIn ?? addPortion(.orphan, mark: nil, line: headerLine, scope)
    var facts = InlineFacts()
    var header: [[Inline]] = []
    var body: [[[Inline]]] = []
    for row in rows {
      let line = row.isHeaderRow ? headerLine : lines.line(row.startLine)
      var cells: [[Inline]] = []
      for cell in row.children {
        let inlines = readInlines(cell, &facts, line: line)
        if case .text(let text)? = inlines.first {
          join(marks.read(text), .cell, to: index, line: line, through: line)
        }
        cells.append(inlines)
      }
      if row.isHeaderRow { header = cells } else { body.append(cells) }
    }
    portions.cite(facts, in: index)
    let alignments: [Block.Grid.Alignment] = node.alignments.map { sign in
      switch sign {
      case UInt8(ascii: "l"): .left
      case UInt8(ascii: "c"): .center
      case UInt8(ascii: "r"): .right
      default: .none
      }
    }
    let grid = Block.Grid(alignments: alignments, header: header, rows: body)
    container.append(Block(.table(grid), portion: index, line: headerLine))
    container.table = (
      index, ([header] + body).map { row in row.map(\.plainText) },
      body.indices.filter { if case .strong? = body[$0].first?.first { true } else { false } }.map { $0 + 1 }
    )
  }

  mutating func code(_ node: MarkdownNode, into container: inout Container, _ scope: Scope) {
    let line = lines.line(node.startLine)
    let fenced = node.isFenced
    let first = fenced ? line + 1 : line
    var text = node.literal
    let count = text.utf8.reduce(0) { $1 == 0x0A ? $0 + 1 : $0 }
    if count > 0 {
      let extent = first...first + count - 1
      codeLines.append(extent)
      text = withAuthorsLines(text, extent)
    }
    let info = fenced ? String(node.fenceInfo.split { $0 == " " || $0 == "\t" }.first ?? "") : ""
    // A chart has the label of its table; a table and any other fence that of the paragraph right before.
    let before = info == "chart" ? container.leadIn ?? container.table?.portion : container.leadIn
    let portion = before ?? addPortion(.orphan, mark: nil, line: line, scope)
    text = References.withoutControls(text)
    switch info {
    case "chart":
      let fence = FenceReader(text: text, line: line, marks: marks)
      var chart = fence.chart(table: container.table?.rows, data: settings.chartData, &findings)
      if chart?.data == .table { chart?.boldRows = container.table?.boldRows ?? [] }
      if case .file(let name)? = chart?.data {
        result.namedFiles.append(NamedFile(name: name, use: .chart, line: line))
      }
      container.append(
        Block(chart.map { .chart($0) } ?? .code(info: info, text: text), portion: portion, line: line))
    case "subject":
      let fence = FenceReader(text: text, line: line, marks: marks)
      let read = fence.subject(&findings)
      if let mark = read.mark {
        if let value = mark.reading.mark { portions.join(value, to: portion) }
        portions.note(mark.reading, .bare, portion: portion, line: mark.line, column: mark.column)
      }
      if let name = read.subject?.photo {
        result.namedFiles.append(NamedFile(name: name, use: .photo, line: line))
      }
      container.append(
        Block(read.subject.map { .subject($0) } ?? .code(info: info, text: text), portion: portion, line: line))
    default:
      if let meant = Suggestion.nearest(to: info, in: ["chart", "subject"]) {
        findings.error(
          "S05", line: line, "a fence `\(info)`: did you mean `\(meant)`?",
          explanation: "As code, its `mark:` would be no mark and its keys would be printed.")
      }
      container.append(Block(.code(info: info, text: text), portion: portion, line: line))
    }
  }

  /// Puts lines that begin with `:::` back into code, where they are no directives.
  private func withAuthorsLines(_ text: String, _ extent: ClosedRange<Int>) -> String {
    let own = scan.directives.filter { extent.contains($0) }
    guard !own.isEmpty else { return text }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    for line in own { lines[line - extent.lowerBound] = source.line(line) }
    return lines.joined(separator: "\n")
  }

  mutating func figure(_ image: MarkdownNode, line: Int, into container: inout Container, _ scope: Scope) {
    var facts = InlineFacts()
    let alternative = readInlines(image, &facts, line: line).plainText
    let title = References.withoutControls(image.title)
    let reading = marks.read(title)
    let index = addPortion(.figure, mark: reading.mark, line: line, scope)
    portions.cite(facts, in: index)
    let place = source.find(reading.written, from: line, through: line)
    portions.note(reading, .leading, portion: index, line: line, column: place?.column ?? 1)
    let caption = reading.mark == nil ? title : String(Substring(title.utf8.dropFirst(reading.consumed)))
    citeInCaption(caption, of: index, line: line)
    var file = image.destination
    if FileName.isPlain(file) {
      result.namedFiles.append(NamedFile(name: file, use: .figure, line: line))
    } else {
      findings.error(
        "S05", line: line, "`\(file.prefix(60))` is not the name of a file beside the bulletin",
        explanation: "Name the file alone, without a folder or an address.")
      file = ""
    }
    container.append(
      Block(.figure(Figure(file: file, alternative: alternative, caption: caption)), portion: index, line: line))
  }
}

extension TreeBuilder {
  /// A caption is plain text: what it cites counts for its label, and the author is told to cite elsewhere.
  private mutating func citeInCaption(_ caption: String, of index: Int, line: Int) {
    let labels = References.labels(in: caption, but: [:])
    guard !labels.isEmpty else { return }
    findings.error(
      "S05", line: line, "a citation in a caption", explanation: "Cite in the paragraph before the figure.",
      fatal: false)
    var facts = InlineFacts()
    for label in labels {
      switch knownTargets[label.lowercased()] {
      case .source(let id)?: facts.citations.append(id)
      case .footnote(let label)?: facts.footnotes.append(label)
      case .nothing?, nil: facts.citations.append(label)
      }
    }
    portions.cite(facts, in: index)
  }
}

/// Names of files beside a bulletin.
enum FileName {
  /// No folder, address, hidden file or control character.
  static func isPlain(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 200 && name.first != "." && name.first != "-" && name.last != " "
      && name.unicodeScalars.allSatisfy {
        $0.value > 0x1F && $0.value != 0x7F && !"/\\:?#%*\"<>|".unicodeScalars.contains($0)
      }
  }
}
