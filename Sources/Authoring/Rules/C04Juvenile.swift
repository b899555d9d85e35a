// C04: a person under eighteen is spoken of, and the juvenile gate is not open. "Minor" alone is an adjective more often
// than a child, so it counts in the plural only.

import Bulletins

struct C04Juvenile: Rule {
  static let id = "C04"

  private static let phrases: Phrases = [
    "juvenile", "juveniles", "minors", "unaccompanied minor", "teenager", "teenagers", "teenage", "teen", "teens",
    "preteen", "child", "children", "schoolchild", "schoolchildren", "boy", "boys", "girl", "girls", "infant",
    "infants", "toddler", "toddlers", "underage",
  ]
  /// What may be some years old and is nobody.
  private static let things: Set<String> = [
    "car", "vehicle", "truck", "van", "building", "bridge", "case", "law", "program", "system", "company", "report",
  ]

  func findings(in context: CheckContext) -> [Finding] {
    guard !context.isOpen(.juvenile) else { return [] }
    return context.written.compactMap { written in
      let words = written.words
      guard let range = Self.age(words) ?? words.first(of: Self.phrases), let text = words.span(range) else {
        return nil
      }
      let place = context.place(of: text, in: written)
      return finding(
        context, .warning, line: place.line, column: place.column,
        "\"\(text)\": a person under eighteen, and the juvenile gate is not open",
        explanation: "Leave out who it is; or say why readers need it: `juvenile: { value: true, reason: \"..\" }`.")
    }
  }

  /// 15-year-old, 15 years old, aged 15, 15 y/o, 15yo.
  private static func age(_ words: [ScannedWord]) -> Range<Int>? {
    for index in words.indices {
      let word = words[index].lower
      let parts = word.split(separator: "-")
      if parts.count == 3, parts[1] == "year", parts[2].hasPrefix("old"), isYoung(Int(parts[0])),
        !things.contains(words.phrase(index + 1, 1))
      {
        return index..<index + 1
      }
      if isYoung(words[index].number), ["years old", "year old"].contains(words.phrase(index + 1, 2)) {
        return index..<index + 3
      }
      if let count = shortAge(words, index) { return index..<index + count }
      if ["age", "aged", "ages"].contains(word), index + 1 < words.count, isYoung(words[index + 1].number) {
        return index..<index + 2
      }
    }
    return nil
  }

  /// How many words an abbreviated age has: `17 y/o`, `17-y/o`, `17 yo`, `17yo`, `17 y.o.`, `17 yrs old`.
  private static func shortAge(_ words: [ScannedWord], _ index: Int) -> Int? {
    let word = words[index].lower
    let digits = word.prefix { ("0"..."9").contains($0) }
    guard isYoung(Int(digits)) else { return nil }
    let unit = word.dropFirst(digits.count).drop { $0 == "-" }
    if unit == "yo" { return 1 }
    let next = index + (unit.isEmpty ? 1 : 0)
    guard next < words.count else { return nil }
    let written = unit.isEmpty ? words[next].lower[...] : unit
    if unit.isEmpty, written == "yo" { return 2 }
    guard next + 1 < words.count else { return nil }
    let after = words[next + 1]
    let isAge =
      (written == "y" && after.lower == "o" && ["/", "."].contains(after.before))
      || (["yr", "yrs"].contains(written) && after.lower == "old")
    return isAge ? next + 2 - index : nil
  }

  private static func isYoung(_ age: Int?) -> Bool { age.map { (0..<18).contains($0) } ?? false }
}
