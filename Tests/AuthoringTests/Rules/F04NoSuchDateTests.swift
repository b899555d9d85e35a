// F04: dates that no calendar has.

import Testing

@testable import Authoring

@Suite struct F04NoSuchDateTests {
  @Test(arguments: ["2026-11-31", "2026-02-29", "2026-13-01", "2026-11-20T25:00:00-05:00"])
  func noSuchDate(_ date: String) {
    #expect(RuleSample(expires: date).places(F04NoSuchDate()) == ["\(RuleSample.expiresLine) error"])
  }

  @Test func leapDay() { #expect(RuleSample(expires: "2028-02-29").places(F04NoSuchDate()) == []) }
}
