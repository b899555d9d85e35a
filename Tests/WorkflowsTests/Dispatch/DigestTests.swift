// Readers who asked for one message a day: what waits for it, what goes at once, what is in it, and what leaves it.

import Bulletins
import Distribution
import Foundation
import Markings
import Outbox
import Store
import Testing
import Workflows

@Suite struct DigestTests {
  /// 07:00 of the day after the samples' day, at the center.
  static let digest = Moment(seconds: SmallSite.noon.seconds + 19 * 3_600)

  static func site() throws -> SmallSite {
    try SmallSite([
      Person("boss", organization: "center"), Person("deputy", organization: "center"),
      Person("officer", pace: "digest"), Person("clerk", clearance: "fouo", pace: "digest"),
      Person("textual", name: "\"Zoë Ångström\"", format: "text", pace: "digest"),
      Person("plain", channels: ["email-plain"], pace: "digest"),
    ])
  }

  /// Claims at a time, prepares, and flattens what digests were split into.
  private func prepare(_ attempt: Attempt, at moment: Moment) throws -> [(
    row: ClaimedDelivery, attempt: PreparedAttempt
  )] {
    attempt.advance(moment - attempt.now)
    let rows = try attempt.claim()
    return zip(rows, try attempt.preparer.prepare(rows, now: attempt.now)).flatMap { row, answer in
      if case .split(let parts) = answer { return parts.map { ($0.delivery, $0.attempt) } }
      return [(row, answer)]
    }
  }

  private func give(_ attempt: Attempt) throws {
    _ = try attempt.site.store.write { try $0.handBack(worker: "w") }
  }

  private func release(_ site: SmallSite, _ stem: String, _ change: (inout BulletinText) -> Void = { _ in }) throws
    -> String
  {
    try site.release(
      try site.bulletin(BulletinText(change), named: stem),
      ReleaseOrder(by: "boss", acceptedRules: ["D02"])
    ).serial
  }

  @Test func oneMessageADay() throws {
    let site = try Self.site()
    let first = try release(site, "visor")
    let second = try release(site, "ramp") {
      $0.title = "\"(U) Ramp closed\""
      $0.shortTitle = "\"(U) Ramp closed\""
      $0.bottomLine = "(U) Canaryramp the ramp is closed."
      $0.detail = nil
      $0.sources = ["{ id: s1, describe: \"(U) Road agency\" }"]
    }
    let urgent = try release(site, "alarm") {
      $0.series = "alarm"
      $0.bottomLine = "(U) Canaryalarm look out."
      $0.detail = nil
    }
    let attempt = try Attempt(site)
    // What cannot wait goes at once; others get each bulletin at once.
    let now = try prepare(attempt, at: attempt.now)
    #expect(Set(now.filter { $0.row.reader == "officer" }.map(\.row.lane)) == [.immediate])
    #expect(now.filter { $0.row.reader == "boss" }.count == 3)
    try give(attempt)
    #expect(try site.rows(first)["officer"]?.digest == Self.digest)
    #expect(try site.rows(urgent)["officer"]?.digest == nil)
    #expect(try site.rows(first)["boss"]?.digest == nil)

    let due = try prepare(attempt, at: Self.digest).filter { $0.row.digest != nil }
    #expect(due.map(\.row.reader).sorted() == ["clerk", "officer", "plain", "textual"])
    func answer(_ reader: String) throws -> (row: ClaimedDelivery, attempt: PreparedAttempt) {
      try #require(due.first { $0.row.reader == reader })
    }
    let officer = try answer("officer")
    #expect(officer.row.rows.count == 2)
    for word in ["Canaryles", "Canaryfouo", "Canaryramp", first, second, "Contents", "UNCLASSIFIED//LES"] {
      #expect(officer.attempt.body.contains(word), "\(word)")
    }
    #expect(!officer.attempt.body.contains("Canaryalarm"))
    #expect(officer.attempt.field("Subject") == "(U) CFC daily digest, 23 Nov 2026: 2 bulletins")
    #expect(officer.attempt.field("To")?.contains("officer@city.example.gov") == true)
    #expect(officer.attempt.field("Date")?.hasPrefix("Mon, 23 Nov 2026 07:00:00 -0500") == true)
    #expect(officer.attempt.mail?.from.hasPrefix("bounce+") == true)
    #expect(officer.attempt.field("Message-ID") == officer.attempt.mail?.messageID)
    let clerk = try answer("clerk")
    #expect(clerk.attempt.body.contains("Canaryfouo") && clerk.attempt.body.contains("Canaryramp"))
    #expect(!clerk.attempt.body.contains("Canaryles") && !clerk.attempt.body.contains("LES"))
    // By a relay without TLS the bulletin above the ceiling is a notice among the others.
    let plain = try answer("plain")
    #expect(plain.row.rows.count == 2 && plain.attempt.body.contains("Canaryramp"))
    #expect(!plain.attempt.body.contains("Canaryfouo") && plain.attempt.body.contains(first))
    let textual = try answer("textual")
    #expect(textual.attempt.field("Content-Type")?.hasPrefix("text/plain") == true)
    #expect(textual.attempt.body.contains("Canaryles") && !textual.attempt.body.contains("<html"))
    #expect(Set(due.compactMap(\.attempt.mail?.messageID)).count == 4)

    // A second attempt, another worker, later: the same bytes under the same id.
    try give(attempt)
    let other = try Attempt(site)
    let again = try prepare(other, at: Self.digest + .hours(2)).filter { $0.row.digest != nil }
    #expect(again.map(\.attempt) == due.map(\.attempt))
  }

