// How wide words are, without asking a font: the advance widths of Helvetica (and of every font made to fit it), from
// its published metrics. The layout of a drawing is therefore the same on every system.

package enum TextWidth {
  /// In the units of `size`. Characters beyond ASCII count as wide ones.
  package static func of(_ words: String, size: Double, bold: Bool = false) -> Double {
    var sum = 0
    for scalar in words.unicodeScalars {
      let index = Int(scalar.value) - 0x20
      sum += ascii.indices.contains(index) ? ascii[index] : scalar.value < 0x2000 ? 611 : 1_000
    }
    return Double(sum) / 1_000 * size * (bold ? 1.1 : 1)
  }

  /// Words in lines of at most `width`; a word that is longer stands alone, whole.
  package static func lines(_ words: String, size: Double, bold: Bool = false, width: Double) -> [String] {
    var lines: [String] = []
    for word in words.split(separator: " ") {
      if let last = lines.last, of(last + " " + word, size: size, bold: bold) <= width {
        lines[lines.count - 1] += " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }

  /// Thousandths of the size, from the space to the tilde.
  private static let ascii = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
  ]
}
