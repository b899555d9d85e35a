// C03: words of lawful expression, assembly and belief without the first-amendment gate. Naming them may be right; the
// gate has a person say why and brings the review of the privacy officer (28 CFR 23.20(b)).

import Bulletins

struct C03LawfulExpression: Rule {
  static let id = "C03"

  private static let phrases: Phrases = [
    "protest", "protests", "protested", "protesting", "protester", "protesters", "protestor", "protestors",
    "demonstrator", "demonstrators", "demonstration", "demonstrations", "rally", "rallies", "picket", "pickets",
    "picketing", "picketers", "sit-in", "sit-ins", "vigil", "vigils", "leaflet", "leaflets", "leafleting", "march",
    "marches", "marchers", "boycott", "boycotts", "civil disobedience", "free speech", "freedom of speech",
    "political speech", "hate speech", "political belief", "political beliefs", "political view", "political views",
    "political opinion", "political opinions", "religious belief", "religious beliefs", "religious service",
    "religious services", "worship", "prayer", "prayers", "sermon", "sermons", "activist", "activists", "activism",
    "rallied against", "rallied for", "rallied at", "rallied outside", "demonstrated at", "demonstrated against",
    "demonstrated outside", "demonstrating at", "demonstrating against", "demonstrating outside", "imam", "imams",
    "his mosque", "her mosque", "his church", "her church", "his synagogue", "her synagogue", "his rabbi", "her rabbi",
    "his pastor", "her pastor", "his priest", "her priest", "march on washington", "march for our lives",
    "march for life",
  ]
  /// Before "March" in the name of one.
  private static let marchers: Set<String> = [
    "women's", "women\u{2019}s", "people's", "people\u{2019}s", "workers", "freedom", "unity", "peace", "pride",
    "solidarity", "protest", "rights",
  ]

  func findings(in context: CheckContext) -> [Finding] {
    guard !context.isOpen(.firstAmendment) else { return [] }
    return context.written.compactMap { written in
      guard let range = Self.first(written.words), let text = written.words.span(range) else { return nil }
      let place = context.place(of: text, in: written)
      return finding(
        context, .warning, line: place.line, column: place.column,
        "\"\(text)\" is lawful expression, and the first-amendment gate is not open",
        explanation: "Leave out what people say or believe; or say why readers need it: "
          + "`first-amendment: { value: true, reason: \"..\" }`.")
    }
  }

  private static func first(_ words: [ScannedWord]) -> Range<Int>? {
    var start = 0
    while let range = words.first(of: phrases, from: start) {
      let word = words[range.lowerBound]
      let before = range.lowerBound > 0 ? words[range.lowerBound - 1].lower : ""
      // The month, but not the Women's March; and the demonstration of a device, which was demonstrated at a range.
      let isMonth =
        word.lower == "march" && word.text.first == "M" && range.count == 1 && !marchers.contains(before)
      let isShown =
        (word.lower.hasPrefix("demonstration") && words.phrase(range.upperBound, 1) == "of")
        || (word.lower == "demonstrated" && ["was", "were", "is", "are", "been", "be", "as"].contains(before))
      if !isMonth && !isShown { return range }
      start = range.upperBound
    }
    return nil
  }
}
