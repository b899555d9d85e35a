// What may not be released, with its code; and that a refusal changes nothing.

import Bulletins
import Distribution
import Foundation
import Markings
import Store
import Testing
import Workflows

@Suite struct ReleaseRefusalTests {
  private func expect(
    _ code: ReleaseRefusal.Code, _ change: (inout BulletinText) -> Void = { _ in },
    order: ReleaseOrder = ReleaseOrder(by: "boss"), now: Instant = SmallSite.noon,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> ReleaseRefusal {
    let site = try SmallSite()
    let refusal = try site.refusal(of: try site.bulletin(BulletinText(change)), order, now: now)
    #expect(refusal?.code == code, "\(String(describing: refusal))", sourceLocation: sourceLocation)
    #expect(refusal?.message.isEmpty == false, sourceLocation: sourceLocation)
    #expect(try site.releases().isEmpty, sourceLocation: sourceLocation)
    #expect(try site.store.read { try $0.currentSnapshot() } == nil, sourceLocation: sourceLocation)
    if code != .spillage { #expect(try site.audit().isEmpty, sourceLocation: sourceLocation) }
    return try #require(refusal, sourceLocation: sourceLocation)
  }

  @Test func theCleanBulletinIsReleased() throws {
    let site = try SmallSite()
    #expect(try site.refusal(of: try site.bulletin()) == nil)
  }

  @Test func onlyAnAuthorityReleases() throws {
    let refusal = try expect(.notAnAuthority, order: ReleaseOrder(by: "officer"))
    #expect(refusal.hint.contains("boss, deputy"))
    let site = try SmallSite(
      SmallSite.people.filter { $0.id != "boss" } + [Person("boss", organization: "center", status: "departed")])
    let left = try site.refusal(of: try site.bulletin(), ReleaseOrder(by: "boss"))
    #expect(left?.code == .notAnAuthority && left?.message.contains("active") == true)
  }

  @Test(arguments: ["two words", "a:b", "ü", String(repeating: "a", count: 81)]) func namesForGood(stem: String) throws
  {
    let site = try SmallSite()
    #expect(try site.refusal(of: try site.bulletin(named: stem))?.code == .badName)
    #expect(try site.releases().isEmpty)
  }

  @Test func findingsOfTheCheck() throws {
    let refusal = try expect(.findings, { $0.bottomLine = "No mark at all." })
    #expect(refusal.findings.map(\.rule).contains("M01"))
    // An error is not accepted by its id.
    _ = try expect(
      .findings, { $0.bottomLine = "No mark at all." }, order: ReleaseOrder(by: "boss", acceptedRules: ["M01"]))
  }

  @Test func warningsMustBeAcceptedById() throws {
    let warned: (inout BulletinText) -> Void = { $0.detail = "(U//FOUO//LES) Canaryles text.[^s1]" }
    let refusal = try expect(.findings, warned)
    #expect(refusal.hint.contains("--accept M05"))
    _ = try expect(.findings, warned, order: ReleaseOrder(by: "boss", acceptedRules: ["M06"]))
    let site = try SmallSite()
    let order = ReleaseOrder(by: "boss", acceptedRules: ["M05"])
    let file = try site.bulletin(BulletinText(warned))
    #expect(try site.refusal(of: file, order) == nil)
    let recorded = try site.store.read { try $0.recordedDecisions(revisionHash: file.hash) }
    #expect(recorded.map(\.acceptRules) == [["D02", "D04", "M05"]])
  }

  @Test func spillageLeavesAnAuditEntryAndNothingElse() throws {
    let site = try SmallSite()
    let file = try site.bulletin(BulletinText { $0.detail = "(S//NF) Canarysecret text.[^s1]" })
    let refusal = try #require(try site.refusal(of: file))
    #expect(refusal.code == .spillage)
    #expect(refusal.findings.map(\.rule) == ["M12"])
    let entries = try site.audit()
    #expect(entries.map(\.action) == ["spillage-refused"])
    #expect(entries.first?.subject == "visor" && entries.first?.actor == "boss")
    #expect(entries.first?.detail.contains("Canary") == false)
    #expect(try site.releases().isEmpty)
    #expect(try site.store.read { try $0.allocatedNumber(of: "brief") } == 0)
  }

  @Test func decisionsNeedAReason() throws {
    for reason in ["", "  ", "\n"] {
      _ = try expect(
        .noReason,
        order: ReleaseOrder(by: "boss", reason: reason, decisions: RecordedDecisions(privateRelease: true)))
    }
  }

  @Test func unknownDecisions() throws {
    var refusal = try expect(
      .unknownDecision,
      order: ReleaseOrder(by: "boss", reason: "r", decisions: RecordedDecisions(consents: ["s1"])))
    #expect(refusal.message.contains("s1"))
    refusal = try expect(
      .unknownDecision,
      order: ReleaseOrder(by: "boss", reason: "r", decisions: RecordedDecisions(foreignRelease: ["CANADA"])))
    #expect(refusal.message.contains("CANADA"))
    refusal = try expect(
      .unknownDecision,
      order: ReleaseOrder(by: "boss", reason: "r", decisions: RecordedDecisions(acceptHollow: ["detail"])))
    #expect(refusal.message.contains("detail"))
  }

  @Test func pastItsExpiry() throws {
    // 21 December, one second after midnight in the center's zone; a second earlier it may go.
    _ = try expect(.expired, now: Instant(seconds: 1_797_829_200))
    let site = try SmallSite()
    #expect(try site.refusal(of: try site.bulletin(), now: Instant(seconds: 1_797_829_199)) == nil)
  }

  @Test func twiceTheSame() throws {
    let site = try SmallSite()
    let file = try site.bulletin()
    try site.release(file)
    for kind in [ReleaseKind.release, .update, .correction] {
      #expect(try site.refusal(of: file, ReleaseOrder(by: "boss", kind: kind))?.code == .unchanged)
    }
    #expect(try site.releases().count == 1)
  }

  @Test func aChangedOneSaysWhatItIs() throws {
    let site = try SmallSite()
    try site.release(try site.bulletin())
    let changed = try site.bulletin(BulletinText { $0.detail? += " More." })
    let refusal = try #require(try site.refusal(of: changed))
    #expect(refusal.code == .needsKind)
    #expect(refusal.hint.contains("--update") && refusal.hint.contains("--correct"))
    _ = try expect(.nothingToFollow, order: ReleaseOrder(by: "boss", kind: .update))
    _ = try expect(.nothingToFollow, order: ReleaseOrder(by: "boss", kind: .correction))
  }

  @Test func atOnceMeansThatNobodyIsLeftHollow() throws {
    let alarm: (inout BulletinText) -> Void = {
      $0.series = "alarm"
      $0.bottomLine = "(U//LES) Canaryles only.[^s1]"
      $0.detail = nil
    }
    let refusal = try expect(.hollow, alarm)
    #expect(refusal.hint.contains("--accept-hollow bottom-line"))
    let site = try SmallSite()
    let order = ReleaseOrder(
      by: "boss", reason: "no time", decisions: RecordedDecisions(acceptHollow: ["bottom-line", "title"]))
    #expect(try site.refusal(of: try site.bulletin(BulletinText(alarm)), order) == nil)
    // The same as a routine bulletin needs no acceptance.
    let calm = try SmallSite()
    let file = try calm.bulletin(
      BulletinText {
        alarm(&$0)
        $0.series = "brief"
      })
    #expect(try calm.refusal(of: file) == nil)
  }

  /// An update that still proposes what was decided for the version before it must be decided too: its readers would
  /// else be told that theirs counts no more.
  @Test func whatTheVersionBeforeWasReleasedWithIsNotLost() throws {
    let site = try SmallSite()
    let proposing = { (detail: String) in
      BulletinText {
        $0.detail? += detail
        $0.front = ["private-release: true"]
      }
    }
    let decided = RecordedDecisions(privateRelease: true)
    let serial = try site.release(
      try site.bulletin(proposing("")), ReleaseOrder(by: "boss", reason: "r", decisions: decided)
    ).serial
    let changed = try site.bulletin(proposing(" News."))
    let refusal = try site.refusal(of: changed, ReleaseOrder(by: "boss", kind: .update))
    #expect(refusal?.code == .undecided && refusal?.message.contains(serial) == true)
    #expect(refusal?.hint.contains("--private-release") == true)
    let again = ReleaseOrder(by: "boss", reason: "r", kind: .update, decisions: decided)
    #expect(try site.refusal(of: try site.bulletin(proposing(" News.")), again) == nil)
    // Whoever takes the proposal away means it.
    let narrowed = try site.bulletin(BulletinText { $0.detail? += " Less." })
    #expect(try site.refusal(of: narrowed, ReleaseOrder(by: "boss", kind: .update)) == nil)
  }

  @Test func aConsentOfTheVersionBeforeIsNotLost() throws {
    let site = try SmallSite()
    let asking = { (detail: String) in
      BulletinText {
        $0.detail? += detail
        $0.sources = ["{ id: s1, describe: \"(U//FOUO) Police report\", consent: required }"]
      }
    }
    let decided = RecordedDecisions(consents: ["s1"])
    _ = try site.release(try site.bulletin(asking("")), ReleaseOrder(by: "boss", reason: "r", decisions: decided))
    let changed = try site.bulletin(asking(" News."))
    let refusal = try site.refusal(of: changed, ReleaseOrder(by: "boss", kind: .update))
    #expect(refusal?.code == .undecided && refusal?.hint.contains("--consent s1") == true)
    let again = ReleaseOrder(by: "boss", reason: "r", kind: .update, decisions: decided)
    #expect(try site.refusal(of: changed, again) == nil)
  }

  /// What a file decided counts as what the command line did.
  @Test func whatAFileDecidedIsNotLost() throws {
    let site = try SmallSite()
    let proposing = { (detail: String) in
      BulletinText {
        $0.detail? += detail
        $0.front = ["private-release: true"]
      }
    }
    let first = try site.bulletin(proposing(""))
    let decided = ReleaseOrder(by: "boss", reason: "r", decisions: RecordedDecisions(privateRelease: true))
    try site.files.write(
      DecisionExport.bytes(decided, first, zone: try site.workspace().site.zone, now: SmallSite.noon),
      to: "distribution-lists/decisions/\(first.stem).yaml")
    _ = try site.release(first)
    let refusal = try site.refusal(
      of: try site.bulletin(proposing(" News.")), ReleaseOrder(by: "boss", kind: .update))
    #expect(refusal?.code == .undecided && refusal?.hint.contains("--private-release") == true)
  }
}

extension BulletinStore {
  /// The last number of a series in 2026 without taking one.
  func allocatedNumber(of series: String) throws -> Int {
    try releases(limit: 1_000).filter { $0.series == series }.map(\.number).max() ?? 0
  }
}
