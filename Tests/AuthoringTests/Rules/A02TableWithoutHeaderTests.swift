// A02: tables whose header row is empty.

import Testing

@testable import Authoring

@Suite struct A02TableWithoutHeaderTests {
  @Test(arguments: [
    ("(U) Table 1\n\n| | |\n|---|---|\n| a | b |", ["+3 warning"]),
    ("(U) Table 1\n| | |\n|---|---|\n| a | b |", ["+2 warning"]),
    ("(U) Table 1\n\n| Town | Count |\n|---|---|\n| a | b |", []),
    ("(U) Table 1\n\n| | Count |\n|---|---|\n| a | b |", []),
    ("(U) No table", []),
  ]) func header(_ body: String, _ places: [String]) {
    #expect(RuleSample(body: body).places(A02TableWithoutHeader()) == places)
  }
}
