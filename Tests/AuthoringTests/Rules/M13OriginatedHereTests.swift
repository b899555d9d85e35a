// M13: SSI and PCII without an entitled originator.

import Testing

@testable import Authoring

@Suite struct M13OriginatedHereTests {
  static let tsa = "{ id: s1, describe: \"(U//SSI) Measures\", originator: tsa-boston, consent: not-required }"

  @Test func originatedHere() {
    let sample = RuleSample(body: "(U//SSI) Text.[^s1]\n\n(U//PCII) Text")
    #expect(sample.places(M13OriginatedHere()) == ["+1 error", "+3 error"])
  }

  @Test func carriedForward() {
    let sample = RuleSample(
      title: "(U//SSI) Title", sources: [Self.tsa], body: "## (U//SSI) Heading\n\n(U//SSI) Text.[^s1]")
    #expect(sample.places(M13OriginatedHere()) == [])
  }

  @Test func uncited() {
    #expect(RuleSample(sources: [Self.tsa], body: "(U//SSI) Text").places(M13OriginatedHere()) == ["+1 error"])
  }

  @Test func otherKind() {
    let sample = RuleSample(sources: [Self.tsa], body: "(U//PCII) Text.[^s1]")
    #expect(sample.places(M13OriginatedHere()) == ["+1 error"])
  }

  @Test func source() {
    let sample = RuleSample(sources: ["{ id: s1, describe: \"(U//SSI) Measures\" }"])
    #expect(sample.places(M13OriginatedHere()) == ["11 error"])
  }
}
