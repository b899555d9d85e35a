// No gap in the numbers of captions tells of a hidden table or figure, and text that speaks of them follows.

import Bulletins
import Distribution
import TestSupport
import Testing

@Suite struct CaptionNumbersTests {
  /// What a FOUO reader has of captioned tables, the second one LES, and further paragraphs.
  private func lines(captions: [String], texts: [String], reader: Reader? = nil) throws -> [String] {
    var draft = Bench.Draft()
    for caption in captions {
      let lead = draft.paragraph(caption)
      let grid = Block.Grid(alignments: [.none], header: [[.text("a")]], rows: [[[.text("b")]]])
      draft.body += [lead, Block(.table(grid), portion: lead.portion)]
    }
    for text in texts { draft.body.append(draft.paragraph(text)) }
    let decider = Bench.decider(draft.revision())
    let reader = reader ?? Bench.reader("fouo", clearance: .fouo)
    let key = try #require(decider.decide(reader, Endpoint(.portal), now: Shipped.noon).variant)
    return try #require(decider.variant(key)).body.compactMap { block in
      if case .paragraph(let inlines) = block.content { inlines.plainText } else { nil }
    }
  }
  private let three = ["(U) Table 1. One", "(U//LES) Table 2. Two", "(U) Table 3. Three"]

  @Test func aHiddenCaptionLeavesNoGap() throws {
    #expect(try lines(captions: three, texts: []) == ["Table 1. One", "Table 2. Three"])
    #expect(
      try lines(captions: three, texts: [], reader: Bench.reader("les"))
        == ["Table 1. One", "Table 2. Two", "Table 3. Three"])
    #expect(
      try lines(captions: ["(U//LES) Chart 1: a", "(U) Chart 2: b", "(U) Map 2"], texts: [])
        == ["Chart 1: b", "Map 1"])
  }

  @Test(arguments: [
    ("See Table 3.", "See Table 2."), ("See table 3, then tables 1 and 3.", "See table 2, then tables 1 and 2."),
    ("Tables 1-3 and Table 3 of the yearbook", "Tables 1-2 and Table 3 of the yearbook"),
    ("A stable 3 and a Table\u{A0}3", "A stable 3 and a Table\u{A0}2"),
    ("Table 3\u{2013}as above", "Table 3\u{2013}as above"),
    ("3 tables", "3 tables"), ("Figure 3 shows it", "Figure 3 shows it"),
  ])
  func textFollows(written: String, printed: String) throws {
    let lines = try lines(captions: three, texts: ["(U) " + written])
    #expect(lines.last == printed)
    #expect(lines[1] == (written.contains("\u{2013}") ? "Table 3. Three" : "Table 2. Three"))
  }

  /// A number that could point to the wrong table is worse than a gap.
  @Test(arguments: [
    "(U) See Table 2.", "(U) See Table 4.", "(U) See Table 3.1.", "(U) See Tables 1 to 5", "(U) Table 3-4",
  ])
  func whatCannotBeFollowedStays(text: String) throws {
    #expect(try lines(captions: three, texts: [text])[1] == "Table 3. Three")
  }

  @Test func numbersThatDoNotRiseStay() throws {
    let captions = ["(U) Table 3. a", "(U//LES) Table 1. b", "(U) Table 2. c"]
    #expect(try lines(captions: captions, texts: []) == ["Table 3. a", "Table 2. c"])
    #expect(
      try lines(captions: ["(U) Table 2. a", "(U) Table 2. b"], texts: []) == ["Table 2. a", "Table 2. b"])
  }
}
