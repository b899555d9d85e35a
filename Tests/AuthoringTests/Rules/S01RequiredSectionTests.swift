// S01: required sections that are missing or empty.

import Bulletins
import Testing

@testable import Authoring

@Suite struct S01RequiredSectionTests {
  private func places(_ body: String) -> [String] {
    var sample = RuleSample(body: body)
    sample.template = SeriesTemplate(
      series: "officer-safety", name: "", code: "OS", publicName: "", requiredSections: ["Bottom line"],
      requiredIfPresent: ["Person to look out for"])
    return sample.places(S01RequiredSection())
  }

  @Test(arguments: [
    ("", ["1 error"]), ("## (U) bottom  Line\n\n(U) Text", []), ("## (U) Bottom line", ["+1 error"]),
    ("## (U) Bottom line\n\n## (U) Next\n\n(U) Text", ["+1 error"]),
    ("## (U) Bottom line\n\n### (U) Sub\n\n(U) Text", []),
    ("## (U) Bottom line\n\n### (U) Sub\n\n---", ["+1 error"]),
    ("## (U) Bottom line\n\n::: only sectors=energy\n(U) Text\n:::", []),
    ("## (U) Bottom line\n\n- (U) Item\n\n## (U) Person to look out for", ["+5 error"]),
  ]) func sections(_ body: String, _ expected: [String]) {
    #expect(places(body) == expected)
  }

  @Test func withoutATemplate() { #expect(RuleSample().places(S01RequiredSection()) == []) }
}
