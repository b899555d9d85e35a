// M11: CUI, and the site does not say who controls it.

import Bulletins
import Testing

@testable import Authoring

@Suite struct M11NoDesignationIndicatorTests {
  private func sample(_ designation: Site.Designation?) -> RuleSample {
    var sample = RuleSample(title: "(U) Title", scheme: "cui", sources: ["{ id: s1, describe: \"(CUI) Report\" }"])
    sample.site.designation = designation
    return sample
  }

  @Test func missing() { #expect(sample(nil).places(M11NoDesignationIndicator()) == ["5 error"]) }

  @Test func unknownContact() {
    let designation = Site.Designation(controlledBy: "CFC", pointOfContact: "nobody")
    #expect(sample(designation).places(M11NoDesignationIndicator()) == ["5 error"])
  }

  @Test func present() { #expect(sample(SampleSite.site.designation).places(M11NoDesignationIndicator()) == []) }

  @Test func withoutCUI() {
    var legacy = RuleSample()
    legacy.site.designation = nil
    #expect(legacy.places(M11NoDesignationIndicator()) == [])
  }
}
