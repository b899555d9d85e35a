// F03: values of the wrong type and values that YAML cuts.

import Testing

@testable import Authoring

@Suite struct F03WrongTypeTests {
  @Test func wrongType() {
    let sample = RuleSample(extra: ["topics: { a: b }", "urgency: soon"])
    #expect(sample.places(F03WrongType()) == ["\(sample.firstExtra) error", "\(sample.firstExtra + 1) error"])
  }

  @Test func quoted() { #expect(RuleSample(title: "(U) Part #2: the end").places(F03WrongType()) == []) }
}
