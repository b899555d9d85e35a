// C07: names in statistics; the gate does not help.

import Testing

@testable import Authoring

@Suite struct C07NameInStatisticsTests {
  static let method = "\n\n## (U) Method and limits\n\n(U) Text"

  @Test(arguments: ["false", "true, reason: \"x\""]) func names(_ gate: String) {
    let text = "(U) One yard is owned by [Alder Quince]{usper}."
    let extra = ["us-persons: { value: \(gate) }"]
    #expect(RuleSample(extra: extra, body: text + Self.method).places(C07NameInStatistics()) == ["+1 warning"])
    #expect(RuleSample(extra: extra, body: text).places(C07NameInStatistics()) == [])
  }

  @Test func subjects() {
    let body = "(U) One\n\n```subject\nkind: person\nname: Alder Quince\n```" + Self.method
    #expect(RuleSample(body: body).places(C07NameInStatistics()) == ["+5 warning"])
  }
}
