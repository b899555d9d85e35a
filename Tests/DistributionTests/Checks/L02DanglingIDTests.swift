// L02: ids that name nothing.

import Bulletins
import Testing

@testable import Distribution

@Suite struct L02DanglingIDTests {
  @Test func everyKindOfReference() {
    var files = SampleSite.stakeholders(SampleSite.reader(id: "a.one", ["organization": "polise"]))
    files["lists/l.yaml"] = """
      id: l
      name: L
      owner: nobody
      ceiling: [GOV]
      series: [officer-safety, gone]
      members:
        any:
          - organizations: [police, nowhere]
          - stakeholders: [a.one, noone]
        except: [a.two]
      """
    files["endpoints.yaml"] = "endpoints:\n  - { id: e, stakeholder: ghost, url: 'https://x.example/' }\n"
    let found = SampleSite.check(SampleSite.load(files), series: ["officer-safety"]).filter { $0.rule == "L02" }
    #expect(
      SampleSite.summary(found) == [
        "L02 error endpoints.yaml:2", "L02 error l.yaml:3", "L02 warning l.yaml:5", "L02 error l.yaml:8",
        "L02 error l.yaml:9", "L02 error l.yaml:10", "L02 error stakeholders.yaml:2",
      ])
    #expect(found.last?.explanation == "did you mean `police`?")
  }

  @Test func releaseAuthorities() {
    let lists = SampleSite.load([:])
    let site = Site(
      id: "x", name: "X", serialPrefix: "X", zone: SampleSite.zone, releaseAuthorities: ["a.one", "ghost"])
    let context = ListCheckContext(
      lists: lists, vocabulary: SampleSite.words.vocabulary, site: site, now: SampleSite.now)
    #expect(L02DanglingID.findings(in: context).map(\.place) == [Place(file: "revere.yaml")])
  }

  @Test func aReaderWithoutOrganizationHasNone() {
    let lists = SampleSite.load(SampleSite.stakeholders(SampleSite.reader(id: "a.one", ["organization": "polise"])))
    #expect(lists.readers().first?.organization == nil)
  }
}
