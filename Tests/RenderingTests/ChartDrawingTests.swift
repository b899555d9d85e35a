// Drawings of charts, shape for shape as SVG, and what holds for every one of them.

import Bulletins
import Foundation
import Pictures
import Testing

@testable import Rendering

struct ChartDrawingTests {
  private static let footer = ["(U//FOUO) As of 15 Oct 2026. Source: Commonwealth Fusion Center, CFC-OA-2026-0012."]

  @Test(arguments: SampleCharts.all.map(\.name)) func golden(_ name: String) throws {
    let chart = try #require(SampleCharts.all.first { $0.name == name }).chart
    let sketch = try #require(ChartSketch.draw(chart, footer: Self.footer))
    let svg = sketch.svg(title: chart.title, description: chart.alternative)
    try GoldenFolder("charts", in: "rendered").expect("\(name).svg", svg.utf8)
  }

  @Test(arguments: SampleCharts.all.map(\.name)) func nothingIsCutOff(_ name: String) throws {
    let chart = try #require(SampleCharts.all.first { $0.name == name }).chart
    try expectInside(try #require(ChartSketch.draw(chart, footer: Self.footer)), name)
  }

  private func expectInside(_ sketch: Sketch, _ note: String) throws {
    func inside(_ x: Double, _ y: Double) -> Bool {
      (-0.5...sketch.width + 0.5).contains(x) && (-0.5...sketch.height + 0.5).contains(y)
    }
    for shape in sketch.shapes {
      switch shape {
      case .polygon(let points, _), .path(let points, _, _, _):
        #expect(points.allSatisfy { inside($0.x, $0.y) }, "\(note): \(shape)")
      case .disc(let centre, let radius, _):
        #expect(inside(centre.x - radius, centre.y - radius) && inside(centre.x + radius, centre.y + radius), "\(note)")
      case .text(let words, let at, let size, _, let bold, let anchor):
        let width = TextWidth.of(words, size: size, bold: bold)
        let left = at.x - width * Double(anchor.rawValue) / 2
        #expect(
          inside(left, at.y - size * 0.7) && inside(left + width, at.y), "\(note): \(words) at \(at), \(size), \(width)"
        )
        #expect(size >= 10.5, "\(note): \(words) is too small for a phone")
      }
    }
  }

