// C04: persons under eighteen without the juvenile gate.

import Testing

@testable import Authoring

@Suite struct C04JuvenileTests {
  @Test(arguments: [
    "a 15-year-old boy", "a 17 year old", "aged 12", "two teenagers", "juveniles", "an unaccompanied minor", "minors",
    "a child", "the girl", "ages 5 and up", "a 9-year-old",
    "A 17 y/o male", "a 17-y/o male", "a 17 yo male", "a 17yo", "a male, 16 y.o.", "a 17 yrs old male",
  ]) func found(_ text: String) {
    #expect(RuleSample(body: "(U) With them was \(text).").places(C04Juvenile()) == ["+1 warning"])
  }

  @Test(arguments: [
    "a 19-year-old man", "a 15-year-old truck", "minor injuries", "the Children's Hospital", "an adult of 34", "18-24",
    "aged 18", "a minor delay", "items 5 and 7",
    "a 27 y/o male", "a 45yo", "lines 4 y and z", "column 3 o",
  ]) func clean(_ text: String) {
    #expect(RuleSample(body: "(U) With them was \(text).").places(C04Juvenile()) == [])
  }

  @Test func theGate() {
    let sample = RuleSample(extra: ["juvenile: { value: true, reason: \"x\" }"], body: "(U) A child.")
    #expect(sample.places(C04Juvenile()) == [])
  }
}
