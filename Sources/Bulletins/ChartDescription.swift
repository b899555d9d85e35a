// A chart's description beside its data: numbers that the description says and the data does not. It finds what is
// certainly wrong, never what is merely not said: rounded bounds, differences, sums, years and small counts of things
// ("bars for five regions") are left alone.

extension ChartFigures {
  /// `571 (2026-02) to 691 (2025-09)`; nil without a number.
  package var range: String? {
    var least: (value: Double, words: String)?
    var most: (value: Double, words: String)?
    for series in self.series {
      guard let places = series.extremes, case .number(let low, let lowWords) = series.figures[places.least],
        case .number(let high, let highWords) = series.figures[places.most]
      else { continue }
      if least.map({ low < $0.value }) ?? true { least = (low, "\(lowWords) (\(categories[places.least]))") }
      if most.map({ high > $0.value }) ?? true { most = (high, "\(highWords) (\(categories[places.most]))") }
    }
    guard let least, let most else { return nil }
    return "\(least.words) to \(most.words)"
  }
}

extension Chart {
  /// Numbers of the description that are nowhere in the data, as they are written; none without data.
  package var wrongNumbers: [String] {
    guard let figures = ChartFigures(self) else { return [] }
    let known = Set(([title, x] + y + rows.flatMap { $0 }).flatMap { NumberWord.all(in: $0).map(\.words) })
    let values = rows.dropFirst().joined().compactMap { ChartFigure(cell: $0).value }
    let isShare = rows.dropFirst().joined().contains { $0.hasSuffix("%") }
    let derived = Self.derived(figures)
    return NumberWord.all(in: alternative).filter { number in
      if known.contains(number.words) || number.isPartOfAWord || number.isPercent && !isShare { return false }
      // How many bars, months or groups there are; and years.
      if number.value <= Double(max(12, figures.categories.count)) { return false }
      if !number.words.contains(","), number.value >= 1900, number.value <= 2100 { return false }
      if values.contains(where: { $0.magnitude == number.value }) || derived.contains(number.value) { return false }
      return !Self.isRoundBound(number.value, of: values)
    }.map(\.words)
  }

  /// Sums of columns, and differences between columns and, where there are not too many, within a column.
  private static func derived(_ figures: ChartFigures) -> Set<Double> {
    var found: Set<Double> = []
    for series in figures.series {
      let values = series.figures.compactMap(\.value)
      found.insert(values.reduce(0, +).magnitude)
      for first in values.prefix(120) { for second in values.prefix(120) { found.insert((first - second).magnitude) } }
    }
    for place in figures.categories.indices {
      let values = figures.series.compactMap { $0.figures[place].value }
      found.insert(values.reduce(0, +).magnitude)
      for first in values { for second in values { found.insert((first - second).magnitude) } }
    }
    return found
  }

  /// `between 5,600 and 6,800`: a round number that is not further out than the data, rounded likewise.
  private static func isRoundBound(_ value: Double, of values: [Double]) -> Bool {
    var grain = 1.0
    while value > 0, (value / (grain * 10)).rounded() * grain * 10 == value { grain *= 10 }
    guard grain > 1, let least = values.min(), let most = values.max() else { return false }
    return value >= (least / grain).rounded(.down) * grain && value <= (most / grain).rounded(.up) * grain
  }
}

/// A number in a sentence.
private struct NumberWord {
  var words: String
  var value: Double
  /// `Q3`, `21:45`, `2026-07`, `3rd`.
  var isPartOfAWord: Bool
  var isPercent: Bool

  static func all(in text: String) -> [NumberWord] {
    let bytes = Array(text.utf8)
    func isDigit(_ index: Int) -> Bool { bytes.indices.contains(index) && (0x30...0x39).contains(bytes[index]) }
    func joins(_ index: Int) -> Bool {
      guard bytes.indices.contains(index) else { return false }
      let byte = bytes[index]
      return byte >= 0x80 || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || [0x2D, 0x2F, 0x3A].contains(byte)
    }
    var found: [NumberWord] = []
    var at = 0
    while at < bytes.count {
      guard isDigit(at) else {
        at += 1
        continue
      }
      let start = at
      // Separators stand between digits; a second decimal point belongs to a date.
      while isDigit(at) || at < bytes.count && [0x2C, 0x2E].contains(bytes[at]) && isDigit(at + 1) { at += 1 }
      let words = String(decoding: bytes[start..<at], as: UTF8.self)
      guard let value = Double(words.filter { $0 != "," }), value < 1e15 else { continue }
      found.append(
        NumberWord(
          words: words, value: value, isPartOfAWord: joins(start - 1) || joins(at),
          isPercent: at < bytes.count && bytes[at] == 0x25))
    }
    return found
  }
}
