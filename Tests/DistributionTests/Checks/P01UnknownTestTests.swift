// P01: what a policy says and nobody knows. What it becomes is tested with the loader.

import Bulletins
import Testing

@testable import Distribution

@Suite struct P01UnknownTestTests {
  @Test func placesAndSuggestions() {
    let text = """
      policy: p
      version: 1
      atoms:
        FOUO: { clearanse: fouo }
        LESS: { atom: FOUO }
      channels:
        email-tls: [FOUO, LESS]
        email: [FOUO]
      """
    let found = SampleSite.check(SampleSite.load(["release-policy.yaml": text])).filter { $0.rule == "P01" }
    #expect(found.map(\.place.line) == [4, 5, 7, 8])
    #expect(
      found.map(\.explanation).prefix(3) == ["did you mean `clearance`?", "did you mean `LES`?", "did you mean `LES`?"])
  }
}