  @Test func whatBecameWithheldLeavesIt() throws {
    let site = try Self.site()
    let first = try release(site, "visor")
    let second = try release(site, "ramp") {
      $0.title = "\"(U) Ramp closed\""
      $0.bottomLine = "(U) Canaryramp the ramp is closed."
      $0.detail = nil
      $0.sources = ["{ id: s1, describe: \"(U) Road agency\" }"]
    }
    let attempt = try Attempt(site)
    let before = try prepare(attempt, at: Self.digest)
    let whole = try #require(before.first { $0.row.reader == "officer" && $0.row.digest != nil })
    try give(attempt)
    try site.people([
      Person("boss", organization: "center"), Person("deputy", organization: "center"),
      Person("officer", nda: "2026-11-22", pace: "digest"), Person("clerk", status: "departed", pace: "digest"),
    ])
    let parts = try prepare(attempt, at: Self.digest + .minutes(1)).filter { $0.row.reader == "officer" }
    #expect(parts.count == 2)
    let sent = try #require(parts.first { $0.attempt.mail != nil })
    #expect(sent.row.rows.count == 1 && sent.attempt.body.contains("Canaryramp"))
    #expect(!sent.attempt.body.contains("Canaryfouo") && !sent.attempt.body.contains(first))
    #expect(sent.attempt.field("Subject")?.hasSuffix("1 bulletin") == true)
    #expect(sent.attempt.mail?.messageID != whole.attempt.mail?.messageID)
    let left = try #require(parts.first { $0.attempt.mail == nil })
    guard case .withhold(let decision) = left.attempt else {
      Issue.record("\(left.attempt)")
      return
    }
    try site.store.write { session in
      #expect(try session.begin(together: sent.row.rows.map(\.id), worker: "w", now: attempt.now))
      _ = try session.record(
        [
          DeliveryOutcome(left.row, begun: false, event: .withhold, at: attempt.now, decision: decision),
          DeliveryOutcome(
            sent.row, begun: true, event: .accept, at: attempt.now, messageID: sent.attempt.mail?.messageID),
        ], worker: "w")
    }
    let officer = try #require(try site.rows(first)["officer"])
    #expect(officer.state == .withheld && officer.reasons.contains("atom(FOUO)"))
    #expect(try site.rows(second)["officer"]?.state == .accepted)
  }

