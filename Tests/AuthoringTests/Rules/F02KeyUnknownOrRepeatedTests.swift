// F02: keys that nobody knows or that stand there twice.

import Bulletins
import Testing

@testable import Authoring

@Suite struct F02KeyUnknownOrRepeatedTests {
  @Test func unknownWithSuggestion() {
    let sample = RuleSample(extra: ["info-cutof: 2026-11-18"])
    #expect(sample.places(F02KeyUnknownOrRepeated()) == ["\(sample.firstExtra) error"])
    let finding = F02KeyUnknownOrRepeated().findings(in: sample.context).first
    #expect(finding?.explanation.contains("did you mean `info-cutoff`") == true)
  }

  @Test func unknownAtDepth() {
    let sample = RuleSample(sources: ["{ id: s1, describe: \"(U) Report\", reliabilty: A }"])
    #expect(sample.places(F02KeyUnknownOrRepeated()) == ["\(RuleSample.firstSource) error"])
  }

  @Test func repeated() {
    let sample = RuleSample(extra: ["expires: 2026-12-09"])
    #expect(sample.places(F02KeyUnknownOrRepeated()) == ["\(sample.firstExtra) error"])
  }
}
