// The scale of likelihood of ICD 203: seven steps, each with two terms and a band. A test compares it with
// templates/vocab/estimative-terms.csv, which is for people.

struct LikelihoodTerm {
  /// As written.
  var text: Substring
  var low: Int
  var high: Int
  /// The percentages that stand in brackets right after it; none when there are none.
  var written: [Int]

  /// No band, its band, or one figure within it.
  var hasItsBand: Bool {
    switch written.count {
    case 0: true
    case 1: (low...high).contains(written[0])
    default: written == [low, high]
    }
  }

  static let scale: [(terms: [String], low: Int, high: Int)] = [
    (["almost no chance", "remote"], 1, 5), (["very unlikely", "highly improbable"], 5, 20),
    (["unlikely", "improbable"], 20, 45), (["roughly even chance", "roughly even odds"], 45, 55),
    (["likely", "probable", "probably"], 55, 80), (["very likely", "highly probable"], 80, 95),
    (["almost certain", "nearly certain", "almost certainly"], 95, 99),
  ]
  private static let bands: [String: (low: Int, high: Int)] = Dictionary(
    uniqueKeysWithValues: scale.flatMap { step in step.terms.map { ($0, (step.low, step.high)) } })
  private static let phrases = Phrases(bands.keys)

  static func all(in words: [ScannedWord]) -> [LikelihoodTerm] {
    var terms: [LikelihoodTerm] = []
    var start = 0
    while let range = words.first(of: phrases, from: start) {
      start = range.upperBound
      let phrase = words.phrase(range.lowerBound, range.count)
      guard let band = bands[phrase], let text = words.span(range) else { continue }
      // "Highly likely" is none of the scale's: whatever stands beside it is not the band of "likely".
      let before = range.lowerBound > 0 ? words[range.lowerBound - 1].lower : ""
      let written = ["highly", "quite", "extremely"].contains(before) ? [] : percentages(after: text)
      if isEstimate(phrase, words, range, written) {
        terms.append(LikelihoodTerm(text: text, low: band.low, high: band.high, written: written))
      }
    }
    return terms
  }

  /// "More likely than" compares, "probable cause" is of the law, "remote" is mostly about distance.
  private static func isEstimate(
    _ phrase: String, _ words: [ScannedWord], _ range: Range<Int>, _ written: [Int]
  ) -> Bool {
    let before = range.lowerBound > 0 ? words[range.lowerBound - 1].lower : ""
    let after = words.phrase(range.upperBound, 1)
    if ["more", "less", "most", "least", "as"].contains(before) { return false }
    if phrase == "probable", after == "cause" { return false }
    return phrase != "remote" || !written.isEmpty || after == "chance" || after == "possibility"
  }

  /// `(55-80%)`, `(55 to 80 percent)`, `(70%)`.
  private static func percentages(after text: Substring) -> [Int] {
    let rest = text.base[text.endIndex...].drop { $0 == " " }
    guard rest.first == "(", let end = rest.firstIndex(of: ")") else { return [] }
    let band = rest[..<end].lowercased()
    guard ["%", "percent", "per cent"].contains(where: band.contains) else { return [] }
    return band.split { !("0"..."9").contains($0) }.compactMap { Int($0) }
  }
}
