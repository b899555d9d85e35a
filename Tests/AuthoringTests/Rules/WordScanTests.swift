// The words that the rules look through, and the lines of a block.

import Testing

@testable import Authoring

@Suite struct WordScanTests {
  @Test(arguments: [
    ("A 15-year-old, it's (said).", ["a", "15-year-old", "it's", "said"]), ("", []), ("--- ,", []),
    ("FBI/000 and-", ["fbi", "000", "and"]), ("Zoë's 45\u{2013}55%", ["zoë's", "45", "55"]),
    ("Zoe\u{308}\u{2019}s e\u{301}te\u{301}", ["zoe\u{308}\u{2019}s", "e\u{301}te\u{301}"]),
    ("\u{301}a 😀b\r\n½", ["a", "b", "½"]),
  ]) func words(_ text: String, _ words: [String]) { #expect(WordScan.words(text).map(\.lower) == words) }

  @Test func spans() {
    let words = WordScan.words("It is  very\nlikely so.")
    #expect(words.first(of: ["likely", "very likely"]) == 2..<4)
    #expect(words.first(of: ["likely", "very likely"], from: 3) == 3..<4)
    #expect(words.first(of: ["likely so far", "so"]) == 4..<5 && words.first(of: ["it"], from: 1) == nil)
    #expect(words.first(of: ["it"], from: 9) == nil && words.first(of: []) == nil)
    #expect(words.span(2..<4) == "very\nlikely" && words.span(4..<9) == nil)
  }

  @Test(arguments: [(1, 2), (4, 4), (6, 9), (11, 12)]) func lines(_ first: Int, _ last: Int) {
    let text = "one\ntwo\n\nalone\n\n```chart\na: b\n\n```\n\n```open\nend"
    #expect(SourceText(Array(text.utf8)).lastLine(of: first) == last)
  }
}
