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
    // By scalars: what joins them to characters costs most of the check, and only marks on letters need it.
    let scalars = text.unicodeScalars
    var words: [ScannedWord] = []
    var index = text.startIndex
    var end = text.startIndex
    while index < text.endIndex {
      guard isPart(scalars[index]) else {
        index = scalars.index(after: index)
        continue
      }
      let start = index
      while index < text.endIndex, isPart(scalars[index]) || extends(scalars[index]) || joins(scalars, at: index) {
        index = scalars.index(after: index)
      }
      let word = text[start..<index]
      words.append(ScannedWord(text: word, lower: word.lowercased(), before: text[end..<start]))
      end = index
    }
    return words
  }

  private static func isPart(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "0"..."9", "A"..."Z", "a"..."z": true
    default: !scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
    }
  }

  /// An accent and the like, written after its letter.
  private static func extends(_ scalar: Unicode.Scalar) -> Bool {
    !scalar.isASCII && scalar.properties.isGraphemeExtend
  }

  /// A hyphen or apostrophe between two letters or digits.
  private static func joins(_ scalars: String.UnicodeScalarView, at index: String.Index) -> Bool {
    switch scalars[index] {
    case "-", "'", "\u{2019}", "\u{2010}", "\u{2011}": break
    default: return false
    }
    let next = scalars.index(after: index)
    return next < scalars.endIndex && isPart(scalars[next])
  }
}

/// Phrases in lower case, their words with one space between them, to be looked for among scanned words.
struct Phrases: ExpressibleByArrayLiteral {
  let all: Set<String>
  /// Most words begin none: asking for the first word alone spares putting phrases together.
  private let firstWords: Set<Substring>
  let longest: Int

  init(_ all: some Sequence<String>) {
    self.all = Set(all)
    let words = self.all.map { $0.split(separator: " ") }
    firstWords = Set(words.compactMap(\.first))
    longest = words.map(\.count).max() ?? 0
  }
  init(arrayLiteral phrases: String...) { self.init(phrases) }

  func begin(with word: ScannedWord) -> Bool { firstWords.contains(word.lower[...]) }
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

  /// Where the first of some phrases stands, from a word on; the longest of those that begin there.
  func first(of phrases: Phrases, from start: Int = 0) -> Range<Int>? {
    for start in indices.dropFirst(start) where phrases.begin(with: self[start]) {
      for count in stride(from: Swift.min(phrases.longest, self.count - start), through: 1, by: -1)
      where phrases.all.contains(phrase(start, count)) {
        return start..<start + count
      }
    }
    return nil
  }
}
