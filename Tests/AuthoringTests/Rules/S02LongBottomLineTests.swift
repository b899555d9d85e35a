// S02: bottom lines of more than three sentences.

import Testing

@testable import Authoring

@Suite struct S02LongBottomLineTests {
  @Test(arguments: [
    ("(U) One. Two. Three.", []), ("(U) One. Two. Three. Four.", ["+3 error"]),
    ("(U) One. Two.\n\n(U) Three.\n\n(U) Four", ["+7 error"]),
    ("(U) One. Two. Three.\n\n::: tearline\n(U) Four.\n:::", []),
    ("(U) One. Two.\n\n::: only sectors=energy\n(U) Three.\n:::\n\n::: only sectors=water\n(U) Three.\n:::", []),
    ("- (U) One.\n- (U) Two.\n- (U) Three.\n- (U) Four.", ["+3 error"]),
    ("(U) One. Two. Three.\n\n## (U) Next\n\n(U) Four.", []),
  ]) func length(_ body: String, _ places: [String]) {
    #expect(RuleSample(body: "## (U) Bottom line\n\n" + body).places(S02LongBottomLine()) == places)
  }

  @Test(arguments: [
    ("It fell by 3.2% against 2025. Then it rose.", 2),
    ("Dr. Doe of the U.S. Attorney met J. Roe at 5 p.m. Monday.", 1),
    ("Is it? Yes! Good.", 3), ("He said \"no.\" Then he left.", 2), ("No. 5 is one", 1), ("", 0), ("One", 1),
    ("Stops on Rte. 128, Mass. Ave. and Main Blvd. Nothing else.", 1),
    ("Arrests under G.L. c. 94C, s. 34 and ss. 36 since approx. 2 a.m. Monday", 1),
    ("Worcester Police Dept. Gang Unit, Ext. 4471, Bldg. 4", 1), ("Met by Rev. Quince and Hon. Doe", 1),
    ("Hwy. Division, Div. Two, ca. 1990, off Storrow Pkwy. East", 1), ("It is under s. It has vitamin c. Then", 3),
    ("See fig. 2 and wait... then go.", 1), ("(One.) Two.", 2),
  ]) func sentences(_ text: String, _ count: Int) {
    #expect(SentenceCounter.count(text) == count)
  }
}
