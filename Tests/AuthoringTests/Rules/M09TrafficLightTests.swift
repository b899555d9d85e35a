// M09: labels that TLP 2.0 does not have, TLP alone outside its scheme.

import Testing

@testable import Authoring

@Suite struct M09TrafficLightTests {
  @Test func white() {
    let sample = RuleSample(extra: ["tlp: TLP:WHITE"], body: "(U) (TLP:WHITE) Text")
    #expect(sample.places(M09TrafficLight()) == ["\(sample.firstExtra) error", "+1 error"])
    #expect(
      sample.fixes(M09TrafficLight())
        == ["TLP:WHITE -> TLP:CLEAR", "(U) (TLP:WHITE) -> (U) (TLP:CLEAR)"])
  }

  @Test func alone() {
    let sample = RuleSample(body: "(TLP:GREEN) Text")
    #expect(sample.places(M09TrafficLight()) == ["+1 error"])
    #expect(sample.fixes(M09TrafficLight()) == ["(TLP:GREEN) -> (U) (TLP:GREEN)"])
  }

  @Test func redForNobody() {
    let portion = RuleSample(body: "(U) Text\n\n(U) (TLP:RED) only the named\n\n(U) (TLP:RED) and again")
    #expect(portion.places(M09TrafficLight()) == ["+3 error"])
    #expect(RuleSample(title: "(U) (TLP:RED) Title", body: "(U) x").places(M09TrafficLight()) == ["3 error"])
    let source = RuleSample(sources: ["{ id: s1, describe: \"(U) (TLP:RED) Report\" }"], body: "(U) x")
    #expect(source.places(M09TrafficLight()) == ["\(RuleSample.firstSource) error"])
    let overall = RuleSample(scheme: "tlp", extra: ["tlp: RED"], body: "(TLP:GREEN) x")
    #expect(overall.places(M09TrafficLight()) == ["\(overall.firstExtra) error"])
    let heading = RuleSample(scheme: "tlp", body: "## (TLP:RED) Threat\n\n(TLP:RED) x")
    #expect(heading.places(M09TrafficLight()) == ["+1 error"])
    let named = RuleSample(extra: ["to: [a.okafor]"], body: "(U) (TLP:RED) only the named")
    #expect(named.places(M09TrafficLight()) == [])
    #expect(RuleSample(body: "(U) (TLP:AMBER+STRICT) x").places(M09TrafficLight()) == [])
  }

  @Test func namedOnly() {
    let sample = RuleSample(title: "(CUI) Title", shortTitle: "(U) Short", scheme: "cui", body: "(CUI//DL ONLY) x")
    #expect(sample.places(M09TrafficLight()) == ["+1 error"])
  }

  @Test func inItsScheme() {
    let sample = RuleSample(scheme: "tlp", extra: ["tlp: GREEN"], body: "(TLP:GREEN) Text")
    #expect(sample.places(M09TrafficLight()) == [])
  }
}
