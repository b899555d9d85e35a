// M10: notices that are triggered and have no text.

import Markings
import Testing

@testable import Authoring

@Suite struct M10NoticeWithoutTextTests {
  @Test func missingTexts() {
    var sample = RuleSample(
      extra: ["us-persons: { value: true, reason: \"A name\" }", "private-release: true"],
      body: "(U) Text\n\n(U//LES) Text\n\n::: only p23\n(U//LES) Text\n:::")
    #expect(sample.places(M10NoticeWithoutText()) == [])
    sample.noticeTexts = []
    #expect(
      sample.places(M10NoticeWithoutText())
        == ["+3 error", "3 error", "+6 error", "12 error", "13 error", "8 error"])
  }

  /// A product of both portions says LES NOFORN.
  @Test func noforn() {
    var sample = RuleSample(body: "(U//NF) Text\n\n(U//LES) Text")
    sample.noticeTexts.remove(.lesNoforn)
    #expect(sample.places(M10NoticeWithoutText()) == ["+1 error"])
    sample = RuleSample(body: "(U//NF) Text\n\n(U//FOUO) Text")
    sample.noticeTexts.remove(.lesNoforn)
    #expect(sample.places(M10NoticeWithoutText()) == [])
  }
}
