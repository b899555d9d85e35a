// M03: marks that are understood but not canonical.

import Testing

@testable import Authoring

@Suite struct M03WrongOrderTests {
  @Test(arguments: [
    ("(U//NF/FOUO)", "(U//FOUO/NF)"), ("(u//les)", "(U//LES)"), ("(LES)", "(U//LES)"),
    ("(U//FOUO//TLP:AMBER)", "(U//FOUO) (TLP:AMBER)"), ("(U//FOUO) (U//LES)", "(U//LES)"),
  ]) func order(_ mark: String, _ fix: String) {
    let sample = RuleSample(body: "\(mark) Text")
    #expect(sample.places(M03WrongOrder()) == ["+1 error"])
    #expect(sample.fixes(M03WrongOrder()) == ["\(mark) -> \(fix)"])
  }

  /// The line holds an entity, so that there is nothing to replace by itself.
  @Test func entity() {
    let sample = RuleSample(body: "(U//REL&nbsp;TO USA, CAN) Text")
    #expect(sample.places(M03WrongOrder()) == ["+1 error"])
    #expect(sample.fixes(M03WrongOrder()) == [])
  }

  @Test func canonical() { #expect(RuleSample(body: "(U//FOUO/NF) Text").places(M03WrongOrder()) == []) }
}
