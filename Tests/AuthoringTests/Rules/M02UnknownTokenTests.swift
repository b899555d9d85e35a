// M02: tokens that are in no table.

import Testing

@testable import Authoring

@Suite struct M02UnknownTokenTests {
  @Test(arguments: ["(U//LEO)", "(U//REL TO CAN)", "(U//REL TO USA, XXX)", "(U//CUI//LES)"])
  func unknown(_ mark: String) {
    let sample = RuleSample(body: "\(mark) Text")
    #expect(sample.places(M02UnknownToken()).first == "+1 error")
    #expect(sample.fixes(M02UnknownToken()) == [])
  }

  @Test func title() { #expect(RuleSample(title: "(U//LEO) Title").places(M02UnknownToken()) == ["3 error"]) }
  @Test func known() { #expect(RuleSample(body: "(U//LES) Text").places(M02UnknownToken()) == []) }
}
