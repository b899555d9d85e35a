// What one cell of a column of counts says: a count, a sign for one that is hidden, or something else.

enum CountCell: Hashable {
  case count(Int)
  case hidden
  case other

  var value: Int? { if case .count(let value) = self { value } else { nil } }

  /// The cells of one column, read together: `2.0` is two, unless `2.5` beside it says that they are measured.
  static func column(_ texts: [String]) -> [CountCell] {
    let cells = texts.map { Written($0) }
    let isMeasured = cells.contains { $0.hasFraction }
    return cells.map { cell in
      if cell.isHidden { return .hidden }
      guard let value = cell.value, !(isMeasured && cell.hasPoint) else { return .other }
      return .count(value)
    }
  }

  /// A number as people write it in a table: about how much, the number, a note.
  private struct Written {
    var value: Int?
    var hasPoint = false
    var hasFraction = false
    var isHidden = false

    init(_ text: String) {
      let lower = text.lowercased().trimmed
      isHidden = Self.signs.contains(lower)
      if isHidden { return }
      if let word = Self.words[lower] {
        value = word
        return
      }
      let number = lower.drop { "~\u{2248} ".contains($0) }
      let whole = number.prefix { ("0"..."9").contains($0) || $0 == "," }
      var rest = number[whole.endIndex...]
      guard whole.first.map({ $0 != "," }) ?? false else { return }
      let decimals = rest.first == "." ? rest.dropFirst().prefix { ("0"..."9").contains($0) } : ""
      if !decimals.isEmpty {
        hasPoint = true
        hasFraction = decimals.contains { $0 != "0" }
        rest = rest[decimals.endIndex...]
      }
      if !hasFraction, Self.isNote(rest) { value = Int(whole.replacing(",", with: "")) }
    }

    /// What may follow a count: nothing, a sign such as * or a dagger, something in brackets, a word about how it was
    /// made. Anything else is a unit or a range.
    private static func isNote(_ text: Substring) -> Bool {
      let note = text.trimmed
      guard let first = note.first else { return true }
      return "([{".contains(first) || note.allSatisfy { "*\u{2020}\u{2021}#^\u{B9}\u{B2}\u{B3}".contains($0) }
        || notes.contains(note.drop { $0 == "," }.trimmed)
    }

    private static let notes: Set<Substring> = [
      "est", "est.", "estimated", "rev", "rev.", "revised", "prelim.", "preliminary", "provisional", "r", "p", "e",
    ]
    private static let signs: Set<Substring> = [
      "", "<5", "< 5", "\u{2264}4", "1-4", "1\u{2013}4", "1 to 4", "-", "--", "\u{2013}", "\u{2014}", "*", "**", "s",
      "(s)",
      "x", "n/a", "na", "suppressed", "hidden", "fewer than 5", "less than 5", "under 5",
    ]
    private static let words: [Substring: Int] = [
      "none": 0, "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5,
    ]
  }
}
