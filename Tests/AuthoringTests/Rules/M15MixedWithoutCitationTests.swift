// M15: LES or SSI mixed with other material, without a source; a warning.

import Testing

@testable import Authoring

@Suite struct M15MixedWithoutCitationTests {
  @Test(arguments: [
    ("(U//LES/SSI) Text", ["+1 warning"]), ("(U//LES/SSI) Text.[^s1]", []), ("(U//LES) Text", []),
    ("(U//LES-NF) Text", []), ("(U) Text\n(U//LES) Text", ["+1 warning"]), ("## (U//LES/SSI) Heading", []),
    ("- (U//FOUO//LES) Item", ["+1 warning"]), ("(U//FOUO//PCII) Text", []),
  ]) func mixed(_ body: String, _ places: [String]) {
    #expect(RuleSample(body: body).places(M15MixedWithoutCitation()) == places)
  }
}
