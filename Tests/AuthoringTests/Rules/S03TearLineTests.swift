// S03: tear lines with nothing before them, and not below their block.

import Testing

@testable import Authoring

@Suite struct S03TearLineTests {
  @Test(arguments: [
    ("## (U) Heading\n\n::: tearline\n(U) Text\n:::", ["+3 error"]),
    ("(U//LES) Text\n\n::: tearline\n(U//FOUO) Text\n:::", []),
    ("(U) Text\n\n::: tearline\n(U//FOUO) Text\n:::", ["+3 warning"]),
    ("(U//LES) Text\n\n::: tearline\n(U//SSI) Text\n:::\n\n::: tearline\n(U) Text\n:::", ["+3 warning"]),
    ("- (U) Item\n- (U//LES) Item\n\n::: tearline\n(U//FOUO) Text\n:::", []),
    ("::: only sectors=energy\n(U) Text\n:::\n\n::: tearline\n(U) Text\n:::", []),
    ("::: only sectors=energy\n(U) Text\n\n::: tearline\n(U//FOUO) Text\n:::\n:::", ["+4 warning"]),
    ("::: only p23\n(U//FOUO) Text\n:::\n\n::: tearline\n(U//LES) Text\n:::", []),
    ("(U//REL TO USA, CAN) Text\n\n::: tearline\n(U) Text\n:::", ["+3 warning"]),
  ]) func tearline(_ body: String, _ places: [String]) {
    #expect(RuleSample(body: body).places(S03TearLine()) == places)
  }
}
