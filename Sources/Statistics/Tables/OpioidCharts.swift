// The data of the charts: months of the period from its own network; months before it in a network of their own, since no
// sum joins them to the period. What joins them are the totals of earlier periods.

extension OpioidTables {
  func charts(_ cells: SubstanceCells, _ print: CellPrinter) throws(OpioidTablesProblem) -> [ChartData] {
    var months = try earlierMonths()
    months += zip(cells.months, cells.monthTotals).map { [$0, print.plain($1)] }
    return [
      ChartData(file: "opioid-arrests-by-month.csv", columns: ["month", "arrests"], rows: months),
      ChartData(
        file: "opioid-mix-by-month.csv", columns: ["month"] + cells.mixes,
        rows: zip(cells.months, cells.byMonth).map { [$0] + $1.map(print.plain) }),
    ]
  }

  /// Months before the period. The total of a comparison period less its months is a count too, and so is what is left
  /// of it.
  private func earlierMonths() throws(OpioidTablesProblem) -> [[String]] {
    var graph = CellGraph()
    let months = Self.monthsBefore(order)
    var cells: [Period: Int] = [:]
    for month in months where published.text(month, "state") == nil {
      cells[month] = graph.cell(earlier[month]?.arrests ?? 0)
    }
    for period in order.comparisons {
      let isPublished = published.text(period, "state") != nil
      let refusal = OpioidTablesProblem.overlapping(period.name, "the months of the chart")
      var (parts, known, days): ([Int], Int, Int) = ([], 0, 0)
      for month in months where month.days.overlaps(period.days) {
        let isInside = period.days.contains(month.days.lowerBound) && period.days.contains(month.days.upperBound)
        guard isInside || (isPublished && cells[month] == nil) else { throw refusal }
        guard isInside else { continue }
        if let cell = cells[month] {
          parts.append(cell)
          days += month.days.count
        } else if let count = published.text(month, "state").flatMap({ Int($0) }) {
          known += count
          days += month.days.count
        }
      }
      guard let total = total(period), !(isPublished && parts.isEmpty), days > 0 else { continue }
      if days < period.days.count {
        let rest = total - known - parts.reduce(0) { $0 + graph.cells[$1].value }
        parts.append(graph.cell(max(0, rest), printed: false))
      }
      guard parts.isEmpty || graph.sum(of: parts, is: nil) else { throw refusal }
    }
    guard Suppression.protect(&graph) else { throw .tooFew(arrests: tally.arrests) }
    let print = CellPrinter(graph: graph, total: 0)
    return months.map { [$0.name, published.text($0, "state") ?? cells[$0].map(print.plain) ?? ""] }
  }
}
