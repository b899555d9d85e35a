// S02: a bottom line of more than three sentences. Tear lines stand in for what they follow and are not counted; of
// several `only` groups the longest counts.

import Bulletins

struct S02LongBottomLine: Rule {
  static let id = "S02"
  static let most = 3

  func findings(in context: CheckContext) -> [Finding] {
    Section.all(context.document.body).filter { $0.key == "bottom line" }.compactMap { section in
      var everywhere = 0
      var groups: [Int: Int] = [:]
      for piece in section.pieces where !piece.inTearline {
        let count = Self.sentences(in: piece.block)
        if let group = piece.group { groups[group, default: 0] += count } else { everywhere += count }
        guard everywhere + (groups.values.max() ?? 0) > Self.most else { continue }
        return finding(
          context, line: piece.block.line, "the bottom line has more than \(Self.most) sentences",
          explanation: "It is what busy readers read: what, so what, now what. Move the rest to its section.")
      }
      return nil
    }
  }

  private static func sentences(in block: Block) -> Int {
    switch block.content {
    case .paragraph(let inlines): SentenceCounter.count(inlines.plainText)
    default: block.children.reduce(0) { $0 + sentences(in: $1) }
    }
  }
}

/// Sentences of one paragraph. In doubt a full stop ends none, so that an abbreviation is no error.
enum SentenceCounter {
  private static let abbreviations: Set<String> = [
    "adm.", "approx.", "assn.", "atty.", "ave.", "blvd.", "ca.", "capt.", "cf.", "cmdr.", "co.", "col.", "comm.",
    "conn.", "corp.", "cpl.", "dept.", "det.", "dist.", "div.", "dr.", "etc.", "ft.", "gen.", "gov.", "hon.", "hwy.",
    "inc.", "incl.", "jr.", "lt.", "ltd.", "maj.", "mass.", "mr.", "mrs.", "ms.", "mt.", "ofc.", "pkwy.", "prof.",
    "rd.", "rep.", "rev.", "rte.", "sen.", "sgt.", "sq.", "sr.", "st.", "supt.", "tpk.", "tpke.", "v.", "vs.", "jan.",
    "feb.", "mar.", "apr.", "jun.", "jul.", "aug.", "sept.", "sep.", "oct.", "nov.", "dec.",
  ]
  /// Abbreviations only where a number follows.
  private static let beforeNumbers: Set<String> = [
    "apt.", "art.", "bldg.", "c.", "ch.", "ext.", "fig.", "no.", "nos.", "p.", "par.", "para.", "pp.", "rm.", "rt.",
    "s.", "sec.", "ss.", "ste.", "tel.", "vol.",
  ]
  private static let closers: Set<Character> = ["\"", "'", ")", "]", "\u{201D}", "\u{2019}"]
  private static let openers: Set<Character> = ["\"", "'", "(", "[", "\u{201C}", "\u{2018}"]

  static func count(_ text: String) -> Int { sentences(text).count }

  static func sentences(_ text: String) -> [Substring] {
    let words = text.split(whereSeparator: \.isWhitespace)
    var sentences: [Substring] = []
    var start: String.Index?
    for index in words.indices {
      let first = start ?? words[index].startIndex
      start = first
      guard endsSentence(words[index], before: index + 1 < words.count ? words[index + 1] : nil) else { continue }
      sentences.append(text[first..<words[index].endIndex])
      start = nil
    }
    return sentences
  }

  private static func endsSentence(_ word: Substring, before next: Substring?) -> Bool {
    guard let next else { return true }
    var bare = word
    while let last = bare.last, closers.contains(last) { bare.removeLast() }
    guard let stop = bare.last, ".!?".contains(stop) else { return false }
    let first = next.first { !openers.contains($0) }
    guard let first, first.isUppercase || first.isNumber else { return false }
    guard stop == "." else { return true }
    while let opener = bare.first, openers.contains(opener) { bare.removeFirst() }
    // An initial: "J. Doe".
    if bare.count == 2, bare.first?.isUppercase == true { return false }
    // Single letters: p.m., U.S., G.L.
    let letters = bare.split(separator: ".", omittingEmptySubsequences: false)
    if letters.count > 2, letters.last?.isEmpty == true,
      letters.dropLast().allSatisfy({ $0.count == 1 && $0.first?.isLetter == true })
    {
      return false
    }
    let abbreviation = bare.lowercased()
    if beforeNumbers.contains(abbreviation) { return !first.isNumber }
    return !abbreviations.contains(abbreviation)
  }
}
