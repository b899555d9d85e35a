// L04: files and values that cannot be read.

import Bulletins
import Testing

@testable import Distribution

@Suite struct L04MalformedValueTests {
  @Test func brokenFiles() {
    for text in ["organizations: [", "organizations: &a []", "organizations: x", "{}", "\u{0}"] {
      let lists = SampleSite.load(["organizations.yaml": text])
      let findings = SampleSite.check(lists).filter { $0.place.file.hasSuffix("organizations.yaml") }
      #expect(findings.map(\.rule) == ["L04"], "\(text)")
    }
  }

  @Test func notUTF8() {
    let lists = SiteListsLoader.load(
      [ListFile(path: "distribution-lists/organizations.yaml", bytes: [0x61, 0xFF, 0xFE])],
      vocabulary: SampleSite.words.vocabulary)
    #expect(lists.findings.contains { $0.rule == "L04" && $0.message.contains("UTF-8") })
  }

  @Test func repeatedKeyAndMissingKey() {
    let lists = SampleSite.load([
      "organizations.yaml": """
      organizations:
        - id: police
          name: P
          level: foreign
          level: local
          country: CAN
      """
    ])
    #expect(SampleSite.summary(lists.findings) == ["L04 error organizations.yaml:2", "L04 error organizations.yaml:5"])
    #expect(lists.organizations.first?.value.level == .foreign)
  }

  @Test func addressesAndDates() {
    let lists = SampleSite.load(
      SampleSite.stakeholders(
        SampleSite.reader(id: "a.one", ["email": "\"a@b\\r\\nDATA\""]),
        SampleSite.reader(id: "a.two", ["email": "j\u{F6}rg@example.org"]),
        SampleSite.reader(id: "a.three", ["agreements": "{ nda: 2027-02-29 }"]),
        SampleSite.reader(id: "a.four", ["email": nil])))
    #expect(SampleSite.summary(lists.findings) == (2...5).map { "L04 error stakeholders.yaml:\($0)" })
  }

  @Test func aDeepFile() {
    let deep = "organizations: " + String(repeating: "[", count: 10_000)
    #expect(SampleSite.load(["organizations.yaml": deep]).findings.map(\.rule) == ["L04"])
  }
}
