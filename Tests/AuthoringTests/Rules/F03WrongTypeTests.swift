// F03: values of the wrong type and values that YAML cuts.

import Testing

@testable import Authoring

@Suite struct F03WrongTypeTests {
  @Test func wrongType() {
    let sample = RuleSample(extra: ["topics: { a: b }", "urgency: soon"])
    #expect(sample.places(F03WrongType()) == ["\(sample.firstExtra) error", "\(sample.firstExtra + 1) error"])
  }

  /// The reader's hint and the rule's sentence are two.
  @Test func sentences() {
    let found = F03WrongType().findings(in: RuleSample(extra: ["urgency: soon"]).context)
    #expect(found.allSatisfy { $0.explanation.hasSuffix(". The file is released to nobody until it is mended.") })
    #expect(found.count == 1, "\(found)")
  }

  @Test func quoted() { #expect(RuleSample(title: "(U) Part #2: the end").places(F03WrongType()) == []) }
}
