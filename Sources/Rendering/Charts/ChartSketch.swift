// A chart as a drawing: from its figures to shapes, 304 units wide, about what a phone has between the margins of a
// product, so that its letters are readable there; a desktop shows it larger. Every number that is drawn is the cell's
// own, as it is printed in the table. What the drawing says about itself (mark, as-of date, source) is on it, because
// pictures are cut out and passed on.

import Bulletins
import Pictures

struct ChartSketch {
  static let width = 304.0
  /// Of labels, of values, of the lines below.
  static let label = 12.0
  static let value = 11.5
  static let small = 10.5

  /// nil where nothing can be drawn well: no number, or more than a picture of this width can show. The table stands
  /// for it then.
  /// - Parameter footer: sentences for below the drawing.
  static func draw(_ chart: Chart, footer: [String]) -> Sketch? {
    guard var figures = ChartFigures(chart) else { return nil }
    figures.categories = figures.categories.map(cleaned)
    for index in figures.series.indices {
      figures.series[index].name = cleaned(chart.columnName(figures.series[index].name))
    }
    let room = limits(chart.kind)
    guard figures.series.count <= room.series, figures.categories.count <= room.categories else { return nil }
    var sketch = Sketch(width: width, paper: ChartInks.paper)
    switch chart.kind {
    case .bar: BarSketch(figures: figures).draw(into: &sketch)
    case .line: LineSketch(figures: figures).draw(into: &sketch)
    case .stacked:
      guard !figures.series.contains(where: { $0.figures.contains { ($0.value ?? 0) < 0 } }) else { return nil }
      StackSketch(figures: figures).draw(into: &sketch)
    }
    var sentences = footer
    if figures.series.contains(where: { $0.figures.contains(.hidden) }) {
      sentences.insert("* Count hidden so that it identifies nobody. It is not zero.", at: 0)
    }
    sketch.height += 4
    for line in sentences.flatMap({ TextWidth.lines(cleaned($0), size: small, width: width) }) {
      sketch.height += 13
      sketch.text(line, 0, sketch.height - 3, size: small, ChartInks.muted)
    }
    sketch.height += 3
    return sketch
  }

  private static func limits(_ kind: Chart.Kind) -> (series: Int, categories: Int) {
    switch kind {
    case .bar: (4, 40)
    case .line: (6, 120)
    case .stacked: (6, 16)
    }
  }
}

/// `2026-07` as `Jul` and `2026`; other names as they are.
struct CategoryName {
  var words: String
  var year: String?

  static func all(_ names: [String]) -> [CategoryName] {
    let months = names.map(month)
    if months.contains(where: { $0 == nil }) { return names.map { CategoryName(words: $0) } }
    return months.compactMap { $0 }
  }

  private static func month(_ name: String) -> CategoryName? {
    let digits = Array(name.utf8)
    guard digits.count == 7, digits[4] == 0x2D, let number = Int(name.suffix(2)), (1...12).contains(number),
      Int(name.prefix(4)) != nil
    else { return nil }
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return CategoryName(words: months[number - 1], year: String(name.prefix(4)))
  }
}

/// Labels that would lie on each other, moved apart: each has a middle that it would like and a height.
enum Spread {
  /// Middles in the order given, at least half a height from either end where there is room.
  static func middles(_ wanted: [(middle: Double, height: Double)], from top: Double, to bottom: Double) -> [Double] {
    let order = wanted.indices.sorted { (wanted[$0].middle, $0) < (wanted[$1].middle, $1) }
    var result = wanted.map(\.middle)
    var edge = top
    for index in order {
      result[index] = max(result[index], edge + wanted[index].height / 2)
      edge = result[index] + wanted[index].height / 2
    }
    edge = max(bottom, top + wanted.reduce(0) { $0 + $1.height })
    for index in order.reversed() {
      result[index] = min(result[index], edge - wanted[index].height / 2)
      edge = result[index] - wanted[index].height / 2
    }
    return result
  }
}
