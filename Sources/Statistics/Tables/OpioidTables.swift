// The tables, charts and figures of the bulletin on opioid arrests, from the tally of a period. All counts of one product
// stand in one network (CellGraph), so that no table gives back what another hides; earlier periods stand in their own,
// since no sum joins them to this one. What comes out are texts.

import Bulletins
import Foundation

package struct OpioidOrder: Sendable {
  package var period: Period
  /// Columns of earlier totals.
  package var comparisons: [Period] = []
  /// Months in the chart by month, the period's last month included; nil: those of the period.
  package var months: Int?
  package var communities = 8
  /// Largest seizures to list, each a single incident: LES, and only when asked for.
  package var seizures = 0
  package var mark = "U//FOUO"
  /// Of the table of single incidents.
  package static let seizureMark = "U//LES"
  package init(period: Period) { self.period = period }
}

/// Slug and name of each region, in the order of the tables.
package struct RegionName: Hashable, Sendable {
  package var slug: String
  package var name: String
  /// How many communities lie in it.
  package var communities: Int
  package init(slug: String, name: String, communities: Int) {
    self.slug = slug
    self.name = name
    self.communities = communities
  }
}

package struct OpioidProduct: Hashable, Sendable {
  package var tables: [PrintedTable]
  package var charts: [ChartData]
  /// Sentences of figures that the text of the bulletin uses.
  package var figures: [String]
  package var hidden: Int
  /// The exports say how many charges there were, and they are counted.
  package var countsCharges: Bool
  /// What is not printed because not every export has it, in words.
  package var notSent: [String]
  /// Every export has ages, so that nobody under eighteen is counted.
  package var leavesOutMinors: Bool
}

package enum OpioidTablesProblem: Error, Hashable, Sendable {
  /// Fewer than five arrests, or no way of hiding that protects every small count.
  case tooFew(arrests: Int)
  /// Records of one time would be counted in two columns.
  case overlapping(String, String)
}

