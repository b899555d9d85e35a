// A03: heading levels that are left out.

import Testing

@testable import Authoring

@Suite struct A03HeadingSkippedTests {
  @Test(arguments: [
    ("## (U) A\n\n(U) Text\n\n#### (U) B\n\n(U) Text", ["+5 warning"]),
    ("### (U) A\n\n(U) Text", ["+1 warning"]),
    ("## (U) A\n\n### (U) B\n\n#### (U) C\n\n## (U) D", []),
    ("## (U) A\n\n#### (U) B\n\n#### (U) C", ["+3 warning"]),
    ("# (U) A\n\n## (U) B", []),
    ("## (U) A\n\n(U) Text\n\n::: tearline\n#### (U) B\n\n(U) Text\n:::", ["+6 warning"]),
  ]) func levels(_ body: String, _ places: [String]) {
    #expect(RuleSample(body: body).places(A03HeadingSkipped()) == places)
  }

  /// What stands under the next heading may change with it.
  @Test func theFixIsAdvice() {
    #expect(RuleSample(body: "## (U) A\n\n#### (U) B").fixes(A03HeadingSkipped()) == ["####  -> ###  !"])
  }
}
