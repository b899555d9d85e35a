// F06: a series without a template.

import Testing

@testable import Authoring

@Suite struct F06UnknownSeriesTests {
  @Test func unknown() {
    let sample = RuleSample(series: "oficer-safety")
    #expect(sample.places(F06UnknownSeries()) == ["2 error"])
    #expect(sample.fixes(F06UnknownSeries()) == ["oficer-safety -> officer-safety !"])
  }

  @Test func known() { #expect(RuleSample().places(F06UnknownSeries()) == []) }
}
