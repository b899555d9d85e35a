// P04: what only the site names.

import Bulletins
import Testing

@testable import Distribution

@Suite struct P04WideningTests {
  @Test func named() {
    let lists = SampleSite.load([
      "release-policy.site.yaml":
        "policy: s\nversion: 1\natoms:\n  FOUO: { agreement: nda }\n  ORCON: { level: [state] }\n  LES: { atom: FOUO }\n"
    ])
    let found = SampleSite.check(lists).filter { $0.rule == "P04" }
    #expect(SampleSite.summary(found) == ["P04 warning release-policy.site.yaml:5"])
    #expect(found.first?.message.contains("ORCON") == true)
  }
}
