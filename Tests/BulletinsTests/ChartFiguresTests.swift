// What a chart's data says: numbers, hidden counts, gaps, sums.

import Bulletins
import Testing

@Suite struct ChartFiguresTests {
  private func chart(_ rows: [[String]], _ kind: Chart.Kind = .bar, bold: [Int] = []) -> Chart {
    var chart = Chart(
      kind: kind, data: .table, x: "a", y: ["b", "c"], title: "T", alternative: "A", rows: [["a", "b", "c"]] + rows)
    chart.boldRows = bold
    return chart
  }

  @Test func cells() {
    #expect(ChartFigure(cell: "1,234") == .number(1234, words: "1,234"))
    #expect(ChartFigure(cell: "12345") == .number(12345, words: "12,345"))
    #expect(ChartFigure(cell: " -4.4% ") == .number(-4.4, words: "-4.4%"))
    #expect(ChartFigure(cell: "\u{2212}3") == .number(-3, words: "\u{2212}3"))
    #expect(ChartFigure(cell: "$12.50") == .number(12.5, words: "$12.50"))
    #expect(ChartFigure(cell: "0").value == 0)
    for hidden in ["*", "<5", "1-4", "1 \u{2013} 4", "Hidden"] { #expect(ChartFigure(cell: hidden) == .hidden) }
    for missing in ["", "n/a", "-", "Jan 3", "inf", "nan", "0x10", "1e5", "9999999999999999"] {
      #expect(ChartFigure(cell: missing) == .missing, "\(missing)")
    }
  }

  @Test func thousands() {
    #expect(["1", "999", "1000", "1234567"].map(ChartFigure.grouped) == ["1", "999", "1,000", "1,234,567"])
    #expect(["2025-09", "1000.5", "-1000", "word"].map(ChartFigure.grouped) == ["2025-09", "1000.5", "-1000", "word"])
  }

  @Test func sumsAreLeftOutWhenTheyAddUpAndSaySo() throws {
    let rows = [
      ["p", "1", "4"], ["q", "2", "5"], ["p and q", "3", "9"], ["r", "7", "1"], ["s", "2", "0"], ["r and s", "9", "1"],
      ["All of it", "12", "10"],
    ]
    let found = try #require(ChartFigures(chart(rows, bold: [3, 6])))
    #expect(found.categories == ["p", "q", "r", "s"])
    // In plain type a row that happens to be a sum stays, but for the last.
    #expect(
      try #require(ChartFigures(chart(rows))).categories == ["p", "q", "p and q", "r", "s", "r and s", "All of it"])
    #expect(try #require(ChartFigures(chart(Array(rows[0...2])))).categories == ["p", "q"])
    // In bold, but no sum: somebody's own emphasis.
    #expect(try #require(ChartFigures(chart([rows[0], rows[3], rows[1]], bold: [2]))).categories == ["p", "r", "q"])
    #expect(try #require(ChartFigures(chart(Array(rows[0...2]), .line))).categories == ["p", "q", "p and q"])
  }

  @Test func aTotalBesideHiddenCountsIsKnownByItsName() throws {
    let found = try #require(ChartFigures(chart([["p", "*", "4"], ["q", "7", "5"], ["Total", "9", "9"]])))
    #expect(found.categories == ["p", "q"] && found.series[0].figures[0] == .hidden)
  }

  @Test func extremes() throws {
    let found = try #require(
      ChartFigures(chart([["p", "3", "*"], ["q", "9", ""], ["r", "1", "-"], ["s", "9", "x"]], .line)))
    let extremes = try #require(found.series[0].extremes)
    #expect(extremes.least == 2 && extremes.most == 1)
    #expect(found.series[1].extremes == nil)
  }

  @Test func farTooMuchIsNotLookedAt() {
    let rows = (0..<20_000).map { ["Total \($0)", "\($0)", "*"] }
    #expect(ChartFigures(chart(rows, bold: Array(1...20_000))) == nil)
    var many = chart(rows.prefix(999).map { ["Row \($0[1])", $0[1], "7"] })
    #expect(ChartFigures(many) != nil)
    many.alternative = "9" + String(repeating: "9", count: 400) + " and 123,456,789"
    #expect(many.wrongNumbers == ["123,456,789"])
  }

  @Test func nothingToShow() {
    #expect(ChartFigures(chart([["p", "*", "n/a"]])) == nil)
    #expect(ChartFigures(chart([])) == nil)
    var other = chart([["p", "1", "2"]])
    other.y = ["d"]
    #expect(ChartFigures(other) == nil)
  }
}
