// F05: windows that never open.

import Testing

@testable import Authoring

@Suite struct F05ExpiryBeforeCutoffTests {
  @Test func expiryBeforeCutoff() {
    #expect(RuleSample(expires: "2026-11-17").places(F05ExpiryBeforeCutoff()) == ["8 error"])
  }

  /// A date is valid through its last second.
  @Test func expiryOnTheDayOfTheCutoff() {
    #expect(RuleSample(expires: "2026-11-18").places(F05ExpiryBeforeCutoff()) == [])
  }

  @Test func notBefore() {
    let late = RuleSample(extra: ["not-before: 2026-12-03"])
    #expect(late.places(F05ExpiryBeforeCutoff()) == ["\(late.firstExtra) error"])
    #expect(RuleSample(extra: ["not-before: 2026-12-02"]).places(F05ExpiryBeforeCutoff()) == [])
  }
}