package struct OpioidTables {
  let order: OpioidOrder
  let tally: OpioidTally
  /// Of comparison periods and earlier months, where records are counted.
  let earlier: [Period: OpioidTally]
  let published: PublishedFigures
  let substances: Substances
  let regions: [RegionName]

  package init(
    _ order: OpioidOrder, tally: OpioidTally, earlier: [Period: OpioidTally], published: PublishedFigures,
    substances: Substances, regions: [RegionName]
  ) {
    self.order = order
    self.tally = tally
    self.earlier = earlier
    self.published = published
    self.substances = substances
    self.regions = regions
  }

  /// Periods whose records must be tallied for an order: what the published file does not name.
  package static func earlierPeriods(_ order: OpioidOrder, published: PublishedFigures) -> [Period] {
    (order.comparisons.filter { published.text($0, "state") == nil }
      + monthsBefore(order).filter { published.text($0, "state") == nil })
  }

  /// Months of the chart that lie before the period, oldest first.
  static func monthsBefore(_ order: OpioidOrder) -> [Period] {
    var found: [Period] = []
    let own = order.period.months
    guard !own.isEmpty, let count = order.months, var month = Period(String(order.period.first.description.prefix(7)))
    else { return [] }
    while found.count + own.count < count, let before = month.monthBefore {
      found.append(before)
      month = before
    }
    return found.reversed()
  }

  private static let offenses = [
    ("possession", "Possession"), ("distribution", "Distribution"), ("trafficking", "Trafficking"),
  ]

  /// - Throws: `OpioidTablesProblem`.
  package func product() throws(OpioidTablesProblem) -> OpioidProduct {
    guard tally.arrests > Suppression.small.upperBound else { throw .tooFew(arrests: tally.arrests) }
    try refuseOverlaps()
    let towns = rankedTowns()
    var length = longestList(order.communities, of: towns)
    while true {
      if let cells = OpioidCells(self, Self.offenses.map(\.0), list: length) {
        let first = cells.region.listed.firstIndex { cells.graph.hidden.contains($0.cell) }
        guard let first else { return try product(cells) }
        length = longestList(first, of: towns)
      } else if length > 0 {
        length = 0
      } else {
        throw .tooFew(arrests: tally.arrests)
      }
    }
  }

  private func product(_ cells: OpioidCells) throws(OpioidTablesProblem) -> OpioidProduct {
    let (graph, region, substance, units) = (cells.graph, cells.region, cells.substance, cells.units)
    let print = CellPrinter(graph: graph, total: tally.arrests)
    var numbers = 0
    func table(
      _ slug: String, _ title: String, _ columns: [String], words: Int = 1, _ rows: [[String]], mark: String? = nil
    ) -> PrintedTable {
      numbers += 1
      return PrintedTable(
        slug: "table-\(numbers)-\(slug)", title: "Table \(numbers). \(title)", mark: mark ?? order.mark,
        columns: columns, wordColumns: columns.indices.map { $0 < words }, rows: rows)
    }
    let total = Numbers.grouped(tally.arrests)
    let isWeighed = tally.allHave(.weightSent)
    var tables = [
      table(
        "regions",
        "Arrests by region and lead charge, \(order.period.title)"
          + (order.comparisons.isEmpty ? "" : ", with earlier totals")
          + (isWeighed ? " and the weight seized in kilograms" : ""),
        ["Region"] + Self.offenses.map(\.1) + [order.period.title] + order.comparisons.map(\.title)
          + (isWeighed ? ["Seized, kg"] : []),
        regionRows(region, print)),
      table(
        "substances", "Suspected substance", ["Substance", "Arrests", "Share"],
        zip(substance.headings, substance.leaves).map { [$0, print.count($1), print.share($1)] }
          + [["Total", total, "100.0%"]]),
    ]
    if !cells.ages.isEmpty {
      tables.append(
        table(
          "ages", "Arrests by age", ["Age", "Arrests", "Share"],
          zip(cells.ages, cells.ageCells).map { [$0.isEmpty ? "Not recorded" : $0, print.count($1), print.share($1)] }))
    }
    if !region.listed.isEmpty {
      tables.append(
        table(
          "communities", "Communities with the most arrests", ["Community", "Arrests"],
          region.listed.map { [$0.name, print.count($0.cell)] }))
    }
    if order.seizures > 0, isWeighed { tables.append(seizureTable(table)) }
    tables += [
      table(
        "units", units.charges == nil ? "Arrests and arrestees" : "Arrests, arrestees and charges",
        ["Unit", "Count"],
        [
          ["Arrests (one person in one incident)", total], ["Incidents", print.count(units.incidentCount)],
          ["Arrestees (different persons)", print.count(units.arrestees)],
        ] + (units.charges.map { [["Charges", print.count($0)]] } ?? [])),
      table(
        "charges", "Arrests by lead charge", ["G.L. c. 94C section", "Arrests"],
        zip(region.statutes, region.statuteCells).map { [$0, print.count($1)] }),
      table(
        "laboratory", "Laboratory results, apart from what was suspected", ["Result", "Arrests"],
        zip(units.statuses, units.statusCells).map { [Self.statusNames[$0] ?? $0, print.count($1)] }
          + zip(units.confirmedNames, units.confirmedCells).map { ["Confirmed: \($0)", print.count($1)] }),
    ]
    return OpioidProduct(
      tables: tables, charts: try charts(substance, print), figures: figures(region, substance, units, print),
      hidden: graph.hidden.count, countsCharges: units.charges != nil, notSent: notSent,
      leavesOutMinors: tally.allHave(.agesSent))
  }

  static let statusNames = [
    "confirmed": "Confirmed", "pending": "Pending", "negative": "Negative", "not-submitted": "Not sent",
  ]

  private var notSent: [String] {
    let fields: [(PackedRecord.Flag, String)] = [
      (.weightSent, "weights"), (.firearmSent, "firearms"), (.overdoseSent, "overdose calls"),
      (.naloxoneSent, "naloxone"), (.multiJurisdictionSent, "incidents of more than one agency"),
    ]
    return fields.filter { !tally.allHave($0.0) }.map(\.1) + (tally.anyHas(.agesSent) ? [] : ["ages"])
  }

  private func refuseOverlaps() throws(OpioidTablesProblem) {
    let periods = [order.period] + order.comparisons
    func isPublished(_ index: Int) -> Bool { index > 0 && published.text(periods[index], "state") != nil }
    for (index, one) in periods.enumerated() {
      for other in 0..<index where one.days.overlaps(periods[other].days) {
        if !isPublished(index) || !isPublished(other) { throw .overlapping(periods[other].name, one.name) }
      }
    }
  }

  private func regionRows(_ cells: RegionCells, _ print: CellPrinter) -> [[String]] {
    let earlier = order.comparisons.map(column)
    let weights =
      tally.allHave(.weightSent)
      ? seized(regions.indices.filter { !print.isShown(cells.totals[$0]) }).map { [$0] }
      : [[String]](repeating: [], count: regions.count + 1)
    var rows = regions.indices.map { row in
      [regions[row].name] + cells.cells[row].map(print.count) + [print.count(cells.totals[row])]
        + earlier.map { $0[row] } + weights[row]
    }
    rows.append(
      ["State"] + cells.offenseTotals.map(print.count) + [Numbers.grouped(tally.arrests)]
        + earlier.map { $0[regions.count] } + weights[regions.count])
    return rows
  }

  /// An earlier period's totals by region, and of the state.
  func column(_ period: Period) -> [String] {
    if let state = published.text(period, "state") {
      return regions.map { published.text(period, $0.slug).map(Self.grouped) ?? "" } + [Self.grouped(state)]
    }
    let tally = earlier[period] ?? OpioidTally(period)
    if tally.arrests == 0 { return (regions.map { _ in "0" }) + ["0"] }
    var graph = CellGraph()
    let counts = regions.map { region in
      graph.cell(tally.byRegionAndOffense.reduce(0) { $0 + ($1.key.row == region.slug ? $1.value : 0) })
    }
    guard graph.sum(of: counts, is: nil), tally.arrests > Suppression.small.upperBound, Suppression.protect(&graph)
    else {
      return (regions.map { _ in Suppression.sign }) + [Suppression.sign]
    }
    let print = CellPrinter(graph: graph, total: tally.arrests)
    return counts.map(print.count) + [Numbers.grouped(tally.arrests)]
  }

  static func grouped(_ text: String) -> String { Int(text).map(Numbers.grouped) ?? text }

  /// The state's total of an earlier period, where it is printed.
  func total(_ period: Period) -> Int? { column(period).last.flatMap { Int($0.filter { $0 != "," }) } }

  /// Kilograms by region and of the state, each incident once; hidden where few incidents make the sum, and where the
  /// arrests are hidden: a weight that is shown says that there are five.
  private func seized(_ dark: [Int]) -> [String] {
    let weighed = tally.incidents.values.filter { $0.unit == "GM" && $0.tenths > 0 }
    let counts = regions.map { region in weighed.filter { $0.region == region.slug }.count }
    var hidden = Set(regions.indices.filter { Suppression.small.contains(counts[$0]) }).union(dark)
    if hidden.count == 1 {
      let others = regions.indices.filter { !hidden.contains($0) && counts[$0] > 0 }
      if let next = others.min(by: { counts[$0] < counts[$1] }) { hidden.insert(next) }
    }
    let texts = regions.indices.map { row in
      hidden.contains(row)
        ? Suppression.sign
        : Numbers.kilograms(weighed.reduce(0) { $0 + ($1.region == regions[row].slug ? $1.tenths : 0) })
    }
    let isFew = Suppression.small.contains(weighed.count)
    return texts + [isFew ? Suppression.sign : Numbers.kilograms(weighed.reduce(0) { $0 + $1.tenths })]
  }

  private func seizureTable(
    _ table: (String, String, [String], Int, [[String]], String?) -> PrintedTable
  ) -> PrintedTable {
    let largest = tally.incidents.filter { $0.value.unit == "GM" }.sorted {
      ($1.value.tenths, $0.key) < ($0.value.tenths, $1.key)
    }.prefix(order.seizures)
    let tellsFirearm = tally.allHave(.firearmSent)
    var printed = table(
      "largest-seizures", "Largest seizures",
      ["Community", "Substance", "Weight"] + (tellsFirearm ? ["Firearm"] : []), 2,
      largest.map {
        let grams = ($0.value.tenths + 5) / 10
        return [$0.value.town, $0.value.suspected, Numbers.grouped(grams) + " g"]
          + (tellsFirearm ? [$0.value.firearm ? "yes" : "no"] : [])
      }, OpioidOrder.seizureMark)
    printed.wordColumns = printed.columns.map { $0 != "Weight" }
    return printed
  }
}

/// Prints a count, or the sign where it is hidden.
struct CellPrinter {
  var graph: CellGraph
  var total: Int
  func isShown(_ cell: Int) -> Bool { !graph.hidden.contains(cell) }
  func count(_ cell: Int) -> String { isShown(cell) ? Numbers.grouped(graph.cells[cell].value) : Suppression.sign }
  /// Without separators of thousands.
  func plain(_ cell: Int) -> String { isShown(cell) ? String(graph.cells[cell].value) : Suppression.sign }
  func share(_ cell: Int) -> String {
    isShown(cell) ? Numbers.share(graph.cells[cell].value, of: total) : Suppression.sign
  }
}
