// Words of a text for the rules that know words: letters and digits with what joins them, lower case beside the
// author's spelling. Not a language: a rule that needs one asks a person by its warning.

struct ScannedWord {
  /// As written.
  var text: Substring
  var lower: String
  /// What stands between it and the word before: a space, a full stop, a bracket.
  var before: Substring

  var number: Int? { Int(text) }
}

enum WordScan {
  static func words(_ text: String) -> [ScannedWord] {
    var words: [ScannedWord] = []
    var index = text.startIndex
    var end = text.startIndex
    while index < text.endIndex {
      guard isPart(text[index]) else {
        index = text.index(after: index)
        continue
      }
      let start = index
      while index < text.endIndex, isPart(text[index]) || joins(text, at: index) { index = text.index(after: index) }
      let word = text[start..<index]
      words.append(ScannedWord(text: word, lower: word.lowercased(), before: text[end..<start]))
      end = index
    }
    return words
  }

  private static func isPart(_ character: Character) -> Bool {
    // Nearly all are ASCII, for which the tables of Unicode need not be asked: they cost most of the check.
    if let byte = character.asciiValue {
      return (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
    return character.isLetter || character.isNumber
  }

  /// A hyphen or apostrophe between two letters or digits.
  private static func joins(_ text: String, at index: String.Index) -> Bool {
    guard "-'\u{2019}\u{2010}\u{2011}".contains(text[index]) else { return false }
    let next = text.index(after: index)
    return next < text.endIndex && isPart(text[next])
  }
}

extension [ScannedWord] {
  /// The words from one on, in lower case, joined with spaces; as many as there are.
  func phrase(_ start: Int, _ count: Int) -> String {
    self[start..<Swift.min(start + count, self.count)].map(\.lower).joined(separator: " ")
  }

  /// The text that some words cover, with what stands between them; nil when they do not come from one text.
  func span(_ range: Range<Int>) -> Substring? {
    guard !range.isEmpty, indices.contains(range.lowerBound), indices.contains(range.upperBound - 1) else { return nil }
    let first = self[range.lowerBound].text
    return first.base[first.startIndex..<self[range.upperBound - 1].text.endIndex]
  }

  /// Where the first of some phrases begins, each in lower case, with the words that it has.
  func first(of phrases: Set<String>, longest: Int) -> Range<Int>? {
    for start in indices {
      for count in stride(from: Swift.min(longest, self.count - start), through: 1, by: -1)
      where phrases.contains(phrase(start, count)) {
        return start..<start + count
      }
    }
    return nil
  }
}
