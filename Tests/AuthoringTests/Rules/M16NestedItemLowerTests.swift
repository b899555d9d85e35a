// M16: nested items that are readable without their parent; a warning.

import Testing

@testable import Authoring

@Suite struct M16NestedItemLowerTests {
  @Test(arguments: [
    ("- (U//LES) Item\n  - (U) Nested", ["+2 warning"]), ("- (U) Item\n  - (U//LES) Nested", []),
    ("- (U//LES) Item\n  - Nested", []), ("- (U//LES) Item\n  - Nested\n    - (U//FOUO) Deep", ["+3 warning"]),
    ("- (U//LES) Item\n  - (U//SSI) Nested", ["+2 warning"]), ("- (U//LES) Item\n- (U) Next", []),
    ("> - (U//LES) Item\n>   - (U) Nested", ["+2 warning"]),
    ("::: only sectors=energy\n- (U//LES) Item\n  - (U) Nested\n:::", ["+3 warning"]),
  ]) func nested(_ body: String, _ places: [String]) {
    #expect(RuleSample(body: body).places(M16NestedItemLower()) == places)
  }
}
