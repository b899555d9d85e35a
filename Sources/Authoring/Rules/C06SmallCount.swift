// C06: a count of 1 to 4 in a statistics table: with the place and the period it tells who it was. Proposes what to
// suppress, and what else, so that no total gives it back. A finding on what stands in the bulletin; `revere data table`
// hides with every sum in view (Documentation/decisions/0041).

import Bulletins

struct C06SmallCount: Rule {
  static let id = "C06"

  private static let explanation =
    "Print no count of 1 to 4: write <5 in its place and hide a second cell wherever a total would give it back. "
    + "`revere data table` does both."

  func findings(in context: CheckContext) -> [Finding] {
    let everywhere = context.isStatistics
    var section = ""
    return context.document.leaves.flatMap { block -> [Finding] in
      switch block.content {
      case .heading(_, let inlines):
        section = Section.key(inlines.plainText)
        return []
      case .table(let grid) where everywhere || section == "statistics": return table(grid, block.line, context)
      case .chart(let chart) where everywhere || section == "statistics": return data(chart, block.line, context)
      default: return []
      }
    }
  }

  private func table(_ grid: Block.Grid, _ line: Int, _ context: CheckContext) -> [Finding] {
    let counts = CountTable(
      header: grid.header.map(\.plainText), rows: grid.rows.map { $0.map(\.plainText) },
      subtotals: Set(grid.rows.indices.filter { Self.isBold(grid.rows[$0].first ?? []) }))
    func found(_ cell: CountTable.Cell, _ message: String, _ proposal: String) -> Finding {
      let row = line + 2 + cell.row
      return finding(
        context, .warning, line: row, column: Self.column(of: cell.column, in: context.bulletin.source.line(row)),
        message, explanation: Self.explanation, fix: Finding.Fix(summary: proposal, line: row))
    }
    return counts.small.map { cell in
      found(cell, "a count of \(cell.value) in \"\(counts.header[cell.column])\"", counts.proposal(for: cell))
    }
      + counts.disclosures.map { disclosure in
        found(
          disclosure.total,
          "the total \(disclosure.total.value) gives \(counts.words(disclosure))", counts.proposal(for: disclosure))
      }
      + counts.telltales.map { telltale in
        found(
          CountTable.Cell(row: telltale.row, column: telltale.column, value: 0),
          "\"\(counts.header[telltale.column])\" beside a hidden count in \"\(counts.header[telltale.hidden])\" gives it "
            + "back", "hide it too")
      }
  }

  private static func isBold(_ cell: [Inline]) -> Bool {
    cell.contains { if case .strong = $0 { true } else { false } }
      && cell.allSatisfy { if case .text(let text) = $0 { text.trimmed.isEmpty } else { true } }
  }

  /// The data of a chart is printed as a table too; one finding for all of it.
  private func data(_ chart: Chart, _ line: Int, _ context: CheckContext) -> [Finding] {
    guard case .file(let name) = chart.data, let header = chart.rows.first else { return [] }
    let counts = CountTable(header: header, rows: Array(chart.rows.dropFirst()), columns: Set(chart.y))
    let hidden = counts.disclosures.map { disclosure in
      finding(
        context, .warning, line: line,
        "the data of a chart gives \(counts.words(disclosure))",
        explanation: Self.explanation, fix: Finding.Fix(summary: counts.proposal(for: disclosure), line: line))
    }
    guard let first = counts.small.first else { return hidden }
    return [
      finding(
        context, .warning, line: line,
        "the data of a chart has \(counts.small.count == 1 ? "a count" : "counts") of 1 to 4",
        explanation: Self.explanation,
        fix: Finding.Fix(
          summary: "`\(name)`, line \(first.row + 2): join the period or the group with its neighbor", line: line))
    ] + hidden
  }

  /// Where a cell's words begin, in scalars from 1.
  private static func column(of cell: Int, in line: String) -> Int {
    var bars = 0
    var column = 0
    for scalar in line.drop(while: { $0 == " " || $0 == ">" }).unicodeScalars {
      column += 1
      if scalar == "|" { bars += 1 } else if bars == cell + 1, scalar != " " { break }
    }
    return column + line.unicodeScalars.prefix { $0 == " " || $0 == ">" }.count
  }
}

extension CheckContext {
  private static let method = "method and limits"

  /// A series that says how its figures are made: its template asks for the section "Method and limits".
  var isSeriesOfStatistics: Bool {
    (template?.requiredSections ?? []).contains { Section.key($0) == Self.method }
  }

  /// A bulletin of such a series, or one that has the section.
  var isStatistics: Bool {
    isSeriesOfStatistics
      || document.body.contains { block in
        if case .heading(_, let inlines) = block.content {
          Section.key(inlines.plainText) == Self.method
        } else {
          false
        }
      }
  }
}
