// F08: gates that are true and give no reason.

import Testing

@testable import Authoring

@Suite struct F08GateWithoutReasonTests {
  @Test func noReason() {
    let sample = RuleSample(extra: ["pii: { value: true }", "sar: { value: true, reason: \" \" }"])
    #expect(sample.places(F08GateWithoutReason()) == ["\(sample.firstExtra) error", "\(sample.firstExtra + 1) error"])
  }

  @Test(arguments: ["n", "no", "none", "-", "maybe", "- -", "x"]) func noReasonInWords(_ reason: String) {
    let sample = RuleSample(extra: ["pii: { value: true, reason: \"\(reason)\" }"])
    #expect(sample.places(F08GateWithoutReason()) == ["\(sample.firstExtra) error"])
  }

  @Test func reasonOrFalse() {
    let sample = RuleSample(extra: ["pii: { value: true, reason: \"A warrant\" }", "sar: { value: false }"])
    #expect(sample.places(F08GateWithoutReason()) == [])
  }
}
