// C10: bulletins past their expiry. The clock of the samples stands at noon of 22 November 2026 at the center.

import Testing

@testable import Authoring

@Suite struct C10ExpiredTests {
  @Test(arguments: [
    ("2026-11-21", ["8 warning"]), ("2026-11-22", []), ("2026-12-02", []),
    ("2026-11-22T12:00:00-05:00", ["8 warning"]), ("2026-11-22T12:00:01-05:00", []),
    // Before the information cut-off of 18 November: F05 says what is wrong.
    ("2026-11-17", []),
  ]) func expiry(_ expires: String, _ places: [String]) {
    #expect(RuleSample(expires: expires).places(C10Expired()) == places)
  }
}
