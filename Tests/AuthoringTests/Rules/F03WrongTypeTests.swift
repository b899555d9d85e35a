// F03: values of the wrong type and values that YAML cuts.

import Bulletins
import Testing

@testable import Authoring

@Suite struct F03WrongTypeTests {
  @Test func wrongType() {
    let sample = RuleSample(extra: ["topics: { a: b }", "urgency: soon"])
    #expect(sample.places(F03WrongType()) == ["\(sample.firstExtra) error", "\(sample.firstExtra + 1) error"])
  }

  /// The reader's hint and the rule's sentence are two.
  @Test func sentences() {
    var context = RuleSample(body: "(U) x").context
    context.bulletin.findings = ["name the file alone", "Name it.", ""].map { hint in
      Finding(rule: "F03", severity: .error, place: Place(file: "x.md", line: 2), message: "x", explanation: hint)
    }
    let last = "The file is released to nobody until it is mended."
    #expect(
      F03WrongType().findings(in: context).map(\.explanation)
        == ["name the file alone. " + last, "Name it. " + last, last])
  }

  @Test func quoted() { #expect(RuleSample(title: "(U) Part #2: the end").places(F03WrongType()) == []) }
}