  @Test func aCancelledBulletinIsNotInIt() throws {
    let site = try Self.site()
    let first = try release(site, "visor")
    let second = try release(site, "ramp") { $0.bottomLine = "(U) Canaryramp the ramp is closed.[^s1]" }
    let release = try #require(try site.store.read { try $0.release(serial: first) })
    _ = try site.store.write { try $0.cancel(release: release.id, at: Self.digest) }
    let attempt = try Attempt(site)
    let officer = try #require(
      try prepare(attempt, at: Self.digest).first { $0.row.reader == "officer" && $0.row.digest != nil })
    #expect(officer.row.rows.count == 1 && officer.attempt.body.contains(second))
    #expect(!officer.attempt.body.contains(first))
    #expect(try site.rows(first)["officer"]?.state == .cancelled)
  }

  /// A newer version takes the place of the one that waits.
  @Test func anUpdateTakesThePlace() throws {
    let site = try Self.site()
    let first = try release(site, "visor")
    let file = try site.bulletin(BulletinText { $0.bottomLine = "(U//FOUO) Canarynew three stops by now.[^s1]" })
    let update = try site.release(file, ReleaseOrder(by: "boss", kind: .update, acceptedRules: ["D02"])).serial
    #expect(try site.rows(first)["officer"]?.state == .cancelled)
    let attempt = try Attempt(site)
    let officer = try #require(
      try prepare(attempt, at: Self.digest).first { $0.row.reader == "officer" && $0.row.digest != nil })
    #expect(officer.row.rows.count == 1 && officer.attempt.body.contains(update))
    #expect(officer.attempt.body.contains("Canarynew") && !officer.attempt.body.contains("Canaryfouo"))
  }

  /// Several messages, numbered, when one would be too long for mail programs; each with rows of its own.
  @Test func aLongDayIsSeveralMessages() throws {
    let site = try Self.site()
    let long = String(repeating: "words that make it long enough to fill a mail, ", count: 600)
    for number in 1...5 {
      _ = try release(site, "long\(number)") {
        $0.bottomLine = "(U) Canary\(number)x stands first, \(long)and that is all."
      }
    }
    let attempt = try Attempt(site)
    let parts = try prepare(attempt, at: Self.digest).filter { $0.row.reader == "officer" && $0.row.digest != nil }
    #expect(parts.count == 3 && parts.map { $0.row.rows.count } == [2, 2, 1])
    for (index, part) in parts.enumerated() {
      #expect(part.attempt.field("Subject")?.hasSuffix("(\(index + 1) of 3)") == true)
      #expect(part.attempt.body.contains("message \(index + 1) of 3"))
    }
    #expect(Set(parts.compactMap(\.attempt.mail?.messageID)).count == 3)
    #expect(Set(parts.flatMap { $0.row.rows.map(\.id) }).count == 5)
  }

  /// A bulletin that would be nearly over by the time of the digest goes at once.
  @Test func whatCannotWaitDoesNot() throws {
    let site = try Self.site()
    var text = BulletinText().text
    text = text.replacingOccurrences(of: "expires: 2026-12-20", with: "expires: 2026-11-23T12:00:00-05:00")
    try site.write("bulletins/short.md", text)
    let serial = try site.release(try site.load("short"), ReleaseOrder(by: "boss", acceptedRules: ["D02"])).serial
    #expect(try site.rows(serial)["officer"]?.digest == nil)
    #expect(try site.rows(serial)["officer"]?.nextAttempt == Moment(seconds: SmallSite.noon.seconds))
  }

  @Test func theSitesTimeAndTheReleasesStart() throws {
    let site = try Self.site()
    try site.settings(extra: "delivery: { digest-at: \"16:30\", quiet-hours: 22:00-06:00, hold: { routine: 60s } }")
    let today = try release(site, "visor")
    let afternoon = Moment(seconds: SmallSite.noon.seconds + 4 * 3_600 + 1_800)
    #expect(try site.rows(today)["officer"]?.digest == afternoon)
    #expect(try site.rows(today)["boss"]?.nextAttempt == Moment(seconds: SmallSite.noon.seconds + 60))
    let later = try release(site, "later") { $0.front = ["not-before: 2026-11-25"] }
    // The first digest after its start: 16:30 of the 25th.
    let start = try #require(CivilDate("2026-11-25")).start(in: try #require(TimeZone(identifier: "America/New_York")))
    let release = try #require(try site.store.read { try $0.release(serial: later) })
    #expect(release.startsAt == Moment(seconds: start.seconds))
    #expect(try site.rows(later)["officer"]?.digest == Moment(seconds: start.seconds + 16 * 3_600 + 1_800))
    #expect(try site.rows(later)["boss"]?.nextAttempt == release.startsAt)
    let status = try #require(try site.store.read { try $0.status(release: release.id) })
    let settings = try site.workspace().settings
    #expect(status.isScheduled(Moment(seconds: SmallSite.noon.seconds)) && !status.isScheduled(release.startsAt))
    let boss = try #require(try site.rows(later)["boss"])
    #expect(boss.waiting(now: Moment(seconds: SmallSite.noon.seconds), settings)?.cause == .scheduled)
    // It begins with the first second of its day, which is a quiet one.
    #expect(
      boss.waiting(now: Moment(seconds: SmallSite.noon.seconds), settings)?.until
        == Moment(seconds: start.seconds + 6 * 3_600))
    #expect(boss.waiting(now: release.startsAt, settings)?.cause == .quietHours)
    #expect(boss.waiting(now: release.startsAt + .hours(6), settings) == nil)
    let officer = try #require(try site.rows(later)["officer"])
    #expect(officer.waiting(now: release.startsAt, settings)?.cause == .digest)
    // Cancelled before its start, nothing is left to send.
    _ = try site.store.write { try $0.cancel(release: release.id, at: Moment(seconds: SmallSite.noon.seconds)) }
    #expect(try site.rows(later).values.allSatisfy { $0.state == .cancelled || $0.state == .withheld })
  }
}