  @Test(arguments: SampleCharts.all.filter { $0.chart.kind == .line }.map(\.name)) func noNumberLiesOnALine(
    _ name: String
  ) throws {
    let chart = try #require(SampleCharts.all.first { $0.name == name }).chart
    expectOffLines(try #require(ChartSketch.draw(chart, footer: Self.footer)), name)
  }

  /// Along each line, between two of its points, a step at a time.
  private func expectOffLines(_ sketch: Sketch, _ note: String) {
    for case .path(let points, _, let width, _) in sketch.shapes where width == 2 {
      for case .text(let words, let at, let size, _, true, .middle) in sketch.shapes where words != "*" {
        let half = TextWidth.of(words, size: size, bold: true) / 2
        for (start, end) in zip(points, points.dropFirst()) {
          let isOn = stride(from: 0.0, through: 1, by: 1.0 / 64).contains { part in
            let (x, y) = (start.x + (end.x - start.x) * part, start.y + (end.y - start.y) * part)
            return abs(x - at.x) < half && (at.y - 8...at.y).contains(y)
          }
          #expect(!isOn, "\(note): \(words) at \(at)")
        }
      }
    }
  }

  private func words(_ sketch: Sketch) -> [String] {
    sketch.shapes.compactMap { if case .text(let words, _, _, _, _, _) = $0 { words } else { nil } }
  }

  @Test func barsBeginAtZeroAndAreInProportion() throws {
    let chart = SampleCharts.chart(.bar, "", ["a", "b"], [["p", "50"], ["q", "100"], ["r", "30"]])
    let sketch = try #require(ChartSketch.draw(chart, footer: []))
    let bars = sketch.shapes.compactMap { shape -> (left: Double, width: Double)? in
      guard case .polygon(let points, _) = shape else { return nil }
      return (points[0].x, points[1].x - points[0].x)
    }
    try #require(bars.count == 3)
    #expect(Set(bars.map(\.left)).count == 1)
    #expect(abs(bars[0].width / bars[1].width - 0.5) < 0.01 && abs(bars[2].width / bars[1].width - 0.3) < 0.01)
  }

  @Test func aHiddenCountIsNeverZeroNorALength() throws {
    let hidden = try #require(SampleCharts.all.first { $0.name == "bars-hidden" }).chart
    let sketch = try #require(ChartSketch.draw(hidden, footer: []))
    #expect(words(sketch).filter { $0 == "* hidden" }.count == 3)
    #expect(words(sketch).filter { $0 == "0" }.count == 1)
    #expect(words(sketch).contains { $0.hasPrefix("* Count hidden") })
    // Whatever stands under the sign, the drawing is the same.
    var other = hidden
    other.rows[1][1] = "1-4"
    #expect(ChartSketch.draw(other, footer: []) == sketch)
    other.rows[1][1] = "0"
    #expect(ChartSketch.draw(other, footer: []) != sketch)
  }

  @Test func aStackWithAHiddenCountHasNoSum() throws {
    let chart = try #require(SampleCharts.all.first { $0.name == "stack-hidden" }).chart
    let drawn = words(try #require(ChartSketch.draw(chart, footer: [])))
    #expect(!drawn.contains("76") && drawn.contains("*") && drawn.contains("77"))
  }

  @Test func aScaleThatDoesNotBeginAtZeroSaysSo() throws {
    let near = SampleCharts.chart(.line, "", ["a", "b"], [["p", "950"], ["q", "1000"]])
    #expect(words(try #require(ChartSketch.draw(near, footer: []))).contains("The scale begins at 940, not at 0."))
    let far = SampleCharts.chart(.line, "", ["a", "b"], [["p", "50"], ["q", "1000"]])
    #expect(!words(try #require(ChartSketch.draw(far, footer: []))).contains { $0.hasPrefix("The scale") })
  }

  /// Left to right, the middles of the points.
  private func points(_ names: [String]) throws -> [Double] {
    let rows = names.enumerated().map { [$1, String(10 + $0)] }
    let sketch = try #require(
      ChartSketch.draw(SampleCharts.chart(.line, "", ["x", "y"], rows), footer: []))
    return sketch.shapes.compactMap { if case .disc(let centre, _, _) = $0 { centre.x } else { nil } }
  }

  @Test(arguments: [
    (["2026-01", "2026-02", "2026-04", "2026-09"], [1.0, 2, 5]), (["2019", "2020", "2025"], [1, 5]),
    (["2024-02-28", "2024-03-01", "2024-12-31", "2025-01-01"], [2, 305, 1]), (["2025-11", "2026-02"], [3]),
    // No times, times of two kinds, times out of order or twice.
    (["Q1", "Q2", "Q4"], [1, 1]), (["2025", "2026-01", "2026-09"], [1, 1]),
    (["2026-02", "2026-01", "2026-09"], [1, 1]), (["2026-01", "2026-01", "2026-09"], [1, 1]),
    (["2026-02-01", "2026-02-31", "2026-05-01"], [1, 1]),
  ])
  func pointsOfALineStandWhereTheyAreInTime(_ names: [String], _ steps: [Double]) throws {
    let points = try points(names)
    try #require(points.count == names.count)
    let unit = (points[points.count - 1] - points[0]) / steps.reduce(0, +)
    for (place, step) in steps.enumerated() {
      #expect(abs(points[place + 1] - points[place] - step * unit) < 0.001, "\(names) \(points)")
    }
  }

  @Test(arguments: 0..<100) func namesOfPointsDoNotTouch(seed: Int) throws {
    var random = SplitMix64(state: UInt64(seed))
    var month = 0
    let rows = (0..<Int.random(in: 2...60, using: &random)).map { _ in
      month += Int.random(in: 1...(seed % 9 + 1), using: &random)
      let digits = String(100 + month % 12 + 1).dropFirst()
      return ["\(1950 + month / 12)-\(digits)", String(Int.random(in: 0...900, using: &random))]
    }
    let sketch = try #require(
      ChartSketch.draw(SampleCharts.chart(.line, "", ["x", "y"], rows), footer: Self.footer))
    try expectInside(sketch, "seed \(seed)")
    expectOffLines(sketch, "seed \(seed)")
    var lines: [Double: [(left: Double, right: Double)]] = [:]
    for case .text(let words, let at, let size, _, false, .middle) in sketch.shapes {
      let half = TextWidth.of(words, size: size) / 2
      lines[at.y, default: []].append((at.x - half, at.x + half))
    }
    for (_, names) in lines {
      let sorted = names.sorted { $0.left < $1.left }
      #expect(zip(sorted, sorted.dropFirst()).allSatisfy { $0.right < $1.left }, "seed \(seed)")
    }
  }

