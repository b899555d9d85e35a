// Lines over points in time, named and valued at their ends; the highest and the lowest point have their numbers.
// A scale that does not begin at zero says so. Where a count is hidden the line has a gap and a star, never a zero.

import Bulletins
import Pictures

struct LineSketch {
  let figures: ChartFigures
  private static let plotHeight = 168.0
  private static let nameRoom = 74.0

  private struct Plot {
    var left, right, top, bottom: Double
    var low, high: Double
    var places: PointPlaces
    var count: Int { places.parts.count }
    func x(_ index: Int) -> Double { left + 6 + (right - left - 12) * places.parts[index] }
    func y(_ value: Double) -> Double { bottom - (bottom - top) * (value - low) / (high - low) }
  }

  func draw(into sketch: inout Sketch) {
    let ticks = Ticks(figures.series.flatMap { $0.figures.compactMap(\.value) })
    let sample = figures.series.flatMap(\.figures).first { $0.value != nil }
    let tickWords = ticks.values.map { ticks.words($0, like: sample) }
    let left = (tickWords.map { TextWidth.of($0, size: ChartSketch.small) }.max() ?? 0) + 6
    let ends = figures.series.map(end)
    let endRoom = ends.flatMap { $0.lines }.map { TextWidth.of($0, size: ChartSketch.value, bold: true) }.max() ?? 0
    // Long names of many lines need more height than the lines do.
    let height = max(Self.plotHeight, ends.reduce(-20) { $0 + Double($1.lines.count) * 13 + 3 })
    let plot = Plot(
      left: left, right: ChartSketch.width - endRoom - 7, top: 18, bottom: 18 + height, low: ticks.low,
      high: ticks.high, places: PointPlaces(figures.categories))
    for (value, words) in zip(ticks.values, tickWords) {
      let y = plot.y(value)
      sketch.line(left, y, plot.right, y, value == ticks.low ? ChartInks.muted : ChartInks.rule)
      sketch.text(words, left - 5, y + 3.7, size: ChartSketch.small, ChartInks.muted, .end)
    }
    categories(plot, into: &sketch)
    for (index, series) in figures.series.enumerated() { line(series, index, plot, into: &sketch) }
    extremes(plot, into: &sketch)
    let middles = Spread.middles(
      ends.map { end in (plot.y(end.value), Double(end.lines.count) * 13 + 3) }, from: 0, to: plot.bottom + 8)
    for (index, end) in ends.enumerated() where !end.lines.isEmpty {
      var base = middles[index] - Double(end.lines.count) * 6.5 + 10
      for line in end.lines {
        sketch.text(line, plot.right + 6, base, size: ChartSketch.value, ChartInks.lines[index].ink, bold: true)
        base += 13
      }
    }
    sketch.height = plot.bottom + 32
    if ticks.low != 0 {
      let words = "The scale begins at \(ticks.words(ticks.low, like: sample)), not at 0."
      sketch.height += 13
      sketch.text(words, 0, sketch.height - 3, size: ChartSketch.small, ChartInks.muted)
    }
  }

  /// What stands at a line's end: its name, where there are several, and its last number.
  private func end(_ series: ChartFigures.Series) -> (lines: [String], value: Double) {
    guard let last = series.figures.last(where: { $0.value != nil }), case .number(let value, let words) = last else {
      return ([], 0)
    }
    let name =
      figures.series.count < 2
      ? [] : TextWidth.lines(series.name, size: ChartSketch.value, bold: true, width: Self.nameRoom)
    return (name + [words], value)
  }

  private func line(_ series: ChartFigures.Series, _ index: Int, _ plot: Plot, into sketch: inout Sketch) {
    let (ink, dash) = ChartInks.lines[index]
    var run: [Sketch.Point] = []
    func close(_ sketch: inout Sketch) {
      if run.count > 1 { sketch.shapes.append(.path(run, ink, width: 2, dash: dash)) }
      run.removeAll()
    }
    let last = series.figures.lastIndex { $0.value != nil }
    for (place, figure) in series.figures.enumerated() {
      guard let value = figure.value else {
        close(&sketch)
        if figure == .hidden {
          sketch.text("*", plot.x(place), plot.bottom - 2, size: 14, ink, bold: true, .middle)
        }
        continue
      }
      let point = Sketch.Point(plot.x(place), plot.y(value))
      run.append(point)
      if plot.count <= 16 || place == last {
        sketch.shapes.append(.disc(point, radius: place == last ? 3.4 : 2.3, ink))
      }
    }
    close(&sketch)
  }

  /// The highest number above its point and the lowest below; on the other side, or not at all, where it would lie on
  /// another one or on a line: the table has them all.
  private func extremes(_ plot: Plot, into sketch: inout Sketch) {
    let segments = segments(plot)
    var taken: [(x: Double, y: Double, half: Double)] = []
    for (index, series) in figures.series.enumerated() {
      let last = series.figures.lastIndex { $0.value != nil }
      guard let extremes = series.extremes, extremes.most != extremes.least else { continue }
      for (place, isHigh) in [(extremes.most, true), (extremes.least, false)] where place != last {
        guard case .number(let value, let words) = series.figures[place] else { continue }
        let half = TextWidth.of(words, size: ChartSketch.value, bold: true) / 2
        let x = min(max(plot.x(place), plot.left + half + 1), plot.right - half)
        let y = plot.y(value)
        // A line that rises from its first point passes under a number that stands higher.
        let above = [y - 6, y - 14]
        // Below the base line stand the names of the points.
        let below = y + 15 > plot.bottom ? [] : [y + 14]
        let free = (isHigh ? above + below : below + above).first { base in
          !taken.contains { abs($0.y - base) < 12 && abs($0.x - x) < $0.half + half + 3 }
            && !segments.contains { $0.touches(from: x - half, to: x + half, top: base - 8.5, bottom: base + 1.5) }
        }
        guard let base = free else { continue }
        taken.append((x, base, half))
        sketch.text(
          words, x, base, size: ChartSketch.value, ChartInks.lines[index].ink, bold: true, .middle)
      }
    }
  }

