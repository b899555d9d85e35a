// L03: one id, one address or one person twice; until it is mended the entry is closed.

import Bulletins
import Testing

@testable import Distribution

@Suite struct L03DuplicateTests {
  @Test func sameReader() {
    let lists = SampleSite.load(
      SampleSite.stakeholders(
        SampleSite.reader(id: "a.one"), SampleSite.reader(id: "a.one", ["status": "suspended"])))
    #expect(SampleSite.summary(lists.findings) == ["L03 error stakeholders.yaml:3"])
    #expect(lists.stakeholders.count == 1)
    #expect(lists.stakeholders.first?.value.status == nil)
  }

  @Test func sameAddress() {
    let lists = SampleSite.load(
      SampleSite.stakeholders(
        SampleSite.reader(id: "a.one", ["email": "desk@x.example"]),
        SampleSite.reader(id: "a.two", ["email": "Desk@X.example"]),
        SampleSite.reader(id: "a.three", ["email": "desk@x.example", "status": "departed"])))
    #expect(SampleSite.summary(lists.findings) == ["L03 error stakeholders.yaml:3"])
  }

  @Test func samePerson() {
    let lists = SampleSite.load(
      SampleSite.stakeholders(
        SampleSite.reader(id: "a.one", ["name": "Ann Lee"]), SampleSite.reader(id: "a.two", ["name": "ann lee"]),
        SampleSite.reader(id: "a.three", ["name": "Ann Lee", "organization": "power"])))
    #expect(SampleSite.summary(lists.findings) == ["L03 warning stakeholders.yaml:3"])
  }

  /// Case, doubled and hard spaces make no other person; a missing space does.
  @Test(arguments: [
    ("\"Ann  Lee\"", true), ("\" ann lee \"", true), ("\"Ann\u{A0}Lee\"", true), ("ANN LEE", true), ("AnnLee", false),
    ("Ann Lees", false), ("\"Ann\u{301} Lee\"", false),
  ])
  func namesAsTheyAreWritten(_ name: String, _ isSame: Bool) {
    let lists = SampleSite.load(
      SampleSite.stakeholders(
        SampleSite.reader(id: "a.one", ["name": "Ann Lee"]), SampleSite.reader(id: "a.two", ["name": name])))
    #expect(SampleSite.summary(lists.findings) == (isSame ? ["L03 warning stakeholders.yaml:3"] : []))
  }

  @Test func organizationsAndLists() {
    let list = "id: l\nname: L\nceiling: [GOV]\nseries: [s]\nmembers: { all: [] }\n"
    let lists = SampleSite.load([
      "organizations.yaml": """
      organizations:
        - { id: police, name: P, level: local, type: law-enforcement, country: USA }
        - { id: police, name: P, level: foreign, type: law-enforcement, country: CAN }
      """,
      "lists/a.yaml": list, "lists/b.yaml": list,
    ])
    #expect(SampleSite.summary(lists.findings) == ["L03 error b.yaml:1", "L03 error organizations.yaml:3"])
    #expect(lists.organizations.first?.value.level == nil && lists.organizations.first?.value.country == nil)
    #expect(lists.lists.map(\.list.ceiling) == [.nothing])
  }
}
