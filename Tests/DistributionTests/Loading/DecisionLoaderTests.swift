// Recorded decisions widen, so a record counts whole or not at all.

import Bulletins
import Markings
import Testing

@testable import Distribution

@Suite struct DecisionLoaderTests {
  static let hash = "sha256:" + String(repeating: "0a", count: 32)

  func load(_ changes: [String: String] = [:]) -> (record: Located<DecisionRecord>?, findings: [Finding]) {
    var keys = [
      "bulletin": "b", "revision": Self.hash, "private-release": "true", "foreign-release": "[CAN]", "by": "p.munroe",
      "at": "2026-11-18T15:30:00-05:00", "reason": "R",
    ]
    for (key, value) in changes { keys[key] = value }
    let text = keys.sorted { $0.key < $1.key }.map { "\($0): \($1)\n" }.joined()
    return DecisionLoader.read(
      ListFile(path: "decisions/b.yaml", bytes: Array(text.utf8)), vocabulary: SampleSite.words.vocabulary)
  }

  @Test func complete() throws {
    let record = try #require(load().record?.value)
    #expect(record.decisions == RecordedDecisions(privateRelease: true, foreignRelease: ["CAN"]))
    #expect(record.at == Instant(rfc3339: "2026-11-18T15:30:00-05:00"))
  }

  @Test(arguments: [
    ("revision", "abc"), ("revision", "sha256:12"), ("foreign-release", "[CAN, XXQ]"), ("private-release", "yes"),
    ("at", "yesterday"), ("by", "''"), ("reason", "''"), ("publik-release", "true"), ("bulletin", "[b]"),
  ])
  func halfADecisionIsNone(_ key: String, _ value: String) {
    let (record, findings) = load([key: value])
    #expect(record == nil)
    #expect(!findings.isEmpty)
  }

  @Test func whichCount() throws {
    let record = try #require(load().record)
    let now = SampleSite.now
    func effective(_ revision: String, _ authorities: [String], _ now: Instant) -> (RecordedDecisions, Int) {
      let (decisions, findings) = DecisionRecord.effective(
        [record], bulletin: "b", revision: revision, authorities: authorities, now: now)
      return (decisions, findings.count)
    }
    #expect(effective(Self.hash, ["p.munroe"], now) == (record.value.decisions, 0))
    #expect(effective("sha256:other", ["p.munroe"], now) == (.none, 1))
    #expect(effective(Self.hash, ["t.renfrew"], now) == (.none, 1))
    #expect(effective(Self.hash, ["p.munroe"], Instant(seconds: 0)) == (.none, 1))
    #expect(effective(Self.hash, ["p.munroe"], record.value.at) == (record.value.decisions, 0))
  }
}
