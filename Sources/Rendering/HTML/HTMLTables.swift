// Tables as HTML, and the table that stands for the data of a chart.

import Bulletins

extension HTMLBody {
  /// - Parameter label: number of the caption paragraph right before it.
  mutating func table(_ grid: Block.Grid, label: Int?) {
    let wide = grid.header.count > 4
    if wide { writer.raw("<div class=\"scroll\" role=\"group\" tabindex=\"0\"") }
    if wide, let label { labelled(by: label) } else if wide { writer.raw(" aria-label=\"Table\"") }
    if wide { writer.raw(" style=\"overflow-x:auto;\">") }
    // On paper a short one is not parted.
    writer.raw(grid.rows.count > 15 ? "<table class=\"wide long\"" : "<table class=\"wide\"")
    if let label { labelled(by: label) }
    writer.raw(grid.header.count > 5 ? " style=\"font-size:13px;" : " style=\"font-size:15px;")
    writer.raw(
      "width:100%;margin:8px 0 16px;border-collapse:collapse;line-height:1.35;font-variant-numeric:tabular-nums;\">\n"
    )
    if grid.header.contains(where: { !$0.isEmpty }) {
      writer.raw("<thead><tr>")
      for (column, words) in grid.header.enumerated() {
        let element: StaticString = words.isEmpty ? "td" : "th"
        writer.raw("<")
        writer.raw(element)
        if !words.isEmpty { writer.raw(" scope=\"col\"") }
        writer.raw(
          " class=\"head\" style=\"border-bottom:2px solid #1a2027;vertical-align:bottom;")
        cellStyle(grid, column)
        writer.raw("\">")
        inlines(words)
        writer.raw("</")
        writer.raw(element)
        writer.raw(">")
      }
      writer.raw("</tr></thead>\n")
    }
    writer.raw("<tbody>")
    for row in grid.rows {
      writer.raw("<tr>")
      for (column, words) in row.enumerated() {
        // The first cell of a line names it.
        let names = column == 0 && row.count > 1 && !words.isEmpty
        writer.raw(names ? "<th scope=\"row\" class=\"rule\" style=\"font-weight:400;" : "<td class=\"rule\" style=\"")
        writer.raw("border-bottom:1px solid #d5dbe1;")
        cellStyle(grid, column)
        // A short name is not broken: `2026-07`.
        if names, case .text(let name) = words[0], words.count == 1, name.utf8.count <= 12 {
          writer.raw("white-space:nowrap;")
        }
        writer.raw("\">")
        inlines(words)
        writer.raw(names ? "</th>" : "</td>")
      }
      writer.raw("</tr>\n")
    }
    writer.raw("</tbody></table>")
    writer.raw(wide ? "</div>\n" : "\n")
  }

  private mutating func labelled(by label: Int) {
    writer.raw(" aria-labelledby=\"")
    writer.anchor("t", label, in: sheet.place)
    writer.raw("\"")
  }

  private mutating func cellStyle(_ grid: Block.Grid, _ column: Int) {
    // Flush with the text at both ends; closer together where there are many.
    let many = grid.header.count > 5
    if column == 0 {
      writer.raw(many ? "padding:5px 4px 5px 0;" : "padding:5px 8px 5px 0;")
    } else if column + 1 == grid.header.count {
      writer.raw(many ? "padding:5px 0 5px 4px;" : "padding:5px 0 5px 8px;")
    } else {
      writer.raw(many ? "padding:5px 4px;" : "padding:5px 8px;")
    }
    switch column < grid.alignments.count ? grid.alignments[column] : .none {
    case .right: writer.raw("text-align:right;")
    case .center: writer.raw("text-align:center;")
    case .none, .left:
      writer.raw("text-align:left;")
      // Words beside figures that end where the words begin.
      if column > 0, column <= grid.alignments.count, grid.alignments[column - 1] == .right {
        writer.raw("padding-left:18px;")
      }
    }
  }
}

extension Chart {
  /// A file's columns are named like slugs (`other-opioid`), those of a table are words already.
  func columnName(_ name: String) -> String {
    guard case .file = data, name == name.lowercased(), !name.contains(" ") else { return name }
    return SubjectCard.capitalized(name)
  }

  /// The rows that a chart of a file shows, x first; nil when the data is the table right before it.
  var grid: Block.Grid? {
    guard case .file = data, let header = rows.first else { return nil }
    var columns = ([x] + y).compactMap { name in header.firstIndex(of: name) }
    if columns.isEmpty { columns = Array(header.indices) }
    func cells(_ row: [String]) -> [[Inline]] {
      columns.enumerated().map { place, column in
        guard column < row.count, !row[column].isEmpty else { return [] }
        // Numbers as in the drawing; what the column x says are names.
        return [.text(place == 0 ? row[column] : ChartFigure.grouped(row[column]))]
      }
    }
    var grid = Block.Grid(
      alignments: columns.indices.map { $0 == 0 ? .left : .right }, header: [], rows: rows.dropFirst().map(cells))
    grid.header = columns.map { header[$0].isEmpty ? [] : [.text(columnName(header[$0]))] }
    return grid
  }
}
