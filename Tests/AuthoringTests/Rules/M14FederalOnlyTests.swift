// M14: controls that exclude state and local readers.

import Testing

@testable import Authoring

@Suite struct M14FederalOnlyTests {
  @Test(arguments: ["(CUI//FEDCON)", "(CUI//LEI//FED ONLY)"]) func inbound(_ mark: String) {
    #expect(RuleSample(scheme: "cui", body: "\(mark) Text").places(M14FederalOnly()) == ["+1 error"])
  }

  @Test func others() { #expect(RuleSample(scheme: "cui", body: "(CUI//NOCON) Text").places(M14FederalOnly()) == []) }
}
