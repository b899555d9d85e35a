// M07: CUI and legacy marks in one bulletin.

import Testing

@testable import Authoring

@Suite struct M07SchemesMixedTests {
  @Test func cuiInLegacy() {
    #expect(RuleSample(body: "(CUI) Text\n\n(U) Text").places(M07SchemesMixed()) == ["+1 error"])
  }

  @Test func legacyInCUI() {
    let sample = RuleSample(
      title: "(CUI) Title", scheme: "cui", sources: ["{ id: s1, describe: \"(CUI) Report\" }"],
      body: "(U//FOUO) Text\n\n(U//LES) Text")
    #expect(sample.places(M07SchemesMixed()) == ["+1 error", "+3 error"])
    // Proposed for FOUO alone, never converted silently.
    #expect(sample.fixes(M07SchemesMixed()) == ["(U//FOUO) -> (CUI) !"])
  }

  @Test func schemeTLP() {
    let body = "(U//FOUO) (TLP:AMBER) Text\n\n(CUI) (TLP:AMBER) Text"
    let sample = RuleSample(
      title: "(TLP:GREEN) Title", shortTitle: "(TLP:CLEAR) Short", scheme: "tlp",
      sources: [
        "{ id: s1, describe: \"(TLP:GREEN) Report\" }"
      ], body: body)
    #expect(sample.places(M07SchemesMixed()) == ["+3 error"])
  }

  @Test func bareUBelongsToBoth() { #expect(RuleSample(body: "(U) Text").places(M07SchemesMixed()) == []) }
}
