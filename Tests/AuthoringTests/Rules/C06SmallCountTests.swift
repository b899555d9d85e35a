// C06: counts of 1 to 4 in statistics tables, and what is proposed to be hidden with them.

import Bulletins
import Testing

@testable import Authoring

@Suite struct C06SmallCountTests {
  static let method = "\n\n## (U) Method and limits\n\n(U) Text"

  private func body(_ rows: String, head: String = "| Region | 2025 | 2026 |\n|---|---:|---:|") -> String {
    "(U) Table 1\n\n\(head)\n\(rows)" + Self.method
  }

  @Test(arguments: [
    ("| Central | 41 | 47 |\n| Northeast | 12 | 3 |", ["+6 warning"]),
    ("| Central | 1 | 2 |", ["+5 warning", "+5 warning"]),
    ("| Central | **4** | 1,203 |", ["+5 warning"]),
    ("| Central | 0 | 5 |", []), ("| 1 | 41 | 47 |\n| 2 | 12 | 31 |", []),
    ("| Central | 3.5 | 47 |\n| East | 2.0 | 31 |", []), ("| Central | 3% | 47 |", []), ("| Central | <5 | 47 |", []),
    ("| Central | 3 kg | 47 |\n| East | 2-4 | 31 |", []), ("| Central | 3 | 47 |\n| East | | 31 |", ["+5 warning"]),
  ]) func cells(_ rows: String, _ places: [String]) {
    #expect(RuleSample(body: body(rows)).places(C06SmallCount()) == places)
  }

