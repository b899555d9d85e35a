// A bulletin that takes another's place: nothing more of the other goes out, exactly its holders hear of it, and a name
// that cannot be meant is refused at its line.

import Bulletins
import Distribution
import Foundation
import Markings
import Outbox
import Store
import StoreSQLite
import Testing
import Workflows

@Suite struct ReplacementTests {
  /// For readers with LES alone.
  private static func new(_ key: String, _ serial: String) -> BulletinText {
    BulletinText {
      $0.front = ["\(key): \(serial)"]
      $0.title = "\"(U//LES) Sheaths in sun visors\""
      $0.bottomLine = "(U//LES) Canarynew what was said is overtaken.[^s1]"
      $0.detail = nil
    }
  }

  @Test(arguments: ["supersedes", "corrects"])
  func whoHoldsTheOtherHearsOfIt(key: String) throws {
    let site = try SmallSite()
    let old = try site.release(try site.bulletin()).serial
    let attempt = try Attempt(site)
    try attempt.settle(["officer": .accept, "clerk": .accept, "boss": .lose, "deputy": .defer])
    let before = try site.rows(old)
    let done = try site.release(try site.bulletin(Self.new(key, old), named: "sheath"))
    #expect(done.replaces == old && done.leftBehind == 1 && done.cancelled == 3)
    #expect(Serial(done.serial)?.number == 2)
    let after = try site.rows(old)
    #expect(["deputy", "plain", "textual"].allSatisfy { after[$0]?.state == .cancelled })
    #expect(after["boss"]?.state == .uncertain && after["officer"]?.state == .accepted)

    let rows = try site.rows(done.serial)
    #expect(rows["clerk"]?.kind == .notice && rows["clerk"]?.reasons.contains("was-sent(\(old))") == true)
    #expect(rows["plain"]?.kind == .notice || rows["plain"]?.state == .withheld)
    #expect(rows["plain"]?.reasons.contains { $0.hasPrefix("was-sent") } == false)
    let sent = try attempt.prepare()
    let officer = try #require(sent["officer"])
    #expect(officer.field("References") == before["officer"]?.messageID)
    #expect(officer.body.contains(key == "corrects" ? "corrects \(old)" : "takes the place of \(old)"))
    // Nobody answered for it: a copy may be there.
    #expect(sent["boss"]?.field("References")?.isEmpty == false)
    // They were sent nothing of the other one.
    #expect(sent["deputy"]?.body.contains("Canarynew") == true && sent["deputy"]?.field("References") == nil)
    let clerk = try #require(sent["clerk"])
    #expect(clerk.field("Subject")?.contains("No longer current:") == true)
    #expect(clerk.field("References") == before["clerk"]?.messageID)
    #expect(clerk.body.contains(old) && !clerk.body.contains(done.serial) && !clerk.text.contains("Canary"))

    let releases = try site.releases()
    #expect(releases.first { $0.serial == done.serial }?.replaces?.serial == old)
    #expect(releases.first { $0.serial == old }?.replacedBy == done.serial)
    let entry = try #require(try site.audit().first { $0.action == "replaced" })
    #expect(entry.subject == old && entry.detail.contains(done.serial) && entry.actor == "boss")
    var told: [String] = []
    try DisseminationRecord.entries(of: old, in: site.store) { if $0.serial == done.serial { told.append($0.reader) } }
    #expect(told == ["clerk"])
  }

  /// What was under way when its place was taken never goes again, and it is neither followed nor ended, but recalled.
  @Test func theOtherIsOver() throws {
    let site = try SmallSite()
    let old = try site.release(try site.bulletin()).serial
    let attempt = try Attempt(site)
    let rows = try attempt.claim().filter { $0.reader == "officer" }
    _ = try site.store.write { try $0.begin(rows.map(\.id), worker: "w", now: attempt.now) }
    let new = try site.release(try site.bulletin(Self.new("supersedes", old), named: "sheath")).serial
    _ = try site.store.write { session in
      try session.record(
        rows.map {
          DeliveryOutcome($0, begun: true, event: .defer, at: attempt.now, nextAttempt: attempt.now + .minutes(1))
        }, worker: "w")
    }
    #expect(try site.rows(old)["officer"]?.state == .cancelled)
    let more = try site.bulletin(BulletinText { $0.detail? += " More." })
    let refusal = try site.refusal(of: more, ReleaseOrder(by: "boss", kind: .update))
    #expect(refusal?.code == .overtaken && refusal?.message.contains(new) == true)
    #expect(throws: ReleaseRefusal.self) { try site.end(old, .expiry) }
    // The relay said no for now: there is no copy. A recall is not refused all the same.
    #expect(try site.end(old).holders == 0)
  }

