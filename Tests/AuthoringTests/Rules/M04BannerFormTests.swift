// M04: banner forms in portion marks.

import Testing

@testable import Authoring

@Suite struct M04BannerFormTests {
  @Test(arguments: [
    ("(UNCLASSIFIED//FOUO)", "(U//FOUO)"), ("(U//NOFORN)", "(U//NF)"), ("(U//LES NOFORN)", "(U//LES-NF)"),
    ("(UNCLASSIFIED//LAW ENFORCEMENT SENSITIVE)", "(U//LES)"),
  ]) func banner(_ mark: String, _ fix: String) {
    let sample = RuleSample(body: "\(mark) Text")
    #expect(sample.places(M04BannerForm()) == ["+1 error"])
    #expect(sample.fixes(M04BannerForm()) == ["\(mark) -> \(fix)"])
  }

  @Test func reverse() {
    #expect(RuleSample(scheme: "cui", body: "(CUI//NF) Text").fixes(M04BannerForm()) == ["(CUI//NF) -> (CUI//NOFORN)"])
  }
}
