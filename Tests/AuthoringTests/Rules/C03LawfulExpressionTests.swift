// C03: lawful expression without the first-amendment gate.

import Testing

@testable import Authoring

@Suite struct C03LawfulExpressionTests {
  @Test(arguments: [
    "the protest at the scrap yard", "Protesters gathered", "a permitted march", "the marchers", "a demonstration",
    "their religious beliefs", "handed out leaflets", "a vigil", "an act of civil disobedience", "morning prayer",
    "how they rallied against the shop", "how people demonstrated at the gate", "his imam", "the Women's March",
    "the Women\u{2019}s March", "the March on Washington", "a Pride March", "what her church does",
    "a demonstration of the lock was followed by a demonstration at the gate",
  ]) func found(_ text: String) {
    #expect(RuleSample(body: "(U) They saw \(text).").places(C03LawfulExpression()) == ["+1 warning"])
  }

  @Test(arguments: [
    "it in March", "last year's March figures", "Boston's March report", "the device demonstrated twice",
    "what was demonstrated at the range", "that prices rallied", "it on March 3 and in March for the first time",
    "a demonstration of the device", "protective gear", "a spread of strikes",
    "the expression on a face",
    "a Protestant church that was damaged", "a petition to the court",
  ]) func clean(_ text: String) {
    #expect(RuleSample(body: "(U) They saw \(text).").places(C03LawfulExpression()) == [])
  }

  @Test func theGate() {
    let sample = RuleSample(extra: ["first-amendment: { value: true, reason: \"x\" }"], body: "(U) A protest.")
    #expect(sample.places(C03LawfulExpression()) == [])
  }
}
