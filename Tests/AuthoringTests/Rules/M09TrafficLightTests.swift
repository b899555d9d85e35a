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

  @Test func inItsScheme() {
    let sample = RuleSample(scheme: "tlp", extra: ["tlp: GREEN"], body: "(TLP:GREEN) Text")
    #expect(sample.places(M09TrafficLight()) == [])
  }
}