  /// The notice had not gone out when the new bulletin was updated or recalled itself: its reader is told all the same.
  @Test(arguments: [false, true])
  func nobodyIsForgottenByWhatComesNext(recalled: Bool) throws {
    let site = try SmallSite()
    let old = try site.release(try site.bulletin()).serial
    let attempt = try Attempt(site)
    try attempt.settle(["officer": .accept, "clerk": .accept])
    let new = try site.release(try site.bulletin(Self.new("supersedes", old), named: "sheath")).serial
    let next: Int64
    if recalled {
      next = try site.end(new).release
    } else {
      var text = Self.new("supersedes", old)
      text.bottomLine += " Canarymore."
      next = try site.release(
        try site.bulletin(text, named: "sheath"), ReleaseOrder(by: "boss", kind: .update)
      ).release
    }
    let rows = try site.rows(release: next)
    #expect(rows["clerk"]?.kind == .notice && rows["clerk"]?.reasons.last == "was-sent(\(old))")
    let sent = try attempt.prepare()
    #expect(sent["clerk"]?.field("Subject")?.contains("No longer current") == true)
    #expect(sent["clerk"]?.body.contains(old) == true && sent["clerk"]?.body.contains(new) == false)
    let officer = try #require(sent["officer"])
    if recalled {
      // It was never sent the new one: to this reader, what it holds is not current any more.
      #expect(officer.field("Subject")?.contains("No longer current") == true && officer.body.contains(old))
      #expect(rows["boss"] == nil)
    } else {
      #expect(officer.body.contains("Canarymore") && officer.field("References")?.isEmpty == false)
    }
    // Told once.
    try attempt.accept(["clerk", "officer", "boss", "deputy", "textual"])
    if !recalled {
      var text = Self.new("supersedes", old)
      text.bottomLine += " Canarylast."
      let last = try site.release(
        try site.bulletin(text, named: "sheath"), ReleaseOrder(by: "boss", kind: .update))
      #expect(last.leftBehind == 0 && last.replaces == nil)
    }
  }

  private func finding(_ site: SmallSite, _ text: BulletinText, named stem: String) throws -> Finding? {
    let refusal = try site.refusal(of: try site.bulletin(text, named: stem))
    #expect(refusal?.code == .findings && refusal?.findings.count == 1)
    return refusal?.findings.first
  }

  @Test func whatCannotBeMeant() throws {
    let site = try SmallSite()
    let old = try site.release(try site.bulletin()).serial
    let line = try #require(
      Self.new("supersedes", old).text.components(separatedBy: "\n").firstIndex { $0.hasPrefix("supersedes") })
    let unknown = try finding(site, Self.new("supersedes", "CFC-BR-2026-0099"), named: "sheath")
    #expect(unknown?.rule == "F07" && unknown?.place == Place(file: "bulletins/sheath.md", line: line + 1))
    #expect(unknown?.message.contains("CFC-BR-2026-0099") == true)
    let both = BulletinText { $0.front = ["supersedes: \(old)", "corrects: \(old)"] }
    #expect(try finding(site, both, named: "sheath")?.rule == "F09")
    #expect(try site.releases().count == 1 && site.audit().count == 1)

    let update = try site.release(
      try site.bulletin(BulletinText { $0.detail? += " More." }), ReleaseOrder(by: "boss", kind: .update)
    ).serial
    _ = try site.release(
      try site.bulletin(BulletinText { $0.detail? += " Yet more." }), ReleaseOrder(by: "boss", kind: .update))
    let overtaken = try finding(site, Self.new("supersedes", update), named: "sheath")
    #expect(overtaken?.message.contains("-U2") == true && overtaken?.explanation.contains(old) == true)

    let new = try site.release(try site.bulletin(Self.new("supersedes", old), named: "sheath")).serial
    let again = try finding(site, Self.new("supersedes", old), named: "third")
    #expect(again?.rule == "F09" && again?.message.contains(new) == true && again?.place.line == line + 1)
    let itself = try site.refusal(
      of: try site.bulletin(Self.new("supersedes", new), named: "sheath"), ReleaseOrder(by: "boss", kind: .update))
    #expect(itself?.findings.first?.message.contains("itself") == true)
    // An update cannot take a place that the first release did not take.
    let other = try site.release(try site.bulletin(BulletinText { $0.detail? += " Other." }, named: "other")).serial
    let late = try site.refusal(
      of: try site.bulletin(Self.new("supersedes", other), named: "sheath"), ReleaseOrder(by: "boss", kind: .update))
    #expect(late?.findings.first?.message.contains("any more") == true)
  }

  /// What was recalled may be replaced: its readers know that it is over, and those who get the new one see the thread.
  @Test func aRecalledOneIsReplaced() throws {
    let site = try SmallSite()
    let old = try site.release(try site.bulletin()).serial
    let attempt = try Attempt(site)
    try attempt.settle(["officer": .accept, "clerk": .accept])
    try site.end(old)
    try attempt.accept(["officer", "clerk"])
    let done = try site.release(try site.bulletin(Self.new("supersedes", old), named: "sheath"))
    #expect(done.leftBehind == 0)
    let sent = try attempt.prepare()
    #expect(sent["clerk"] == nil && sent["officer"]?.field("References")?.components(separatedBy: " ").count == 2)
  }
}