  /// One cell that is no count says nothing about those above and below it.
  @Test(arguments: ["N/A", "none", "not reported", "12 (revised)", "3%", "Suppressed", "12.5 kg"])
  func besideSomethingElse(_ cell: String) {
    #expect(
      RuleSample(body: body("| Lee | 3 | 41 |\n| Otis | \(cell) | 12 |\n| Rowe | 2 | 47 |")).places(C06SmallCount())
        == ["+5 warning", "+7 warning"])
  }

  @Test(arguments: [
    "2 (est.)", "1\\*", "2.0", "~3", "three", "2 est.", "4†", "3[^s1]", "2, revised", "~ 2 (prelim.)",
  ]) func countsWithANote(_ cell: String) {
    #expect(RuleSample(body: body("| Lee | \(cell) | 41 |")).places(C06SmallCount()) == ["+5 warning"])
  }

  @Test(arguments: [
    ("| Lee | \\* | 41 |\n| Otis | 12 | 31 |\n| Total | 14 | 72 |", "suppress 12 (Otis, 2025) too"),
    ("| **Total** | 14 | 72 |\n| Lee | S | 41 |\n| Otis | 12 | 31 |", "suppress 12 (Otis, 2025) too"),
    ("| Lee | <5 | 41 |\n| Otis | <5 | 31 |\n| Total | 14 | 72 |", nil),
    ("| Lee | <5 | 41 |\n| Otis | not known | 31 |\n| Total | 14 | 72 |", nil),
    ("| Lee | <5 | 41 |\n| Otis | 12 | 31 |\n| All other towns | 14 | 72 |", nil),
    // A hidden zero and a complementary count tell of nobody.
    ("| Lee | - | 41 |\n| Otis | 12 | 31 |\n| Total | 12 | 72 |", nil),
    ("| Lee | \\* | 41 |\n| Otis | 12 | 31 |\n| Total | 24 | 72 |", nil),
  ]) func totalsThatGiveBack(_ rows: String, _ expected: String?) {
    let found = C06SmallCount().findings(in: RuleSample(body: body(rows)).context)
    #expect(found.count == (expected == nil ? 0 : 1), "\(found)")
    guard let expected, let finding = found.first else { return }
    #expect(finding.message == "the total 14 gives a hidden count back: 2 (Lee, 2025)")
    #expect(finding.fix?.summary == expected && finding.place.column > 1)
  }

  /// Whatever its row is called; of several hidden counts one person is left over at most.
  @Test(arguments: [
    (
      "| Murder | <5 | 41 |\n| Rape | 12 | 31 |\n| **Violent crime** | **14** | 72 |\n| Arson | 9 | 8 |", ["+7 warning"]
    ),
    ("| **Violent crime** | **14** | 72 |\n| Murder | <5 | 41 |\n| Rape | 12 | 31 |", ["+5 warning"]),
    ("| **Murder** | <5 | 41 |\n| **Rape** | 12 | 31 |\n| **Arson** | **14** | 72 |", []),
    ("| State Police | 43 | 41 |\n| Campus police | <5 | 31 |\n| Total | 46 | 72 |", ["+7 warning"]),
    ("| State Police | 46 | 41 |\n| Campus police | <5 | 31 |\n| Town police | 43 | 72 |", []),
    ("| East | 100 | 41 |\n| West | <5 | 31 |\n| Statewide | 103 | 72 |", ["+7 warning"]),
    ("| East | 100 | 41 |\n| West | <5 | 31 |\n| Massachusetts | 103 | 72 |", ["+7 warning"]),
    (
      "| East | 9 | 1 |\n| West | <5 | 2 |\n| Total counties | 12 | 6 |\n| Lee | 5 | 5 |\n| Otis | 6 | 5 |\n| Total towns | 11 | 9 |\n| Grand total | 23 | 9 |",
      ["+5 warning", "+6 warning", "+7 warning", "+11 warning"]
    ),
    ("| East | 100 | 41 |\n| West | <5 | 31 |\n| North | <5 | 9 |\n| Total | 102 | 81 |", ["+8 warning"]),
    ("| East | 100 | 41 |\n| West | <5 | 31 |\n| North | <5 | 9 |\n| Total | 103 | 81 |", ["+8 warning"]),
    ("| East | 100 | 41 |\n| West | <5 | 31 |\n| North | <5 | 9 |\n| Total | 104 | 81 |", []),
    ("| East | 100 | 41 |\n| West | <5 | 31 |\n| North | <5 | 9 |\n| Total | 100 | 81 |", []),
  ]) func otherTotals(_ rows: String, _ places: [String]) {
    #expect(RuleSample(body: body(rows)).places(C06SmallCount()) == places)
  }

  @Test func severalHidden() {
    let found = C06SmallCount().findings(
      in: RuleSample(body: body("| East | 9 | 8 |\n| Lee | <5 | 9 |\n| Otis | <5 | 7 |\n| All | 11 | 24 |")).context)
    #expect(
      found.map(\.message) == ["the total 11 gives 2 hidden counts back: 2 together (Lee, 2025; Otis, 2025)"])
    #expect(found.first?.fix?.summary == "suppress 9 (East, 2025) too")
  }

  /// What is reckoned from a hidden count is hidden with it.
  @Test(arguments: [
    ("2025 | Share", "| Arson | <5 | 0.6% |\n| Robbery | 475 | 99.0% |", ["+5 warning"]),
    ("2025 | Share", "| Arson | <5 | <1% |\n| Robbery | 475 | 99.0% |", []),
    ("2025 | Share", "| Arson | <5 | 0.0% |\n| Robbery | 475 | 99.0% |", []),
    ("2025 | Share", "| Arson | | 0.6% |\n| Robbery | 475 | 99.0% |", []),
    ("2024 | 2025 | Change", "| Arson | 9 | <5 | -6 |\n| Robbery | 475 | 480 | 5 |", ["+5 warning"]),
    ("2024 | 2025 | Change", "| Arson | <5 | <5 | -1 |\n| Robbery | 475 | 480 | 5 |", []),
    ("2024 | 2025 | Change", "| Arson | 9 | <5 | |\n| Robbery | 475 | 480 | 5 |", []),
    ("2025 | Change", "| Arson | <5 | -6 |\n| Robbery | 480 | 5 |", []),
  ]) func reckoned(_ columns: String, _ rows: String, _ places: [String]) {
    let head = "| Offense | \(columns) |\n|---" + columns.filter { $0 == "|" }.map { _ in "|---" }.joined() + "|---|"
    #expect(RuleSample(body: body(rows, head: head)).places(C06SmallCount()) == places)
  }

  @Test func aTotalBeside() {
    let head = "| Region | Men | Women | Total |\n|---|---:|---:|---:|"
    let found = C06SmallCount().findings(
      in: RuleSample(body: body("| Lee | <5 | 12 | 15 |\n| Otis | 9 | 8 | 17 |", head: head)).context)
    #expect(found.map(\.message) == ["the total 15 gives a hidden count back: 3 (Lee, Men)"])
    #expect(found.first?.fix?.summary == "suppress 12 (Lee, Women) too")
  }

  @Test(arguments: [
    "Year", "Rank", "Share", "Change", "Rate per 100,000", "Share of arrests", "Median days", "Weight, kg",
    "Quarter", "Months reported", "Avg. response (min)", "Wind, mph", "Population, thousands", "Tier", "Zone",
    "Weeks covered", "Precinct", "Precinct no.", "District", "Footnote", "Note", "Average thefts by town", "Month",
    "Rank 2025",
  ])
  func noCounts(_ header: String) {
    let head = "| Region | \(header) | Arrests |\n|---|---:|---:|"
    #expect(RuleSample(body: body("| Central | 3 | 12 |", head: head)).places(C06SmallCount()) == [])
  }

  /// A word in a heading that is no measure there.
  @Test(arguments: [
    "Thefts by day", "Victims, by age", "Zone 3", "District court cases", "Day 2", "Age 18-24", "Quarter 1", "Level 3",
  ]) func countsAllTheSame(_ header: String) {
    let head = "| Region | \(header) | Arrests |\n|---|---:|---:|"
    #expect(RuleSample(body: body("| Central | 3 | 12 |", head: head)).places(C06SmallCount()) == ["+5 warning"])
  }

  @Test func columns() {
    let context = RuleSample(body: body("| Northeast | 12 | 3 |")).context
    #expect(C06SmallCount().findings(in: context).map(\.place.column) == [20])
  }

  /// In other series only under the heading Statistics.
  @Test func series() {
    let table = "(U) Table 1\n\n| Site | Doors |\n|---|---:|\n| A | 3 |"
    #expect(RuleSample(body: table).places(C06SmallCount()) == [])
    #expect(RuleSample(body: "## (U) Statistics\n\n" + table).places(C06SmallCount()) == ["+7 warning"])
    #expect(RuleSample(body: "## (U) Statistics\n\n(U) T\n\n## (U) Threat\n\n" + table).places(C06SmallCount()) == [])
    var sample = RuleSample(body: table)
    sample.template = SeriesTemplate(
      series: "x", name: "", code: "X", publicName: "", requiredSections: ["Method and Limits"])
    #expect(sample.places(C06SmallCount()) == ["+5 warning"])
  }

  private func proposals(_ rows: [[String]], _ header: [String]) -> [String] {
    let table = CountTable(header: header, rows: rows)
    return table.small.map(table.proposal)
  }

  @Test func withoutTotals() {
    #expect(
      proposals([["A", "41"], ["B", "3"]], ["Town", "Arrests"]) == ["suppress it; no total of this table gives it back"]
    )
  }

  @Test func aTotalBelow() {
    #expect(
      proposals([["A", "41"], ["B", "3"], ["C", "0"], ["D", "7"], ["Total", "51"]], ["Town", "Arrests"])
        == ["suppress it, and with it 7 (D, Arrests)"])
  }

  @Test func totalsBelowAndBeside() {
    let rows = [["A", "20", "9", "29"], ["B", "3", "12", "15"], ["C", "8", "30", "38"], ["All", "31", "51", "82"]]
    #expect(
      proposals(rows, ["Town", "Men", "Women", "Total"]) == [
        "suppress it, and with it 8 (C, Men), 12 (B, Women), 30 (C, Women)"
      ])
  }

  @Test func dataOfACharts() {
    let chart = Chart(
      kind: .bar, data: .file("months.csv"), x: "month", y: ["arrests"], title: "T", alternative: "A",
      rows: [["month", "arrests"], ["2026-01", "12"], ["2026-02", "3"]])
    var context = RuleSample(body: "## (U) Statistics\n\n(U) Text").context
    context.bulletin.document.body.append(Block(.chart(chart), portion: 2, line: 20))
    let found = C06SmallCount().findings(in: context)
    #expect(found.map(\.place.line) == [20] && found.first?.fix?.summary.contains("`months.csv`, line 3") == true)
  }
}
