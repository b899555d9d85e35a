// A decision that widens counts for exactly the revision that it was made for, by a release authority, from its time
// on; and the export that the release writes is read back as the same decision.

import Bulletins
import Distribution
import Foundation
import Markings
import Outbox
import Store
import Testing
import Workflows

@Suite struct RecordedDecisionTests {
  private func export(
    _ site: SmallSite, _ file: BulletinFile, by: String = "boss", at: Instant = SmallSite.noon, hash: String? = nil
  ) throws {
    var file = file
    file.hash = hash ?? file.hash
    let order = ReleaseOrder(by: by, reason: "they act on it", decisions: RecordedDecisions(privateRelease: true))
    try site.files.write(
      DecisionExport.bytes(order, file, zone: try site.workspace().site.zone, now: at),
      to: "distribution-lists/decisions/visor.yaml")
  }

  private func counts(_ site: SmallSite, _ file: BulletinFile) throws -> (counts: Bool, findings: Int) {
    let made = RevisionBuilding.revision(file, in: try site.workspace(), now: SmallSite.noon)
    return (made.revision.decisions.privateRelease, made.findings.count)
  }

  @Test func countsForItsRevisionOnly() throws {
    let site = try SmallSite()
    let file = try site.bulletin()
    try export(site, file)
    #expect(try counts(site, file) == (true, 0))
    let changed = try site.bulletin(BulletinText { $0.detail? += " x." })
    #expect(try counts(site, changed) == (false, 1))
  }

  @Test func countsOnlyByAnAuthority() throws {
    let site = try SmallSite()
    let file = try site.bulletin()
    try export(site, file, by: "officer")
    #expect(try counts(site, file) == (false, 1))
    try export(site, file, by: "deputy")
    #expect(try counts(site, file) == (true, 0))
    try site.settings(authorities: "[boss]")
    #expect(try counts(site, file) == (false, 1))
  }

  @Test func countsFromItsTimeOn() throws {
    let site = try SmallSite()
    let file = try site.bulletin()
    try export(site, file, at: Instant(seconds: SmallSite.noon.seconds + 1))
    #expect(try counts(site, file) == (false, 1))
    try export(site, file, at: SmallSite.noon)
    #expect(try counts(site, file) == (true, 0))
  }

  @Test func storedOnesFollowTheSameRule() {
    func effective(by: String, at: Int64) -> RecordedDecisions {
      .effective(
        [
          RecordedDecision(
            bulletin: "visor", revisionHash: "sha256:0", privateRelease: true, by: by,
            at: .init(seconds: SmallSite.noon.seconds + at), reason: "r")
        ], authorities: ["boss"], now: SmallSite.noon)
    }
    #expect(effective(by: "boss", at: 0).privateRelease)
    #expect(!effective(by: "boss", at: 1).privateRelease)
    #expect(!effective(by: "officer", at: 0).privateRelease)
  }

  @Test func whatTheReleaseDecidedHoldsAtEveryAttempt() throws {
    let site = try SmallSite()
    let file = try site.bulletin()
    let order = ReleaseOrder(by: "boss", reason: "r", decisions: RecordedDecisions(privateRelease: true))
    let serial = try site.release(file, order).serial
    #expect(try site.rows(serial)["firm"]?.state == .withheld, "FOUO wants clearance fouo, private release or not")
    var people = SmallSite.people
    people.append(Person("vetted-firm", organization: "firm", clearance: "fouo"))
    let other = try SmallSite(people)
    let second = try other.bulletin()
    #expect(try other.rows(try other.release(second, order).serial)["vetted-firm"]?.state == .pending)
    #expect(try Attempt(other).prepare()["vetted-firm"]?.body.contains("Canaryfouo") == true)
    // The authority was replaced: their decisions count no more, and what they opened closes.
    try other.settings(authorities: "[deputy]")
    guard case .withhold = try #require(try Attempt(other).prepare()["vetted-firm"]) else {
      Issue.record("must be withheld")
      return
    }
  }

  @Test func theExportKeepsAwkwardWords() throws {
    let site = try SmallSite()
    let file = try site.bulletin(named: "visor")
    let order = ReleaseOrder(
      by: "boss", reason: "He said: \"yes\" # and \\ more\r\nsecond line: {x}\u{85}\u{1B}[31m ünïcode",
      decisions: RecordedDecisions(
        publicRelease: true, privateRelease: true, foreignRelease: ["CAN", "GBR"], consents: ["s1, s2", "no", "# x"],
        acceptHollow: ["bottom-line"]))
    try site.files.write(
      DecisionExport.bytes(order, file, zone: try site.workspace().site.zone, now: SmallSite.noon),
      to: "distribution-lists/decisions/visor.yaml")
    let record = try #require(try site.workspace().lists.decisions.first?.value)
    #expect(record.decisions == order.decisions)
    #expect(record.bulletin == "visor" && record.revision == file.hash && record.by == "boss")
    #expect(record.at == SmallSite.noon)
    #expect(record.reason == "He said: \"yes\" # and \\ more  second line: {x}  [31m ünïcode")
  }

  @Test func theReleaseTellsWhatDoesNotCount() throws {
    let site = try SmallSite()
    let file = try site.bulletin()
    try export(site, file)
    let changed = try site.bulletin(BulletinText { $0.detail? += " x." })
    let ignored = try site.release(changed).ignored
    #expect(ignored.map(\.place.file) == ["distribution-lists/decisions/visor.yaml"])
    #expect(ignored.first?.message.contains("another revision") == true)
  }

  /// Two releases of one revision cannot be, but a proposal may have been decided before the release: what stands in
  /// an export of the same revision is not lost by writing the next.
  @Test func anEarlierExportOfTheRevisionStays() throws {
    let site = try SmallSite()
    let file = try site.bulletin()
    try export(site, file)
    let order = ReleaseOrder(by: "deputy", reason: "r", decisions: RecordedDecisions(foreignRelease: ["CAN"]))
    let path = try DecisionExport.write(order, file, in: try site.workspace(), files: site.files, now: SmallSite.noon)
    #expect(path == "distribution-lists/decisions/visor-2.yaml")
    let made = RevisionBuilding.revision(file, in: try site.workspace(), now: SmallSite.noon)
    #expect(made.revision.decisions == RecordedDecisions(privateRelease: true, foreignRelease: ["CAN"]))
    #expect(made.findings.isEmpty)
    // One of another revision is replaced: it counts for nothing any more.
    let changed = try site.bulletin(BulletinText { $0.detail? += " x." })
    #expect(
      try DecisionExport.write(order, changed, in: try site.workspace(), files: site.files, now: SmallSite.noon)
        == "distribution-lists/decisions/visor.yaml")
  }
}
