// Tables and cards as plain text: aligned and wrapped within their cells where they fit 72 columns, else as records.

import Bulletins
import Markings

extension TextBody {
  mutating func table(_ grid: Block.Grid) {
    var header: [[UInt8]] = []
    for words in grid.header { header.append(cell(words)) }
    var rows: [[[UInt8]]] = []
    for row in grid.rows {
      var cells: [[UInt8]] = []
      for words in row { cells.append(cell(words)) }
      while cells.count < header.count { cells.append([]) }
      rows.append(cells)
    }
    if let widths = columnWidths(header, rows, room: writer.available) {
      let hasHeader = header.contains { !$0.isEmpty }
      if hasHeader {
        self.row(header, widths, grid.alignments)
        writer.line(Array(widths.map { [UInt8](repeating: 0x2D, count: $0) }.joined(separator: [0x20, 0x20])))
      }
      for cells in rows { self.row(cells, widths, grid.alignments) }
    } else {
      records(header, rows)
    }
  }

  private mutating func cell(_ words: [Inline]) -> [UInt8] {
    var bytes: [UInt8] = []
    inlines(words, into: &bytes)
    for index in bytes.indices where bytes[index] == 0x0A { bytes[index] = 0x20 }
    return bytes
  }

  /// nil when a table of these cells would not be readable in the room.
  private func columnWidths(_ header: [[UInt8]], _ rows: [[[UInt8]]], room: Int) -> [Int]? {
    guard !header.isEmpty else { return nil }
    var natural = [Int](repeating: 1, count: header.count)
    var least = natural
    for cells in [header] + rows {
      for (column, cell) in cells.enumerated() where column < natural.count {
        natural[column] = max(natural[column], columns(cell[...]))
      }
    }
    var widths = natural
    func total() -> Int { widths.reduce(0, +) + 2 * (widths.count - 1) }
    guard total() > room else { return widths }
    for cells in [header] + rows {
      for (column, cell) in cells.enumerated() where column < natural.count {
        for word in cell.split(separator: 0x20) { least[column] = max(least[column], columns(word)) }
      }
    }
    while total() > room {
      guard let widest = widths.indices.filter({ widths[$0] > least[$0] }).max(by: { widths[$0] < widths[$1] })
      else { return nil }
      widths[widest] -= 1
    }
    for cells in rows {
      for (column, cell) in cells.enumerated() where column < widths.count {
        if wrapped(cell[...], to: widths[column]).count > 5 { return nil }
      }
    }
    return widths
  }

  private mutating func row(_ cells: [[UInt8]], _ widths: [Int], _ alignments: [Block.Grid.Alignment]) {
    // Most rows need one line.
    if widths.indices.allSatisfy({ $0 >= cells.count || columns(cells[$0][...]) <= widths[$0] }) {
      var line: [UInt8] = []
      line.reserveCapacity(TextWriter.width)
      for column in widths.indices {
        if column > 0 { line.append(contentsOf: [0x20, 0x20]) }
        place(column < cells.count ? cells[column][...] : [], widths[column], column, alignments, &line)
      }
      return writer.line(line)
    }
    let parts = widths.indices.map { wrapped((($0 < cells.count) ? cells[$0] : [])[...], to: widths[$0]) }
    let height = parts.map(\.count).max() ?? 0
    for index in 0..<max(1, height) {
      var line: [UInt8] = []
      for column in widths.indices {
        if column > 0 { line.append(contentsOf: [0x20, 0x20]) }
        place(index < parts[column].count ? parts[column][index] : [], widths[column], column, alignments, &line)
      }
      writer.line(line)
    }
  }

  /// Words in a cell of a width.
  private func place(
    _ words: ArraySlice<UInt8>, _ width: Int, _ column: Int, _ alignments: [Block.Grid.Alignment], _ line: inout [UInt8]
  ) {
    let space = max(0, width - columns(words))
    let before: Int
    switch column < alignments.count ? alignments[column] : .none {
    case .right: before = space
    case .center: before = space / 2
    case .none, .left: before = 0
    }
    line.append(contentsOf: repeatElement(0x20, count: before))
    line.append(contentsOf: words)
    line.append(contentsOf: repeatElement(0x20, count: space - before))
  }

  private mutating func records(_ header: [[UInt8]], _ rows: [[[UInt8]]]) {
    for (index, cells) in rows.enumerated() {
      if index > 0 { writer.separate() }
      for (column, cell) in cells.enumerated() where !cell.isEmpty {
        var words = column < header.count ? header[column] : []
        if !words.isEmpty { words += [0x3A, 0x20] }
        writer.paragraph(words + cell, lead: column == 0 ? [] : [0x20, 0x20])
      }
    }
  }

  /// Fields under each other, their words in one column.
  mutating func card(_ subject: Subject, _ portion: Int?) {
    let card = SubjectCard(subject)
    indented("| ") { body in
      body.writer.paragraph(flat(card.warning))
      body.writer.separate()
      var name: [UInt8] = []
      if let mark = subject.mark.map(\.text) {
        name.appendClean(mark)
        name.append(0x20)
      } else {
        name = body.markBytes(portion)
      }
      name.appendClean(card.name)
      body.writer.paragraph(name)
      let lines = (card.caution.map { [$0] } ?? []) + card.lines
      let labels = lines.map { flat($0.label + ":") }
      // A label of an author may be long; the others need not follow it.
      let room = min(14, labels.map { columns($0[...]) }.max() ?? 0) + 2
      for (label, line) in zip(labels, lines) {
        guard !line.words.isEmpty, columns(label[...]) < room else {
          body.writer.paragraph(label + [0x20] + flat(line.words), hanging: 2)
          continue
        }
        let space = [UInt8](repeating: 0x20, count: room - columns(label[...]))
        body.writer.paragraph(flat(line.words), lead: label + space, hanging: room)
      }
      if subject.photo != nil { body.writer.paragraph(flat("[Picture: \(card.photoWords)]")) }
    }
  }
}
