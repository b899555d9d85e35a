// The data of a chart as figures: what is a number, what is hidden, what is missing, which rows are sums. The drawing,
// the check of the description and the table that stands beside the chart all read it here, so that they cannot differ.

/// What one cell of a chart's data says.
package enum ChartFigure: Hashable, Sendable {
  /// The value, and the words that are printed for it: as the author wrote them, thousands grouped.
  case number(Double, words: String)
  /// A count that is hidden so that it identifies nobody (1 to 4, or what would reveal one); never zero.
  case hidden
  case missing

  package var value: Double? { if case .number(let value, _) = self { value } else { nil } }

  /// `1,234`, `-4.4%`, `$12.50`; `*`, `<5` and `1-4` are hidden; whatever else is missing.
  package init(cell: String) {
    let text = cell.filter { !$0.isWhitespace }
    if Self.hiddenForms.contains(text.lowercased()) {
      self = .hidden
      return
    }
    var digits = String(text.map { $0 == "\u{2212}" ? "-" : $0 }.filter { $0 != "," })
    if digits.hasSuffix("%") { digits.removeLast() }
    if digits.hasPrefix("$") { digits.removeFirst() }
    let isPlain = digits.utf8.allSatisfy { (0x30...0x39).contains($0) || [0x2B, 0x2D, 0x2E].contains($0) }
    if isPlain, let value = Double(digits), value.magnitude < 1e15 {
      self = .number(value, words: Self.grouped(text))
    } else {
      self = .missing
    }
  }

  private static let hiddenForms: Set<String> = [
    "*", "\u{2020}", "<5", "1-4", "1\u{2013}4", "1to4", "(1-4)", "hidden", "suppressed", "s",
  ]

  /// A number of four or more digits without separators gets them; everything else stays.
  package static func grouped(_ text: String) -> String {
    guard text.utf8.count > 3, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return text }
    var out = ""
    for (index, digit) in text.enumerated() {
      if index > 0, (text.count - index) % 3 == 0 { out.append(",") }
      out.append(digit)
    }
    return out
  }
}

package struct ChartFigures: Hashable, Sendable {
  package struct Series: Hashable, Sendable {
    package var name: String
    /// One for each category.
    package var figures: [ChartFigure]

    /// Places of the smallest and largest number; nil without a number.
    package var extremes: (least: Int, most: Int)? {
      var found: (least: Int, most: Int)?
      for (index, figure) in figures.enumerated() {
        guard let value = figure.value else { continue }
        guard let before = found else {
          found = (index, index)
          continue
        }
        if value < figures[before.least].value ?? value { found?.least = index }
        if value > figures[before.most].value ?? value { found?.most = index }
      }
      return found
    }
  }

  /// The cells of the column x, sums left out but in line charts.
  package var categories: [String]
  package var series: [Series]

  /// Far beyond what can be drawn: a file of a megabyte must not make the check slow.
  private static let mostRows = 1_000
  private static let mostSeries = 20

  /// nil where there is no number to show, or far too many.
  package init?(_ chart: Chart) {
    guard let header = chart.rows.first, let x = header.firstIndex(of: chart.x) else { return nil }
    let columns = chart.y.compactMap { header.firstIndex(of: $0) }
    guard columns.count == chart.y.count, !columns.isEmpty, columns.count <= Self.mostSeries,
      chart.rows.count <= Self.mostRows
    else { return nil }
    let rows = chart.rows.indices.dropFirst().filter { row in
      chart.rows[row].indices.contains(x) && !chart.rows[row][x].isEmpty
    }
    var figures = rows.map { row in
      columns.map { ChartFigure(cell: chart.rows[row].indices.contains($0) ? chart.rows[row][$0] : "") }
    }
    var names = rows.map { chart.rows[$0][x] }
    if chart.kind != .line {
      let kept = Self.withoutSums(names, figures, isBold: rows.map(chart.boldRows.contains))
      figures = kept.map { figures[$0] }
      names = kept.map { names[$0] }
    }
    categories = names
    series = chart.y.indices.map { index in Series(name: chart.y[index], figures: figures.map { $0[index] }) }
    guard series.contains(where: { $0.extremes != nil }) else { return nil }
  }

  /// A total beside its parts would dwarf them, and count them twice. A row is left out when its figures are the sums of
  /// the rows above it (all of them, or those since the sum before), and it says so: it is the last, in bold, or called
  /// a total. Where a count is hidden nobody can add, and the name alone tells.
  private static func withoutSums(_ names: [String], _ figures: [[ChartFigure]], isBold: [Bool]) -> [Int] {
    var kept: [Int] = []
    var since = 0
    for row in names.indices {
      let name = names[row].lowercased()
      let isCalledTotal = totals.contains(name) || name.hasPrefix("total") || name.hasSuffix(" total")
      guard isBold[row] || row == names.count - 1 || isCalledTotal else {
        kept.append(row)
        continue
      }
      let parts = kept[since...]
      let adds = parts.count > 1 && sums(figures[row], of: parts.map { figures[$0] })
      let addsAll = kept.count > 1 && sums(figures[row], of: kept.map { figures[$0] })
      let isHidden = (figures[row] + kept.flatMap { figures[$0] }).contains(.hidden)
      if adds || addsAll || isCalledTotal && isHidden {
        since = kept.count
      } else {
        kept.append(row)
      }
    }
    return kept
  }

  private static let totals: Set<String> = ["all", "sum", "state", "statewide", "together"]

  private static func sums(_ row: [ChartFigure], of parts: [[ChartFigure]]) -> Bool {
    row.indices.allSatisfy { column in
      let values = parts.map { $0[column].value }
      guard let total = row[column].value, !values.contains(nil) else { return false }
      let sum = values.reduce(0) { $0 + ($1 ?? 0) }
      return (sum - total).magnitude <= 1e-9 * max(1, total.magnitude)
    }
  }
}
