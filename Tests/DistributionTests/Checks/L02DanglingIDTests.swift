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

  /// A file that cannot be read is the one error; whoever names what may stand in it is not to blame.
  @Test(arguments: [
    "organizations: [", "organizations: x", "organisations: []", "organizations:",
    "organizations:\n  - { id: police, name: P, level: local, type: law-enforcement, country: USA }\n  - { id: power",
    "organizations:\n  - {}\norganizations: []",
  ])
  func organizationsThatCannotBeRead(_ text: String) {
    var files = SampleSite.stakeholders(SampleSite.reader(id: "a.one"), SampleSite.reader(id: "a.two"))
    files["organizations.yaml"] = text
    files["lists/l.yaml"] = Self.list("organizations: [police, power]")
    let found = SampleSite.check(SampleSite.load(files))
    #expect(found.first?.rule == "L04")
    #expect(found.allSatisfy { $0.place.file.hasSuffix("organizations.yaml") }, "\(found)")
  }

  @Test(arguments: [
    "stakeholders: [", "stakeholders: x", "- a", "stakeholders:\n  - { id: a.one }\n  - { id: \"a.two }",
  ])
  func readersThatCannotBeRead(_ text: String) {
    let lists = SampleSite.load([
      "stakeholders.yaml": text, "lists/l.yaml": Self.list("stakeholders: [a.one, a.two]"),
      "endpoints.yaml": "endpoints:\n  - { id: e, stakeholder: a.two, url: 'https://x.example/' }\n",
    ])
    let site = Site(id: "x", name: "X", serialPrefix: "X", zone: SampleSite.zone, releaseAuthorities: ["a.two"])
    let context = ListCheckContext(
      lists: lists, vocabulary: SampleSite.words.vocabulary, site: site, now: SampleSite.now)
    #expect(L02DanglingID.findings(in: context) == [])
    #expect(ListCheck.findings(in: context).first?.rule == "L04")
  }

  @Test(arguments: ["", "name,email\nA,a@x.example\n", "id,name\n\"a.two,b\n"])
  func aTableThatCannotBeRead(_ csv: String) {
    let lists = SampleSite.load(["lists/l.yaml": Self.list("stakeholders: [a.one, a.two]")], csv: csv)
    let found = SampleSite.check(lists)
    #expect(found.first?.rule == "L04" && !found.contains { $0.rule == "L02" }, "\(found)")
  }

  @Test func aMissingFile() {
    let path = SiteListsLoader.folder
    let lists = SiteListsLoader.load(
      ["stakeholders.yaml", "release-policy.yaml"].map {
        ListFile(path: path + "/" + $0, bytes: Array((SampleSite.defaults[$0] ?? "").utf8))
      }, vocabulary: SampleSite.words.vocabulary)
    #expect(SampleSite.summary(SampleSite.check(lists)) == ["L04 error organizations.yaml:1"])
  }

  /// One broken record: its error first, then those who name it and nobody else.
  @Test(arguments: [
    ("power", 1), ("[power]", 1), ("{ name: Power }", 2), ("{ id: [power] }", 3), ("{ id: po wer, name: P }", 1),
  ])
  func oneBrokenRecord(_ record: String, _ most: Int) {
    var files = SampleSite.stakeholders(
      SampleSite.reader(id: "a.one"), SampleSite.reader(id: "a.two", ["organization": "power"]))
    files["organizations.yaml"] = """
      organizations:
        - { id: police, name: Police, level: local, type: law-enforcement, country: USA }
        - \(record)
      """
    let found = SampleSite.check(SampleSite.load(files))
    let summary = SampleSite.summary(found)
    #expect(summary.first == "L04 error organizations.yaml:3", "\(found)")
    #expect(summary.last == "L02 error stakeholders.yaml:3", "\(found)")
    #expect(summary.filter { $0 == "L04 error organizations.yaml:3" }.count <= most, "\(found)")
    #expect(summary.allSatisfy { $0.hasPrefix("L04") || $0 == summary.last }, "\(found)")
  }

  private static func list(_ members: String) -> String {
    "id: l\nname: L\nowner: a.two\nceiling: [GOV]\nseries: [s]\nmembers: { \(members) }\n"
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
