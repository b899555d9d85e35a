// M12: levels above U, anywhere.

import Testing

@testable import Authoring

@Suite struct M12SpillageTests {
  @Test func everywhere() {
    let sample = RuleSample(
      title: "(S) Title", sources: ["{ id: s1, describe: \"(U) Report\", mark: C }"],
      extra: ["compilation: { label: TS//NF, reason: \"Together\" }"],
      body: "(U) Text\n(S//NF) Text\n\n| a |\n|---|\n| (SECRET) b |")
    #expect(Set(sample.places(M12Spillage())) == ["3 error", "11 error", "12 error", "+2 error", "+6 error"])
  }

  @Test func unknownTokenKeepsItsLevel() {
    #expect(RuleSample(body: "(S//XYZ) Text").places(M12Spillage()) == ["+1 error"])
  }

  @Test func text() { #expect(RuleSample(body: "(U) (c) 2026 and C").places(M12Spillage()) == []) }
}