  @Test func barsAreNamedWhereTheyAreReadFirst() throws {
    func names(_ first: String) throws -> (inBars: Bool, y: Double) {
      let rows = [["p", first, first], ["q", "1000", "900"]]
      let sketch = try #require(
        ChartSketch.draw(SampleCharts.chart(.bar, "", ["x", "Last year", "This year"], rows), footer: []))
      for case .text("Last year", let at, _, let ink, _, _) in sketch.shapes { return (ink != ChartInks.ink, at.y) }
      return (false, .infinity)
    }
    let (long, short) = (try names("950"), try names("9"))
    #expect(long.inBars && long.y < 20, "on the first group")
    #expect(!short.inBars && short.y < 20, "in the key above")
  }

  @Test func whatCannotBeDrawnWellIsNot() {
    func draw(_ kind: Chart.Kind, columns: Int, rows: Int, _ value: String = "5") -> Sketch? {
      let header = ["x"] + (0..<columns).map { "c\($0)" }
      let data = (0..<rows).map { ["r\($0)"] + Array(repeating: value, count: columns) }
      return ChartSketch.draw(SampleCharts.chart(kind, "", header, data), footer: [])
    }
    #expect(draw(.bar, columns: 5, rows: 3) == nil && draw(.bar, columns: 1, rows: 41) == nil)
    #expect(draw(.line, columns: 7, rows: 3) == nil && draw(.stacked, columns: 2, rows: 17) == nil)
    #expect(draw(.stacked, columns: 2, rows: 3, "-1") == nil && draw(.bar, columns: 1, rows: 3, "n/a") == nil)
    #expect(draw(.bar, columns: 4, rows: 40) != nil && draw(.line, columns: 6, rows: 120) != nil)
  }

  @Test(arguments: 0..<300) func randomData(seed: Int) throws {
    var random = SplitMix64(state: UInt64(seed))
    let names = ["p", "2026-07", "Expressed or implied threat of a long kind", "caf\u{E9}", "2025", "Total", "a<b&c"]
    let cells = ["*", "", "0", "-3", "7", "12,000", "4.5%", "9999999", "n/a", "0.001", "1-4", "123456789012"]
    let columns = Int.random(in: 1...6, using: &random)
    let header = ["x"] + (0..<columns).map { "\(names[Int.random(in: 0..<7, using: &random)]) \($0)" }
    let rows = (0..<Int.random(in: 0...45, using: &random)).map { _ in
      [names.randomElement(using: &random) ?? ""]
        + (0..<columns).map { _ in cells.randomElement(using: &random) ?? "" }
    }
    let kind = Chart.Kind.allCases[seed % 3]
    guard let sketch = ChartSketch.draw(SampleCharts.chart(kind, "T", header, rows), footer: Self.footer) else {
      return
    }
    try expectInside(sketch, "seed \(seed), \(kind)")
    if kind == .line { expectOffLines(sketch, "seed \(seed)") }
  }
}
