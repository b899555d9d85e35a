// S04: directives that are unknown, misplaced or not closed.

import Testing

@testable import Authoring

@Suite struct S04DirectiveTests {
  @Test(arguments: [
    ("(U) Text\n\n::: note\n(U) Text\n:::", ["+3 error"]),
    ("(U) Text\n\n::: only county=worcester\n(U) Text\n:::", ["+3 error"]),
    ("(U) Text\n\n::: tearline\n(U) Text", ["+3 error"]), ("(U) Text\n\n:::", ["+3 error"]),
    ("- (U) Item\n  ::: tearline", ["+2 error"]), ("(U) Text\n\n```\n::: note\n```", []),
  ]) func directive(_ body: String, _ places: [String]) {
    #expect(RuleSample(body: body).places(S04Directive()) == places)
  }
}
