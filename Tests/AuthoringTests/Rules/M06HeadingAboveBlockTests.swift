// M06: headings above their blocks, short titles above titles.

import Testing

@testable import Authoring

@Suite struct M06HeadingAboveBlockTests {
  @Test(arguments: [
    ("## (U//FOUO) Heading\n\n(U) Text", ["+1 error"]),
    ("## (U//FOUO) Heading\n\n(U//LES) Text", []),
    ("## (U//FOUO) Heading\n\n(U//FOUO) Text\n\n## (U) Next\n\n(U) Text", []),
    ("## (U//LES) Heading\n\n(U//LES) Text\n\n### (U//LES) Sub\n\n(U//FOUO) Text", ["+1 error", "+5 error"]),
    ("## (U//LES) Heading\n\n### (U) Sub\n\n(U//LES) Text", ["+1 error"]),
    ("## (U//FOUO) Heading\n\n- (U//FOUO) Item\n  - (U) Nested", ["+1 error"]),
    ("## (U//FOUO) Heading\n\n::: only sectors=energy\n(U) Text\n:::", ["+1 error"]),
    ("## (U) Heading\n\n(U//REL TO USA, CAN) Text", ["+1 error"]),
    ("## (U//REL TO USA, CAN) Heading\n\n(U) Text", []),
    ("## (U//FOUO) Heading\n\nText without a mark", []),
    ("> ## (U//FOUO) Heading\n>\n> (U) Text", ["+1 error"]),
    ("## (U) (TLP:AMBER) Heading\n\n(U) (TLP:GREEN) Text", ["+1 error"]),
  ]) func heading(_ body: String, _ places: [String]) {
    #expect(RuleSample(body: body).places(M06HeadingAboveBlock()) == places)
  }

  @Test func fixIsTheLowestBlock() {
    let body = "## (U//LES) Heading\n\n(U//LES) Text\n\n(U//FOUO) Text"
    #expect(RuleSample(body: body).fixes(M06HeadingAboveBlock()) == ["(U//LES) -> (U//FOUO) !"])
  }

  @Test func shortTitle() {
    #expect(
      RuleSample(title: "(U) Title", shortTitle: "(U//FOUO) Short").places(M06HeadingAboveBlock()) == ["4 error"])
    #expect(RuleSample(title: "(U//LES) Title", shortTitle: "(U//FOUO) Short").places(M06HeadingAboveBlock()) == [])
  }

  /// In scheme tlp a TLP mark alone is for partners, which is below what a government mark demands.
  @Test func schemeTLP() {
    let body = "## (U) (TLP:GREEN) Heading\n\n(TLP:GREEN) Text"
    #expect(RuleSample(scheme: "tlp", body: body).places(M06HeadingAboveBlock()) == ["+1 error"])
  }
}
