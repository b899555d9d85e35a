// Numbers of a description that the data does not have; those of the samples are all right.

import Bulletins
import Testing

@Suite struct ChartDescriptionTests {
  private static let months = zip(
    ["2025-09", "2025-10", "2025-11", "2026-02", "2026-07", "2026-09"], [691, 664, 642, 571, 688, 644]
  ).map { [$0, String($1)] }

  private func wrong(_ alternative: String, _ rows: [[String]] = months, _ header: [String] = ["month", "arrests"])
    -> [String]
  {
    Chart(
      kind: .line, data: .table, x: header[0], y: Array(header.dropFirst()), title: "Chart 2. Calls to 911",
      alternative: alternative, rows: [header] + rows
    ).wrongNumbers
  }

  @Test(arguments: [
    "One line. It falls from 691 to 571 in February 2026, rises to 688 in July and ends at 644.",
    "It falls by 120, then rises by 117.", "Between 570 and 700 arrests in each of 6 months", "3,900 arrests in all",
    "Calls to 911 in 2025-09 and at 21:45 in the 3rd quarter, Q33", "A line without numbers", "A fall of 17.4%", "",
  ]) func right(_ alternative: String) {
    #expect(wrong(alternative) == [])
  }

  @Test func notInTheData() {
    #expect(wrong("It falls from 691 to 517") == ["517"])
    #expect(wrong("Between 500 and 750 arrests") == ["750"])
    #expect(wrong("Between 400 and 700 arrests") == ["400"])
    #expect(wrong("From 6,910 to 571; 691 is the peak") == ["6,910"])
    #expect(wrong("It peaks at 6811.") == ["6811"])
  }

  @Test func manyColumns() {
    let rows = [["Larceny", "45,102", "43,870"], ["Arson", "322", "310"], ["Total", "45,424", "44,180"]]
    let header = ["Offense", "2025", "2026"]
    #expect(wrong("Larceny leads with 45,102 and 43,870, 1,232 fewer; 45,424 in all in 2025", rows, header) == [])
    #expect(wrong("Larceny leads with 45,201", rows, header) == ["45,201"])
    #expect(wrong("Below 45,500, above 300", rows, header) == [])
  }

  @Test func sharesAreComparedWhereTheDataHasShares() {
    let rows = [["A", "60.5%"], ["B", "39.5%"]]
    #expect(wrong("A has 60.5%, B 39.5%", rows, ["x", "y"]) == [])
    #expect(wrong("A has 65.5%", rows, ["x", "y"]) == ["65.5"])
  }

  @Test func extremesInWords() throws {
    let chart = Chart(
      kind: .line, data: .table, x: "month", y: ["a", "b"], title: "", alternative: "",
      rows: [["month", "a", "b"], ["Jul", "20", "*"], ["Aug", "1200", "7"]])
    #expect(try #require(ChartFigures(chart)).range == "7 (Aug) to 1,200 (Aug)")
  }
}
