// Bars that lie, from zero, with their names before them and their values behind: long names need no turned head, and a
// phone scrolls down anyway. Bars of several columns stand in groups; their names are written
// on the first group, which is read first, or above.

import Bulletins
import Pictures

struct BarSketch {
  let figures: ChartFigures

  private var count: Int { figures.series.count }
  private var thickness: Double { count == 1 ? 16 : count == 2 ? 15 : 14 }
  private static let gap = 8.0
  private static let nameRoom = 112.0
  private static let line = 14.0

  func draw(into sketch: inout Sketch) {
    let names = figures.categories.map {
      TextWidth.lines($0, size: ChartSketch.label, width: Self.nameRoom)
    }
    let widest = names.joined().map { TextWidth.of($0, size: ChartSketch.label) }.max() ?? 0
    // Beside the bars, or above them where names are long.
    let isBeside = widest <= Self.nameRoom && names.allSatisfy { $0.count <= 3 }
    let scale = scale(from: isBeside ? widest + 8 : 0)
    let fills = ChartInks.fills(count)
    let barsHeight = Double(count) * thickness
    var tops: [Double] = []
    var y = sketch.height + 4
    let first = y
    for (index, name) in figures.categories.enumerated() {
      let lines = isBeside ? names[index] : TextWidth.lines(name, size: ChartSketch.label, width: ChartSketch.width)
      let textHeight = Double(lines.count) * Self.line
      let height = isBeside ? max(barsHeight, textHeight) : barsHeight
      var base = isBeside ? y + (height - textHeight) / 2 + 10.5 : y + 10.5
      for line in lines {
        sketch.text(
          line, isBeside ? widest : 0, base, size: ChartSketch.label, ChartInks.ink, isBeside ? .end : .start)
        base += Self.line
      }
      if !isBeside { y += textHeight + 1 }
      let top = y + (height - barsHeight) / 2
      tops.append(top)
      for (column, series) in figures.series.enumerated() {
        bar(series.figures[index], at: top + Double(column) * thickness, fills[column], scale, into: &sketch)
      }
      y += height + Self.gap
    }
    sketch.line(scale.zero, first - 2, scale.zero, y - Self.gap + 2, ChartInks.muted)
    sketch.height = y - Self.gap + 4
    if count > 1 { nameSeries(tops, fills, scale, into: &sketch) }
  }

  private struct Scale {
    var zero: Double
    /// Units for one.
    var factor: Double
  }

  private func words(_ figure: ChartFigure) -> String {
    switch figure {
    case .number(_, let words): words
    case .hidden: "* hidden"
    case .missing: "no figure"
    }
  }

  /// From the left edge of the bars to the right edge of the drawing, with room for the values at either end.
  private func scale(from left: Double) -> Scale {
    let all = figures.series.flatMap(\.figures)
    let values = all.compactMap(\.value)
    let (low, high) = (min(0, values.min() ?? 0), max(0, values.max() ?? 0))
    func room(_ isNegative: Bool) -> Double {
      let some = all.filter { (($0.value ?? 0) < 0) == isNegative }
      return some.map { TextWidth.of(words($0), size: ChartSketch.value) + 6 }.max() ?? 0
    }
    let start = left + room(true)
    let span = max(20, ChartSketch.width - room(false) - start)
    let factor = high > low ? span / (high - low) : 0
    return Scale(zero: start - low * factor, factor: factor)
  }

  private func bar(
    _ figure: ChartFigure, at top: Double, _ fill: ChartInks.Fill, _ scale: Scale, into sketch: inout Sketch
  ) {
    let base = top + thickness / 2 + 4
    guard case .number(let value, let words) = figure else {
      return sketch.text(words(figure), scale.zero + 5, base, size: ChartSketch.value, ChartInks.muted)
    }
    let length = (value * scale.factor).magnitude
    let left = value < 0 ? scale.zero - length : scale.zero
    if length > 0 {
      sketch.rectangle(left, top + 0.5, max(1, length), thickness - 1, fill.area)
      if count > 1 { sketch.frame(left, top + 0.5, max(1, length), thickness - 1, ChartInks.edge, line: 0.75) }
    }
    if value < 0 {
      sketch.text(words, left - 4, base, size: ChartSketch.value, ChartInks.ink, .end)
    } else {
      sketch.text(words, scale.zero + length + 4, base, size: ChartSketch.value, ChartInks.ink)
    }
  }

  /// Within the bars of the first group where all of them have room, else above.
  private func nameSeries(_ tops: [Double], _ fills: [ChartInks.Fill], _ scale: Scale, into sketch: inout Sketch) {
    let size = 10.5
    let names = figures.series.map { (words: $0.name, width: TextWidth.of($0.name, size: size)) }
    let fit = figures.series.indices.allSatisfy { column in
      (figures.series[column].figures[0].value ?? 0) * scale.factor >= names[column].width + 10
    }
    if fit {
      for (column, name) in names.enumerated() {
        let base = tops[0] + (Double(column) + 0.5) * thickness + 3.8
        sketch.text(name.words, scale.zero + 5, base, size: size, fills[column].words)
      }
      return
    }
    // Down by what the names need.
    let height = Double(count) * 15 + 6
    sketch.moveDown(by: height)
    for (column, name) in names.enumerated() {
      let top = Double(column) * 15 + 2
      sketch.rectangle(0, top, 14, 11, fills[column].area)
      sketch.frame(0, top, 14, 11, ChartInks.edge, line: 0.75)
      sketch.text(name.words, 20, top + 9.5, size: size, ChartInks.ink)
    }
  }
}
