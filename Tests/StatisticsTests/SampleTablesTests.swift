// The tables of the sample bulletin on opioid arrests come out of the sample exports, line by line, and so do the data
// of its charts and the figures of its text. Earlier periods come from a file of published figures.

import Bulletins
import Foundation
import Testing

@testable import Statistics

@Suite struct SampleTablesTests {
  static let earlier = """
    period,region,arrests
    2026-Q2,metro-boston,331
    2026-Q2,northeast,520
    2026-Q2,southeast,447
    2026-Q2,central,291
    2026-Q2,western,388
    2026-Q2,state,1977
    2025-Q3,metro-boston,352
    2025-Q3,northeast,558
    2025-Q3,southeast,489
    2025-Q3,central,302
    2025-Q3,western,401
    2025-Q3,state,2102
    2025-09,state,691
    2025-10,state,664
    2025-11,state,642
    2025-12,state,611
    2026-01,state,598
    2026-02,state,571
    2026-03,state,630
    2026-04,state,648
    2026-05,state,659
    2026-06,state,670

    """
  static let regions = [
    ("metro-boston", "Metro Boston", 9), ("northeast", "Northeast", 85), ("southeast", "Southeast", 96),
    ("central", "Central", 60), ("western", "Western", 101),
  ].map { RegionName(slug: $0.0, name: $0.1, communities: $0.2) }

  private func product() throws -> OpioidProduct {
    var imports = Imports()
    for name in SampleExports.names { try imports.run(try SampleExports.mapping(name), try SampleExports.export(name)) }
    var order = OpioidOrder(period: try #require(Period("2026-Q3")))
    order.comparisons = [try #require(Period("2026-Q2")), try #require(Period("2025-Q3"))]
    order.months = 13
    order.seizures = 3
    var tally = OpioidTally(order.period)
    imports.forEachRecord { record, block, _ in tally.add(record, of: block) }
    return try OpioidTables(
      order, tally: tally, earlier: [:], published: try PublishedFigures(csv: Array(Self.earlier.utf8)),
      substances: try SampleExports.knowledge().substances, regions: Self.regions
    ).product()
  }

  private func text(_ path: String) throws -> String {
    String(decoding: try SampleExports.bytes("templates/sample/bulletins/" + path), as: UTF8.self)
  }

  @Test func everyTableLineOfTheBulletin() throws {
    let product = try product()
    let ours = Set(product.tables.map(\.markdown).joined().split(separator: "\n").map(String.init))
    // Table 6 is the health department's, not ours.
    let lines = try text(Self.bulletin).split(separator: "\n").map(String.init)
    let table6 = try #require(lines.firstIndex { $0.contains("Table 6") })
    let wanted = lines[..<table6].filter { $0.hasPrefix("|") }
    #expect(wanted.count > 40)
    for line in wanted { #expect(ours.contains(line), "\(line)") }
    // One confirmed morphine and two methadone are hidden, and the next so that they cannot be worked out; nothing of
    // the bulletin is.
    #expect(product.hidden == 3)
    let starred = product.tables.filter { $0.rows.joined().contains(Suppression.sign) }
    #expect(starred.map(\.title) == ["Table 8. Laboratory results, apart from what was suspected"])
  }
  private static let bulletin = "opioid-arrests-2026-q3.md"

  @Test func theDataOfItsCharts() throws {
    for chart in try product().charts { #expect(chart.csv == (try text(chart.file))) }
  }

  @Test func theFiguresOfItsText() throws {
    let figures = try product().figures.joined(separator: "\n")
    for words in [
      "2,000 opioid-related arrests in 1,607 incidents, 1.2% more", "4.9% fewer", "85.3%", "232 arrests",
      "50 of 252 trafficking incidents (19.8%)", "(10.7%)", "94 incidents", "52 arrests followed", "41 of them",
      "637 confirmed, 828 pending, 535 not sent", "95.3%",
    ] { #expect(figures.contains(words), "\(words) in \(figures)") }
  }

  @Test func unitsAreApart() throws {
    let units = try #require(try product().tables.first { $0.slug.hasSuffix("units") })
    #expect(units.rows.map { $0[1] } == ["2,000", "1,607", "2,000"])
    #expect(units.title == "Table 6. Arrests and arrestees")
  }

  @Test(arguments: [
    ("2026", "2026-01-01", "2026-12-31", "2026"), ("2026-Q1", "2026-01-01", "2026-03-31", "1st quarter 2026"),
    ("2028-02", "2028-02-01", "2028-02-29", "February 2028"),
    ("2026-07-04..2026-07-05", "2026-07-04", "2026-07-05", "2026-07-04 to 2026-07-05"),
  ])
  func periods(text: String, first: String, last: String, title: String) throws {
    let period = try #require(Period(text))
    #expect([period.first.description, period.last.description, period.title] == [first, last, title])
  }

  @Test(arguments: ["", "26", "2026-Q5", "2026-13", "2026-7", "2026-08-01..2026-07-01", "2026-07-01", "Q3"])
  func noPeriods(text: String) { #expect(Period(text) == nil) }
}
