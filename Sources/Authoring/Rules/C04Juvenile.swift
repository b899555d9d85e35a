// C04: a person under eighteen is spoken of, and the juvenile gate is not open. "Minor" alone is an adjective more often
// than a child, so it counts in the plural only.

import Bulletins

struct C04Juvenile: Rule {
  static let id = "C04"

  private static let phrases: Phrases = [
    "juvenile", "juveniles", "minors", "unaccompanied minor", "teenager", "teenagers", "teenage", "teen", "teens",
    "preteen", "child", "children", "schoolchild", "schoolchildren", "boy", "boys", "girl", "girls", "infant",
    "infants", "toddler", "toddlers", "underage", "kid", "kids", "schoolboy", "schoolboys", "schoolgirl", "schoolgirls",
  ]
  /// What may be some years old and is nobody.
  private static let things: Set<String> = [
    "car", "vehicle", "truck", "van", "building", "bridge", "case", "law", "program", "system", "company", "report",
    "agreement", "boat", "campaign", "church", "contract", "dispute", "dog", "feud", "firm", "gun", "horse", "house",
    "investigation", "partnership", "pistol", "plan", "policy", "practice", "project", "rifle", "rule", "school",
    "ship", "shop", "study", "task", "trend", "unit", "war", "warrant",
  ]
  /// Words for an age at which somebody may be met in a bulletin; a two-year-old is mostly a case.
  private static let ages: [Substring: Int] = [
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17,
  ]
  private static let grades: Set<Substring> = [
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "1st", "2nd", "3rd", "4th", "5th", "6th", "7th", "8th", "9th", "10th", "11th", "12th",
  ]
  /// What stands before "under 18" when it is a figure.
  private static let beforeFigure: Set<String> = [
    "to", "from", "at", "just", "well", "rate", "rates", "share", "speed", "speeds", "temperature", "temperatures",
    "remained", "stayed", "kept", "held", "fell", "average",
  ]
  /// What follows "under 18" when it is said of a person; a unit follows when it is not.
  private static let afterLimit: Set<String> = [
    "and", "or", "who", "is", "was", "were", "are", "when", "at", "from", "with", "years", "year",
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

  /// 15-year-old, 15 years old, aged 15, 15 y/o, 15yo, 16 years of age, sixteen-year-old, under 18, a tenth grader.
  private static func age(_ words: [ScannedWord]) -> Range<Int>? {
    for index in words.indices {
      let word = words[index].lower
      let parts = word.split(separator: "-")
      if parts.count == 3, parts[1] == "year", parts[2].hasPrefix("old"), isYoung(Int(parts[0]) ?? ages[parts[0]]),
        !things.contains(words.phrase(index + 1, 1))
      {
        return index..<index + 1
      }
      let isAge = isYoung(words[index].number ?? ages[word[...]])
      if isAge, ["years old", "year old"].contains(words.phrase(index + 1, 2)) { return index..<index + 3 }
      if isAge, words.phrase(index + 1, 3) == "years of age" { return index..<index + 4 }
      if let count = limit(words, index) ?? grader(words, index) { return index..<index + count }
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

  /// How many words `under 18` has: `under eighteen`, `under the age of 18`, `younger than 18`.
  private static func limit(_ words: [ScannedWord], _ index: Int) -> Int? {
    guard ["under", "below", "younger"].contains(words[index].lower) else { return nil }
    let before = index > 0 ? words[index - 1].lower : ""
    for limit in ["under", "below", "younger than", "under age", "under the age of", "below the age of"] {
      let count = limit.split(separator: " ").count
      guard words.phrase(index, count) == limit, index + count < words.count else { continue }
      let number = words[index + count]
      guard ["18", "eighteen"].contains(number.lower), number.before == " " else { continue }
      if limit.contains("age") { return count + 1 }
      // It fell to under 18.
      if beforeFigure.contains(before) { return nil }
      guard index + count + 1 < words.count else {
        // At the end: no sign of a unit.
        return number.text.base[number.text.endIndex...].first.map { "%\u{B0}".contains($0) } == true ? nil : count + 1
      }
      let next = words[index + count + 1]
      let isClosed = next.before.first.map { ",;:.!?)".contains($0) } == true && next.before.count > 1
      if isClosed || (next.before == " " && afterLimit.contains(next.lower)) { return count + 1 }
    }
    return nil
  }

  /// How many words `tenth grader` has: one with a hyphen.
  private static func grader(_ words: [ScannedWord], _ index: Int) -> Int? {
    let parts = words[index].lower.split(separator: "-", maxSplits: 1)
    guard let grade = parts.first, grades.contains(grade) else { return nil }
    if let joined = parts.dropFirst().first { return joined.hasPrefix("grader") ? 1 : nil }
    return ["grader", "graders"].contains(words.phrase(index + 1, 1)) ? 2 : nil
  }

  private static func isYoung(_ age: Int?) -> Bool { age.map { (0..<18).contains($0) } ?? false }
}
