// L08: facts that cannot all be true.

import Bulletins
import Testing

@testable import Distribution

@Suite struct L08ContradictionTests {
  func organization(_ level: String, _ country: String) -> [String] {
    let lists = SampleSite.load([
      "organizations.yaml":
        "organizations:\n  - { id: police, name: P, level: \(level), type: law-enforcement, country: \(country) }\n"
    ])
    return SampleSite.summary(SampleSite.check(lists))
  }

  @Test func levelAndCountry() {
    #expect(organization("foreign", "USA") == ["L08 error organizations.yaml:2"])
    #expect(organization("state", "CAN") == ["L08 warning organizations.yaml:2"])
    #expect(organization("foreign", "CAN").isEmpty)
    #expect(organization("private", "GBR").isEmpty)
    #expect(organization("state", "USA").isEmpty)
  }

  @Test(arguments: [
    "{ vetted-on: 2026-05-01, until: 2026-04-30 }", "{ vetted-on: 2026-12-01, until: 2027-12-01 }",
    "{ vetted-on: 2026-05-01 }", "{ until: 2027-05-01 }",
  ])
  func vetting(_ text: String) {
    let lists = SampleSite.load(SampleSite.stakeholders(SampleSite.reader(id: "a.one", ["vetting": text])))
    #expect(
      SampleSite.summary(SampleSite.check(lists).filter { $0.rule == "L08" }) == ["L08 warning stakeholders.yaml:2"])
  }

  @Test func systemWithoutStatement() {
    let lists = SampleSite.load(SampleSite.stakeholders(SampleSite.reader(id: "a.one", ["mailbox": "system"])))
    #expect(SampleSite.check(lists).map(\.rule) == ["L08"])
  }
}
