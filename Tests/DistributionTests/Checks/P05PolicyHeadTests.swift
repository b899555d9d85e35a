// P05 and the head of a policy: what its version and its day may be, and when they are odd.

import Bulletins
import Markings
import Testing

@testable import Distribution

@Suite struct P05PolicyHeadTests {
  private static let file = "distribution-lists/release-policy.yaml"

  private func lists(_ head: String, site: String? = nil) -> SiteLists {
    var files = [
      "release-policy.yaml": "policy: p\n\(head)\natoms: { GOV: { level: [state] } }\nchannels: { portal: all }\n"
    ]
    files["release-policy.site.yaml"] = site.map { "policy: s\n\($0)\natoms: {}\n" }
    return SampleSite.load(files)
  }

  private func findings(_ lists: SiteLists, recorded: [String: String] = [:]) -> [String] {
    let site = Site(id: "x", name: "X", serialPrefix: "X", zone: SampleSite.zone)
    return SampleSite.summary(
      ListCheck.findings(
        in: ListCheckContext(
          lists: lists, vocabulary: SampleSite.words.vocabulary, site: site, now: SampleSite.now,
          recordedVersions: recorded.compactMapValues(PolicyVersion.init))))
  }

  @Test(arguments: [
    ("version: two", 2), ("version: 2a", 2), ("version: -2", 2), ("version: 2.", 2), ("version: [2]", 2),
    ("version: { a: 2 }", 2), ("version: 99999999999999999999", 2), ("version: ''", 1), ("effective: 2026-11-15", 1),
  ])
  func malformedVersions(_ head: String, _ line: Int) {
    let lists = lists(head)
    #expect(findings(lists) == ["L04 error release-policy.yaml:\(line)"])
    #expect(lists.policy.merged.version == "")
  }

  @Test(arguments: ["2026-02-30", "soon", "[2026-11-15]", "15.11.2026", "''", "2026-11-15T00:00:00Z"])
  func malformedDays(_ day: String) {
    #expect(findings(lists("version: 2\neffective: \(day)")) == ["L04 error release-policy.yaml:3"])
  }

  /// 2026-11-22 at the center.
  @Test(arguments: [("2026-11-22", false), ("2026-11-23", true), ("2020-01-01", false), ("", false)])
  func notInForceYet(_ day: String, _ isFound: Bool) {
    let found = findings(lists("version: 2\neffective: \(day)"))
    #expect(found == (isFound ? ["P05 warning release-policy.yaml:3"] : []))
    let ofSite = findings(lists("version: 2", site: "version: 1\neffective: \(day)"))
    #expect(ofSite == (isFound ? ["P05 warning release-policy.site.yaml:3"] : []))
  }

  @Test(arguments: [
    ("2", "2", false), ("2", "3", true), ("2", "10", true), ("10", "2", false), ("2.1", "2", false), ("2", "2.1", true),
    ("2026-11-15", "2026-10-31", false), ("2026-10-31", "2026-11-15", true),
  ])
  func olderThanTheLedgers(_ version: String, _ recorded: String, _ isFound: Bool) {
    let lists = lists("version: \(version)")
    #expect(findings(lists, recorded: [Self.file: recorded]) == (isFound ? ["P05 warning release-policy.yaml:2"] : []))
    #expect(findings(lists, recorded: ["distribution-lists/release-policy.site.yaml": recorded]) == [])
  }

  @Test func recordedFiles() {
    #expect(PolicyLoader.version(of: Array("policy: p\nversion: 2.1\n".utf8))?.description == "2.1")
    for text in ["", "x", "version: [1]", "version: {", "policy: p"] {
      #expect(PolicyLoader.version(of: Array(text.utf8)) == nil, "\(text)")
    }
  }
}
