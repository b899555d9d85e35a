// M10: notices that are triggered and have no text.

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
}
