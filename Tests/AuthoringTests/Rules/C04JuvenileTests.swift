// C04: persons under eighteen without the juvenile gate.

import Testing

@testable import Authoring

@Suite struct C04JuvenileTests {
  @Test(arguments: [
    "a 15-year-old boy", "a 17 year old", "aged 12", "two teenagers", "juveniles", "an unaccompanied minor", "minors",
    "a child", "the girl", "ages 5 and up", "a 9-year-old",
    "somebody under 18, alone", "somebody under 18", "a person under eighteen and an adult",
    "a seller under 18 who ran",
    "anybody under the age of 18 there", "somebody younger than 18", "a seller, 16 years of age", "A sixteen-year-old",
    "one sixteen years old", "a tenth grader", "two 10th-graders", "kids of 14", "Two sellers, 14 and 16 years old,",
    "A 17 y/o male", "a 17-y/o male", "a 17 yo male", "a 17yo", "a male, 16 y.o.", "a 17 yrs old male",
  ]) func found(_ text: String) {
    #expect(RuleSample(body: "(U) With them was \(text).").places(C04Juvenile()) == ["+1 warning"])
  }

  @Test(arguments: [
    "a 19-year-old man", "a 15-year-old truck", "minor injuries", "the Children's Hospital", "an adult of 34", "18-24",
    "aged 18", "a minor delay", "items 5 and 7",
    "a rate under 18%", "under 18 percent", "a rate that fell to under 18", "speeds just under 18, with wind",
    "under 18 miles of it", "under 18.5 miles", "under $18, all told",
    "under 180", "a ten-year-old agreement", "a twenty-year-old", "a road grader", "first grade steel",
    "a case that is a two-year-old", "16 years of service", "a 27 y/o male", "a 45yo", "lines 4 y and z", "column 3 o",
  ]) func clean(_ text: String) {
    #expect(RuleSample(body: "(U) With them was \(text).").places(C04Juvenile()) == [])
  }

  @Test func theGate() {
    let sample = RuleSample(extra: ["juvenile: { value: true, reason: \"x\" }"], body: "(U) A child.")
    #expect(sample.places(C04Juvenile()) == [])
  }
}
