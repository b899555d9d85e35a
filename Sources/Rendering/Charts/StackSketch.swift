// Columns of parts that add up, from zero, the first part at the bottom; the sum stands on top, each part's name beside
// the last column. A column with a hidden count has a star in place of its sum.

import Bulletins
import Pictures

struct StackSketch {
  let figures: ChartFigures
  private static let nameRoom = 86.0
  /// Height of a part that has room for a number.
  private static let least = 13.0

  /// Long names of many parts need more than the columns do.
  private var plotHeight: Double {
    let lines = figures.series.map {
      TextWidth.lines($0.name + " 000,000", size: ChartSketch.value, width: Self.nameRoom).count
    }
    return max(200, lines.reduce(-22) { $0 + Double($1) * 13 + 3 })
  }

  func draw(into sketch: inout Sketch) {
    let plotHeight = plotHeight
    let count = figures.categories.count
    let fills = ChartInks.fills(figures.series.count)
    let sums = (0..<count).map { column in figures.series.reduce(0) { $0 + ($1.figures[column].value ?? 0) } }
    let highest = max(sums.max() ?? 0, 1e-9)
    let (top, bottom) = (20.0, 20.0 + plotHeight)
    let names = figures.series.map { series in
      // A part of the last column that is too low for its number has it behind its name.
      var words = series.name
      if case .number(let value, let number)? = series.figures.last, value / highest * plotHeight < Self.least {
        words += " " + number
      }
      return TextWidth.lines(words, size: ChartSketch.value, width: Self.nameRoom)
    }
    let nameWidth = names.joined().map { TextWidth.of($0, size: ChartSketch.value) }.max() ?? 0
    let right = ChartSketch.width - nameWidth - 18
    let pitch = right / Double(count)
    let width = min(64, pitch * 0.78)
    var wanted: [(middle: Double, height: Double)] = []
    var last: [Double] = []
    for column in 0..<count {
      let x = pitch * Double(column) + (pitch - width) / 2
      var y = bottom
      for (index, series) in figures.series.enumerated() {
        let figure = series.figures[column]
        let height = (figure.value ?? 0) / highest * plotHeight
        if height > 0 {
          sketch.rectangle(x, y - height, width, height, fills[index].area)
          sketch.frame(x, y - height, width, height, ChartInks.edge, line: 0.75)
        }
        if case .number(_, let words) = figure, height >= Self.least,
          TextWidth.of(words, size: ChartSketch.value) + 4 <= width
        {
          sketch.text(
            words, x + width / 2, y - height / 2 + 4, size: ChartSketch.value, fills[index].words, .middle)
        }
        if column == count - 1 {
          wanted.append((y - height / 2, Double(names[index].count) * 13 + 3))
          last.append(x + width)
        }
        y -= height
      }
      let all = figures.series.map { $0.figures[column] }
      let words =
        all.contains(.hidden) ? "*" : all.contains(.missing) ? "" : sumWords(sums[column], like: all.first)
      if TextWidth.of(words, size: ChartSketch.value, bold: true) <= pitch {
        sketch.text(words, x + width / 2, y - 5, size: ChartSketch.value, ChartInks.ink, bold: true, .middle)
      }
    }
    sketch.line(0, bottom, right, bottom, ChartInks.muted)
    let middles = Spread.middles(wanted, from: top - 12, to: bottom + 10)
    for (index, lines) in names.enumerated() {
      let left = right + 16
      sketch.line(last[index] + 2, wanted[index].middle, left - 3, middles[index], ChartInks.muted, width: 0.75)
      var base = middles[index] - Double(lines.count) * 6.5 + 10
      for line in lines {
        sketch.text(line, left, base, size: ChartSketch.value, ChartInks.ink)
        base += 13
      }
    }
    sketch.height = bottom
    columnNames(pitch, bottom, into: &sketch)
  }

  /// Whole numbers as such; of shares and fractions nobody needs the sum.
  private func sumWords(_ sum: Double, like figure: ChartFigure?) -> String {
    guard case .number(_, let words)? = figure, !words.contains("%"), sum == sum.rounded(), sum < 1e12 else {
      return ""
    }
    return ChartFigure.grouped(String(Int(sum)))
  }

  private func columnNames(_ pitch: Double, _ bottom: Double, into sketch: inout Sketch) {
    let names = CategoryName.all(figures.categories).map { name in
      [name.words, name.year].compactMap { $0 }.flatMap {
        TextWidth.lines($0, size: ChartSketch.small, width: max(pitch - 3, 12))
      }
    }
    let widest = names.joined().map { TextWidth.of($0, size: ChartSketch.small) }.max() ?? 0
    // Every second, third .. name where all do not fit.
    let every = max(1, Int(((widest + 4) / pitch).rounded(.up)))
    let lines = min(3, names.map(\.count).max() ?? 0)
    for (column, words) in names.enumerated() where column.isMultiple(of: every) {
      let middle = pitch * (Double(column) + 0.5)
      for (line, word) in words.prefix(3).enumerated() {
        sketch.text(
          word, max(middle, widest / 2), bottom + 14 + Double(line) * 12, size: ChartSketch.small, ChartInks.muted,
          .middle)
      }
    }
    sketch.height = bottom + 8 + Double(lines) * 12
  }
}
