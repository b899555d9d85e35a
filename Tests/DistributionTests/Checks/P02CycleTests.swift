// P02: atoms that depend on themselves.

import Bulletins
import Testing

@testable import Distribution

@Suite struct P02CycleTests {
  @Test func shortAndLong() {
    let text = """
      policy: p
      version: 1
      atoms:
        FOUO: { clearance: fouo }
        LES: { all: [ { atom: FOUO }, { atom: DSEN } ] }
        DSEN: { any: [ { atom: SSI } ] }
        SSI: { atom: LES }
        PCII: { atom: PCII }
        P23: { atom: LES }
      """
    let found = SampleSite.check(SampleSite.load(["release-policy.yaml": text])).filter { $0.rule == "P02" }
    #expect(found.map(\.place.line) == [5, 6, 7, 8])
    #expect(found.allSatisfy { $0.severity == .error })
  }

  @Test func aDiamondIsNone() {
    let text =
      "policy: p\nversion: 1\natoms:\n  FOUO: { clearance: fouo }\n  LES: { all: [ { atom: FOUO }, { atom: FOUO } ] }\n"
    #expect(SampleSite.check(SampleSite.load(["release-policy.yaml": text])).isEmpty)
  }
}
