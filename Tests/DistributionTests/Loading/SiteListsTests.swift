// The folder as a whole: which file is which, and what is missing.

import Bulletins
import Testing

@testable import Distribution

@Suite struct SiteListsTests {
  @Test func aSmallSite() {
    let lists = SampleSite.load([:])
    #expect(!lists.hasErrors)
    #expect(lists.readers().first?.organization?.id == "police")
  }

  @Test func missingFiles() {
    let lists = SiteListsLoader.load([], vocabulary: SampleSite.words.vocabulary)
    let errors = lists.findings.filter { $0.severity == .error }
    #expect(errors.map(\.place.file.utf8.count).count == 3)
    #expect(lists.hasErrors && lists.policy.merged.atoms.isEmpty)
  }

  @Test func misnamedPolicyOfTheSite() {
    let lists = SampleSite.load(["release-policy.site.yml": "policy: s\nversion: 1\n"])
    #expect(lists.findings.map(\.rule) == ["L01"])
    #expect(lists.findings.first?.explanation.contains("release-policy.site.yaml") == true)
  }

  @Test func bothForms() {
    var files = SampleSite.defaults
    files["stakeholders.csv"] = "id,name,organization,status\nb,B,police,active\n"
    let lists = SampleSite.load(files)
    #expect(lists.findings.contains { $0.message.contains("only one of them") })
  }

  @Test func endpoints() {
    let good =
      "endpoints:\n  - { id: e, stakeholder: a.one, url: 'https://hooks.example.org/x', format: standard, full-body: true, secret-file: var/s }\n"
    let lists = SampleSite.load(["endpoints.yaml": good])
    #expect(lists.findings.isEmpty)
    #expect(lists.endpoints.first?.value.fullBody == true)
    for url in ["http://x.example/", "https://u:p@x.example/", "https:///x", "'https://x.example/a b'", "file:///etc"] {
      let bad = SampleSite.load(["endpoints.yaml": "endpoints:\n  - { id: e, stakeholder: a.one, url: \(url) }\n"])
      #expect(bad.endpoints.isEmpty && bad.findings.map(\.rule) == ["L04"], "\(url)")
    }
  }
}
