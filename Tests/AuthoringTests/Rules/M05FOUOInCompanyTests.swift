// M05: FOUO beside what demands it anyway; a warning.

import Bulletins
import Markings
import Testing

@testable import Authoring

@Suite struct M05FOUOInCompanyTests {
  @Test(arguments: [("(U//FOUO//LES)", "(U//LES)"), ("(U//FOUO//SSI)", "(U//SSI)"), ("(U//FOUO/DSEN)", "(U//DSEN)")])
  func company(_ mark: String, _ fix: String) {
    let sample = RuleSample(body: "\(mark) Text")
    #expect(sample.places(M05FOUOInCompany()) == ["+1 warning"])
    #expect(sample.fixes(M05FOUOInCompany()) == ["\(mark) -> \(fix)"])
  }

  /// Under a policy by which LES does not demand FOUO the fix would lose a requirement.
  @Test func unsafeUnderAnotherPolicy() {
    var context = RuleSample(body: "(U//FOUO//LES) Text").context
    context.order = AtomOrder()
    #expect(M05FOUOInCompany().findings(in: context).map { $0.fix?.safe } == [false])
  }

  @Test func alone() { #expect(RuleSample(body: "(U//FOUO//PCII) Text").places(M05FOUOInCompany()) == []) }
}
