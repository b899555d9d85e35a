// The words that the rules look through, and the lines of a block.

import Testing

@testable import Authoring

@Suite struct WordScanTests {
  @Test(arguments: [
    ("A 15-year-old, it's (said).", ["a", "15-year-old", "it's", "said"]), ("", []), ("--- ,", []),
    ("FBI/000 and-", ["fbi", "000", "and"]), ("Zoë's 45\u{2013}55%", ["zoë's", "45", "55"]),
  ]) func words(_ text: String, _ words: [String]) { #expect(WordScan.words(text).map(\.lower) == words) }

  @Test func spans() {
    let words = WordScan.words("It is  very\nlikely so.")
    #expect(words.first(of: ["likely", "very likely"], longest: 3) == 2..<4)
    #expect(words.span(2..<4) == "very\nlikely" && words.span(4..<9) == nil)
  }

  @Test(arguments: [(1, 2), (4, 4), (6, 9), (11, 12)]) func lines(_ first: Int, _ last: Int) {
    let text = "one\ntwo\n\nalone\n\n```chart\na: b\n\n```\n\n```open\nend"
    #expect(SourceText(Array(text.utf8)).lastLine(of: first) == last)
  }
}
