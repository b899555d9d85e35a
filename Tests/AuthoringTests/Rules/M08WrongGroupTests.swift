// M08: CUI categories and controls in the wrong group, SP- misused.

import Testing

@testable import Authoring

@Suite struct M08WrongGroupTests {
  private func sample(_ mark: String) -> RuleSample {
    RuleSample(
      title: "(CUI) Title", scheme: "cui", sources: ["{ id: s1, describe: \"(CUI) Report\" }"], body: "\(mark) Text")
  }

  @Test(arguments: ["(CUI//NOCON//LEI)", "(CUI//LEI/NOCON)"]) func group(_ mark: String) {
    #expect(sample(mark).places(M08WrongGroup()) == ["+1 error"])
    #expect(sample(mark).fixes(M08WrongGroup()) == ["\(mark) -> (CUI//LEI//NOCON)"])
  }

  @Test(arguments: ["(CUI//SP-LEI)", "(CUI//SSI)"]) func specified(_ mark: String) {
    #expect(sample(mark).places(M08WrongGroup()) == ["+1 error"])
    #expect(sample(mark).fixes(M08WrongGroup()) == [])
  }

  @Test func canonical() { #expect(sample("(CUI//SP-CHRI/LEI//NOCON)").places(M08WrongGroup()) == []) }
}
