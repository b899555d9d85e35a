// F01: keys that every bulletin needs.

import Bulletins
import Testing

@testable import Authoring

@Suite struct F01KeyMissingTests {
  @Test func missing() {
    let read = Samples.read("---\nseries: officer-safety\n---\n")
    let context = SampleSite.context(read, file: "test.md", template: nil)
    let findings = F01KeyMissing().findings(in: context)
    #expect(findings.allSatisfy { $0.place.line == 1 && $0.rule == "F01" && $0.severity == .error })
    for key in ["title", "short-title", "authors", "info-cutoff", "expires"] {
      #expect(findings.contains { $0.message.contains("`\(key)`") }, "\(key)")
    }
    // Nothing else is said of texts that are not there.
    #expect(M01MissingMark().findings(in: context).isEmpty)
  }

  @Test func complete() { #expect(RuleSample().places(F01KeyMissing()) == []) }
}
