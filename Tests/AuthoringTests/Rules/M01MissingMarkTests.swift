// M01: what has no mark, and marks where Markdown sees none.

import Testing

@testable import Authoring

@Suite struct M01MissingMarkTests {
  @Test(arguments: [
    ("Text", ["+1 error"]), ("## Heading", ["+1 error"]), ("(U) Text\n\n- Item", ["+3 error"]),
    ("(U) Text\n\n> Quote", ["+3 error"]), ("*(U)* Text", ["+1 error"]), ("(c) 2026", ["+1 error"]),
    ("(U) Text[^n]\n\n[^n]: Note", ["+3 error"]), ("(U) Text\n\n![a](a.png \"Caption\")", ["+3 error"]),
    ("```\n(U) code\n```", ["+1 error"]), ("(U) Lead-in\n\n```\ncode\n```", []),
    ("(U) Item follows\n\n- (U//FOUO) Item\n  - nested\n", []),
  ]) func unmarked(_ body: String, _ places: [String]) {
    #expect(RuleSample(body: body).places(M01MissingMark()) == places)
  }

  @Test func repeatTheItemsMark() {
    let sample = RuleSample(body: "- (U//FOUO) Item\n\n  Second paragraph")
    #expect(sample.places(M01MissingMark()) == ["+3 error"])
    #expect(sample.fixes(M01MissingMark()) == ["Second paragraph -> (U//FOUO) Second paragraph !"])
  }

  @Test func laterLine() {
    let sample = RuleSample(body: "(U) Text\n(U//LES) Text")
    #expect(sample.places(M01MissingMark()) == ["+2 error"])
    #expect(sample.fixes(M01MissingMark()) == ["(U//LES) -> \n(U//LES) !"])
  }

  @Test func cell() {
    #expect(
      RuleSample(body: "(U) Lead-in\n\n| a |\n|---|\n| (U//LES) b |").places(M01MissingMark()) == ["+5 error"])
  }

  @Test func titles() {
    let sample = RuleSample(title: "Title", shortTitle: "Short", sources: ["{ id: s1, describe: Report }"])
    #expect(sample.places(M01MissingMark()) == ["3 error", "4 error", "11 error"])
  }
}
