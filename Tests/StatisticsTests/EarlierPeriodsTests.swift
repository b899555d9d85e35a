// Totals of earlier periods, months before the period and published figures do not give a small count back when one is
// subtracted from the other.

import Testing

@testable import Statistics

@Suite struct EarlierPeriodsTests {
  /// So many arrests on the first of each month.
  private func chart(
    _ counts: KeyValuePairs<String, Int>, _ period: String = "2026-Q3", compare: [String] = ["2026-Q2"], months: Int,
    earlier: String = ""
  ) throws -> [[String]] {
    var lines: [String] = []
    for (day, count) in counts { for _ in 0..<count { lines.append(MadeRecords.line(lines.count, on: day)) } }
    var order = OpioidOrder(period: try #require(Period(period)))
    order.comparisons = compare.compactMap { Period($0) }
    order.months = months
    let published = try PublishedFigures(csv: Array(("period,region,arrests\n" + earlier).utf8))
    let imports = try MadeRecords.imports(lines)
    var tally = OpioidTally(order.period)
    var tallies: [Period: OpioidTally] = [:]
    for period in OpioidTables.earlierPeriods(order, published: published) {
      var tally = OpioidTally(period)
      imports.forEachRecord { record, block, _ in tally.add(record, of: block) }
      tallies[period] = tally
    }
    imports.forEachRecord { record, block, _ in tally.add(record, of: block) }
    return try OpioidTables(
      order, tally: tally, earlier: tallies, published: published,
      substances: try SampleExports.knowledge().substances, regions: SampleTablesTests.regions
    ).product().charts[0].rows
  }
  private static let days: KeyValuePairs = ["2026-04-01": 3, "2026-05-01": 20, "2026-06-01": 30, "2026-07-01": 40]

  private func hidden(_ rows: [[String]], _ months: ClosedRange<String>) -> Int {
    rows.filter { months.contains($0[0]) && $0[1] == Suppression.sign }.count
  }

  @Test func aMonthOfTheChartIsNotTheOthersFromTheTotal() throws {
    #expect(hidden(try chart(Self.days, months: 6), "2026-04"..."2026-06") == 2)
  }

  /// April is not in the chart, but it is what the quarter has beside May and June.
  @Test func whatTheChartLeavesOutIsProtected() throws {
    #expect(hidden(try chart(Self.days, months: 5), "2026-04"..."2026-06") == 1)
  }

  @Test func publishedMonthsAreSubtractedToo() throws {
    let published = "2026-Q2,state,53\n2026-05,state,20\n2026-06,state,30\n"
    #expect(throws: OpioidTablesProblem.self) { try chart(Self.days, months: 6, earlier: published) }
  }

  @Test func publishedPeriodsOverlapCountedOnes() {
    let problem = OpioidTablesProblem.overlapping("2026-Q2", "2026-06")
    #expect(throws: problem) {
      try chart(Self.days, compare: ["2026-Q2", "2026-06"], months: 3, earlier: "2026-06,state,30\n")
    }
  }

  @Test func aMonthThatThePeriodCutsIsThereOnce() throws {
    let days: KeyValuePairs = ["2026-06-01": 30, "2026-07-01": 3, "2026-07-20": 10, "2026-08-01": 20]
    let rows = try chart(days, "2026-07-15..2026-08-31", compare: [], months: 3)
    #expect(rows.map { $0[0] } == ["2026-05", "2026-06", "2026-07", "2026-08"])
    #expect(rows[2][1] == "10")
  }

  @Test func aComparisonThatCutsAMonthOfTheChart() {
    #expect(throws: OpioidTablesProblem.self) {
      try chart(Self.days, compare: ["2026-04-15..2026-06-15"], months: 6)
    }
  }
}