  /// A line between two points of one series that stand side by side.
  private struct Segment {
    var start, end: Sketch.Point

    /// Whether it runs through a box.
    func touches(from left: Double, to right: Double, top: Double, bottom: Double) -> Bool {
      let (low, high) = (max(left, start.x), min(right, end.x))
      guard low <= high, end.x > start.x else { return false }
      func y(_ x: Double) -> Double { start.y + (end.y - start.y) * (x - start.x) / (end.x - start.x) }
      return min(y(low), y(high)) <= bottom && max(y(low), y(high)) >= top
    }
  }

  private func segments(_ plot: Plot) -> [Segment] {
    figures.series.flatMap { series in
      series.figures.indices.dropFirst().compactMap { place in
        guard let from = series.figures[place - 1].value, let to = series.figures[place].value else { return nil }
        return Segment(
          start: Sketch.Point(plot.x(place - 1), plot.y(from)), end: Sketch.Point(plot.x(place), plot.y(to)))
      }
    }
  }

  /// As many names as fit, the first and the last among them; years below the first name of each.
  private func categories(_ plot: Plot, into sketch: inout Sketch) {
    let names = CategoryName.all(figures.categories)
    let widest = names.map { max(TextWidth.of($0.words, size: ChartSketch.small), $0.year == nil ? 0 : 24) }.max() ?? 0
    let half = widest / 2
    func middle(_ place: Int) -> Double { min(max(plot.x(place), half), ChartSketch.width - half) }
    var year: String?
    for place in plot.places.isEven ? even(plot, widest) : uneven(names, middle) {
      let (x, middle) = (plot.x(place), middle(place))
      sketch.line(x, plot.bottom, x, plot.bottom + 3, ChartInks.muted)
      sketch.text(names[place].words, middle, plot.bottom + 14, size: ChartSketch.small, ChartInks.muted, .middle)
      if let own = names[place].year, own != year {
        sketch.text(own, middle, plot.bottom + 26, size: ChartSketch.small, ChartInks.muted, .middle)
        year = own
      }
    }
  }

  private func even(_ plot: Plot, _ widest: Double) -> [Int] {
    let count = plot.count
    let step = count < 2 ? 1.0 : plot.x(1) - plot.x(0)
    let least = max(1, Int(((widest + 7) / max(step, 0.1)).rounded(.up)))
    // A step that ends on the last one looks better than the smallest.
    let every = (least...max(least, least * 2)).first { (count - 1).isMultiple(of: $0) } ?? least
    return (0..<count).filter { place in
      if place == count - 1 { return true }
      // The last goes before one that stands too near.
      return place.isMultiple(of: every) && (place + least <= count - 1 || (count - 1).isMultiple(of: every))
    }
  }

  /// Each that has room after the one before it and before the last.
  private func uneven(_ names: [CategoryName], _ middle: (Int) -> Double) -> [Int] {
    let widths = names.map { TextWidth.of($0.words, size: ChartSketch.small) }
    func fits(_ left: Int, _ right: Int) -> Bool {
      // Below names of two years their years stand side by side.
      let years = names[left].year == names[right].year ? 0.0 : 24
      return middle(right) - middle(left) >= max((widths[left] + widths[right]) / 2, years) + 7
    }
    let last = names.count - 1
    var named = [0]
    for place in 1..<last where fits(named[named.count - 1], place) && fits(place, last) { named.append(place) }
    return named + [last]
  }
}

/// Round numbers for an axis: from zero where the figures come near it, else from a round number below the lowest.
struct Ticks {
  var low: Double
  var high: Double
  var values: [Double]
  private var step: Double

  init(_ numbers: [Double]) {
    let (least, most) = (numbers.min() ?? 0, numbers.max() ?? 1)
    let isFar = least > 0 && least > most / 2
    let from = isFar ? least : min(0, least)
    let to = max(most, isFar ? most : 0)
    step = Self.round((to - from) / 3.2)
    if to == from { step = Self.round(max(1, to.magnitude) / 3) }
    low = (from / step).rounded(.down) * step
    high = max((to / step).rounded(.up) * step, low + step)
    values = []
    var index = 0.0
    while low + index * step <= high + step / 2, index < 12 {
      values.append(low + index * step)
      index += 1
    }
  }

  /// 1, 2 or 5 times a power of ten (or 25, 250 ..), at least the size.
  private static func round(_ size: Double) -> Double {
    guard size > 0, size.isFinite else { return 1 }
    var power = 1.0
    while power * 10 <= size { power *= 10 }
    while power > size { power /= 10 }
    let steps = power >= 10 ? [1, 2, 2.5, 5] : [1, 2, 5]
    return (steps.map { $0 * power }.first { $0 >= size * 0.999 }) ?? 10 * power
  }

  /// With the percent or dollar sign of the figures.
  func words(_ value: Double, like figure: ChartFigure?) -> String {
    var digits: String
    if step >= 1 {
      digits = ChartFigure.grouped(String(Int(value.magnitude.rounded())))
    } else {
      let decimals = step >= 0.1 ? 10.0 : 100.0
      digits = String((value.magnitude * decimals).rounded() / decimals)
    }
    if case .number(_, let words)? = figure {
      if words.hasSuffix("%") { digits += "%" }
      if words.contains("$") { digits = "$" + digits }
    }
    return value < 0 ? "-" + digits : digits
  }
}
