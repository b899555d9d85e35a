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
      // The month; and the demonstration of a device.
      let isMonth = word.lower.hasPrefix("march") && word.text.first == "M" && word.lower != "marchers"
      let isShown = word.lower.hasPrefix("demonstration") && words.phrase(range.upperBound, 1) == "of"
      if !isMonth && !isShown { return range }
      start = range.upperBound
    }
    return nil
  }
}
