// P03: LES, SSI and DSEN demand FOUO, for every combination of facts.

import Bulletins
import Testing

@testable import Distribution

@Suite struct P03HiddenFOUOTests {
  func check(_ les: String, fouo: String = "{ all: [ { clearance: fouo }, { agreement: nda } ] }") -> [String] {
    let text = "policy: p\nversion: 1\natoms:\n  FOUO: \(fouo)\n  LES: \(les)\n"
    return SampleSite.summary(
      SampleSite.check(SampleSite.load(["release-policy.yaml": text])).filter { $0.rule == "P03" })
  }

  @Test func met() {
    #expect(check("{ atom: FOUO }").isEmpty)
    #expect(check("{ all: [ { clearance: les }, { agreement: nda } ] }").isEmpty)
    #expect(check("{ any: [] }").isEmpty)
  }

  @Test func notMet() {
    #expect(check("{ clearance: les }") == ["P03 error release-policy.yaml:5"])
    #expect(check("{ any: [ { atom: FOUO }, { type: [law-enforcement] } ] }") == ["P03 error release-policy.yaml:5"])
    #expect(check("{ all: [] }", fouo: "{ any: [] }") == ["P03 error release-policy.yaml:5"])
  }

  @Test func aSiteThatTightensOnlyFOUO() {
    let lists = SampleSite.load([
      "release-policy.yaml": "policy: p\nversion: 1\natoms:\n  FOUO: { clearance: fouo }\n  LES: { clearance: les }\n",
      "release-policy.site.yaml": "policy: s\nversion: 1\natoms:\n  FOUO: { agreement: nda }\n",
    ])
    #expect(SampleSite.check(lists).map(\.rule) == ["P03"])
  }

  @Test func tooManyFacts() {
    let tests =
      SampleSite.words.vocabulary.sectors.sorted().map { "{ sector: [\($0)] }" }
      + SampleSite.words.vocabulary.disciplines.sorted().map { "{ discipline: [\($0)] }" }
    #expect(check("{ all: [ { atom: FOUO }, { any: [ \(tests.joined(separator: ", ")) ] } ] }").count == 1)
  }
}
