// The life after a release: who hears of a recall, of an early end, of a version that is not for them; what they are
// told; and that nothing of an ended bulletin ever goes out again.

import Bulletins
import Distribution
import Foundation
import Markings
import Outbox
import Store
import StoreSQLite
import Testing
import Workflows

@Suite struct SuccessionTests {
  private static let more = BulletinText { $0.detail? += " More." }
  private let update = ReleaseOrder(by: "boss", kind: .update)

  @Test func aRecallReachesWhoeverWasSentItOrMayHaveBeen() throws {
    let site = try SmallSite()
    let serial = try site.release(try site.bulletin()).serial
    let attempt = try Attempt(site)
    try attempt.settle(["officer": .accept, "clerk": .lose, "plain": .accept, "boss": .bounce, "deputy": .defer])
    let first = try site.rows(serial)
    let done = try site.end(serial)
    #expect(done.serial == serial && done.holders == 3 && done.cancelled == 2)
    let after = try site.rows(serial)
    #expect(after["deputy"]?.state == .cancelled && after["textual"]?.state == .cancelled)
    #expect(after["clerk"]?.state == .uncertain && after["boss"]?.state == .bounced)
    let notices = try site.rows(release: done.release)
    #expect(Set(notices.keys) == ["officer", "clerk", "plain"])
    for (reader, row) in notices {
      #expect(row.state == .pending && row.kind == .notice && row.lane == .immediate)
      #expect(row.channel == first[reader]?.channel)
      #expect(row.reasons == ["was-sent(\(serial))"])
    }
    #expect(notices["clerk"]?.words == ["may have been sent \(serial)"])
    #expect(notices["officer"]?.words == ["was sent \(serial)"])
    let sent = try attempt.prepare()
    #expect(Set(sent.keys) == Set(notices.keys))
    for (reader, answer) in sent {
      #expect(answer.body.contains("recalled \(serial)"))
      #expect(!answer.body.contains("Canary") && !answer.body.contains("Blades"))
      #expect(answer.field("Subject")?.contains("Recalled:") == true)
      #expect(answer.field("Message-ID") == "<\(serial).recalled.\(reader).\(row(notices, reader))@center.example.gov>")
      #expect(answer.field("References")?.hasPrefix("<") == true)
      #expect(answer.field("List-Id") == nil && answer.field("X-Priority") == "1")
    }
    #expect(sent["officer"]?.field("References") == first["officer"]?.messageID)
    #expect(sent["officer"]?.body.contains("Officer safety advisory") == true)
    let entry = try #require(try site.audit().last)
    #expect(entry.action == "recall" && entry.subject == serial && entry.actor == "boss")
    #expect(entry.detail.contains("it was wrong"))
    // The reason is the center's own.
    #expect(sent.values.allSatisfy { !$0.body.contains("it was wrong") })
  }

  /// Who did not get the recall, and why, is one look at its rows: out of use, gone, and what they hold all the same.
  @Test func whoCannotBeToldIsNamedWithWhatTheyHold() throws {
    let site = try SmallSite()
    let serial = try site.release(try site.bulletin()).serial
    let attempt = try Attempt(site)
    try attempt.settle(["officer": .accept, "clerk": .accept, "boss": .accept])
    try site.store.write {
      try $0.set(
        suppression: Suppression(
          address: "clerk@city.example.gov", reason: .hardBounce, detail: "550 no such user", by: "bounces",
          at: attempt.now, expires: nil))
    }
    let done = try site.end(serial)
    attempt.advance(.seconds(1))
    try site.people(SmallSite.people.filter { $0.id != "officer" })
    attempt.advance(.seconds(2))
    let rows = try attempt.claim()
    let answers = try attempt.preparer.prepare(rows, now: attempt.now)
    try site.store.write { session in
      let sent = zip(rows, answers).filter { $1.mail != nil }.map(\.0.id)
      _ = try session.begin(sent, worker: "w", now: attempt.now)
      _ = try session.record(
        zip(rows, answers).map { row, answer in
          if case .withhold(let decision) = answer {
            return DeliveryOutcome(row, begun: false, event: .withhold, at: attempt.now, decision: decision)
          }
          return DeliveryOutcome(row, begun: true, event: .accept, at: attempt.now)
        }, worker: "w")
    }
    var without: [String: [String]] = [:]
    try site.store.read { session in
      try session.withoutIt(release: done.release) {
        without[$0.reader] = $0.reasons
        return true
      }
    }
    #expect(
      without == [
        "clerk": ["no-channel", "was-sent(\(serial))"], "officer": ["status", "was-sent(\(serial))"],
      ])
  }

  private func row(_ rows: [String: DeliveryRecord], _ reader: String) -> String {
    rows[reader]?.channel.rawValue ?? ""
  }

  @Test func nothingWentOut() throws {
    let site = try SmallSite()
    let serial = try site.release(try site.bulletin()).serial
    let done = try site.end(serial)
    #expect(done.holders == 0 && done.cancelled == 6)
    #expect(try Attempt(site).claim().isEmpty)
  }

  /// Nobody sends partners the end; they are counted all the same, each once, and not those who were told of an end.
  @Test func whoPulledItIsCounted() throws {
    let site = try SmallSite()
    let serial = try site.release(try site.bulletin()).serial
    let release = try site.store.read { try #require(try $0.release(serial: serial)).id }
    let now = Moment(seconds: SmallSite.noon.seconds)
    try site.store.write { session in
      for (partner, kind) in [
        ("a", PullKind.text), ("a", .title), ("b", .title), ("c", .notice), ("d", .expired), ("e", .withdrawn),
      ] {
        _ = try session.add(partner: partner, requestsPerMinute: 1, by: "boss", at: now)
        try session.insert(pulls: [
          PullRecord(
            partner: partner, release: release, version: 1, feed: "all", kind: kind, firstAt: now, lastAt: now, count: 1
          )
        ])
      }
    }
    let done = try site.end(serial)
    #expect(done.holders == 0 && done.pulledBy == 3 && done.untold.keys.sorted() == ["a", "b", "c"])
    #expect(try site.audit().last?.detail.contains("pulled by 3 partner systems") == true)
  }

  /// It is on the wire while the recall comes: whatever its answer, the old text never goes again.
  @Test(arguments: [DeliveryEvent.defer, .lose, .handBack, .quarantine, .accept])
  func whatWasOnTheWireNeverGoesAgain(event: DeliveryEvent) throws {
    let site = try SmallSite()
    try site.resendsWhenUncertain()
    let serial = try site.release(try site.bulletin()).serial
    let attempt = try Attempt(site)
    let rows = try attempt.claim().filter { $0.reader == "officer" }
    _ = try site.store.write { try $0.begin(rows.map(\.id), worker: "w", now: attempt.now) }
    let done = try site.end(serial)
    #expect(done.holders == 1)
    _ = try site.store.write {
      try $0.record(
        rows.map {
          DeliveryOutcome($0, begun: true, event: event, at: attempt.now, nextAttempt: attempt.now + .minutes(1))
        }, worker: "w")
    }
    let state = try site.rows(serial)["officer"]?.state
    #expect(state == (event == .accept ? .accepted : .cancelled))
    attempt.advance(.hours(1))
    let answers = try attempt.prepare()
    #expect(Set(answers.keys) == ["officer"])
    #expect(answers["officer"]?.body.contains("Canary") == false)
  }

  @Test func aLapsedLeaseOfARecalledOneNeverGoesAgain() throws {
    let site = try SmallSite()
    let serial = try site.release(try site.bulletin()).serial
    let attempt = try Attempt(site)
    let rows = try attempt.claim().filter { $0.reader == "officer" }
    _ = try site.store.write { try $0.begin(rows.map(\.id), worker: "w", now: attempt.now) }
    try site.end(serial)
    attempt.advance(.hours(1))
    _ = try site.store.write { try $0.lapseLeases(now: attempt.now) { 0 } }
    #expect(try site.rows(serial)["officer"]?.state == .uncertain)
    let id = try #require(rows.first?.id)
    let error = #expect(throws: StoreError.self) {
      try site.store.write {
        try $0.apply(.resend, delivery: id, reply: .init(), nextAttempt: nil, at: attempt.now)
      }
    }
    #expect(error?.code == .illegalTransition && error?.detail.contains("recalled") == true)
    #expect(try attempt.prepare()["officer"]?.body.contains("Canary") == false)
  }

  /// The relay took it and a report says later that it came to nothing: a copy may lie somewhere all the same.
  @Test func whatBouncedLaterIsRecalledToo() throws {
    let site = try SmallSite()
    let serial = try site.release(try site.bulletin()).serial
    let attempt = try Attempt(site)
    try attempt.settle(["officer": .accept, "clerk": .bounce])
    let id = try #require(try site.rows(serial)["officer"]?.id)
    attempt.advance(.hours(1))
    try site.store.write { try $0.apply(.bounce, delivery: id, reply: .init(), nextAttempt: nil, at: attempt.now) }
    let row = try #require(try site.rows(serial)["officer"])
    #expect(row.state == .bounced && row.handedOverAt == Moment(seconds: SmallSite.noon.seconds))
    #expect(Set(try site.rows(release: try site.end(serial).release).keys) == ["officer"])
  }

  @Test func readersWhoMayNotSeeItAnyMoreAreToldWithoutATitle() throws {
    let short = BulletinText { $0.shortTitle = "\"(U//FOUO) Canaryshort advisory\"" }
    let site = try SmallSite()
    let serial = try site.release(try site.bulletin(short)).serial
    let attempt = try Attempt(site)
    try attempt.accept(["officer", "clerk", "textual", "plain", "boss", "deputy"])
    var people = SmallSite.people.filter { $0.id != "textual" }
    for index in people.indices {
      switch people[index].id {
      case "officer": people[index].nda = "2026-11-01"
      case "deputy": people[index].status = "departed"
      case "boss": people[index].channels = ["email-plain"]
      default: break
      }
    }
    try site.people(people)
    let done = try site.end(serial, by: "boss")
    attempt.advance(.seconds(2))
    let rows = try site.rows(release: done.release)
    #expect(Set(rows.keys) == ["officer", "clerk", "textual", "plain", "boss", "deputy"])
    for gone in ["textual", "deputy"] {
      #expect(rows[gone]?.state == .withheld && rows[gone]?.reasons == ["status", "was-sent(\(serial))"])
    }
    #expect(done.unreachable == ["status": 2])
    let sent = try attempt.prepare()
    #expect(Set(sent.keys) == ["officer", "clerk", "plain", "boss"])
    #expect(sent["clerk"]?.body.contains("Canaryshort") == true)
    // The agreement ran out; the plain relay carries no FOUO: serial and public name, nothing else.
    for reader in ["officer", "plain", "boss"] {
      let answer = try #require(sent[reader])
      #expect(!answer.text.contains("Canaryshort") && !answer.body.contains("FOUO"), "\(reader)")
      #expect(answer.field("Subject") == "(U) Recalled: Test series \(serial)")
      #expect(answer.field("SIO-Label")?.contains("FOUO") != true)
    }
  }

  @Test func aReaderWhoLeftTheListIsToldWithoutATitle() throws {
    let site = try SmallSite()
    let serial = try site.release(try site.bulletin()).serial
    let attempt = try Attempt(site)
    try attempt.accept(["officer", "clerk"])
    try site.list(except: "officer")
    try site.end(serial)
    attempt.advance(.seconds(2))
    let sent = try attempt.prepare()
    #expect(sent["officer"]?.field("Subject") == "(U) Recalled: Test series \(serial)")
    #expect(sent["clerk"]?.field("Subject") == "(U) Recalled: Officer safety advisory")
  }

  @Test func anUpdateTellsThoseWhoAreNotSentIt() throws {
    let site = try SmallSite()
    let serial = try site.release(try site.bulletin()).serial
    let attempt = try Attempt(site)
    try attempt.accept(["officer", "clerk", "plain"])
    // The bottom line is LES now: the clerk would get an empty shell, and is not to learn what became of it.
    let higher = BulletinText {
      $0.shortTitle = "\"(U) Canarynew advisory\""
      $0.bottomLine = "(U//LES) Canaryhigher two stops.[^s1]"
      $0.front = ["urgency: priority"]
    }
    let done = try site.release(try site.bulletin(higher), update)
    #expect(done.serial == serial + "-U1" && done.leftBehind == 1)
    let rows = try site.rows(done.serial)
    #expect(rows["clerk"]?.kind == .notice && rows["clerk"]?.state == .pending)
    #expect(rows["clerk"]?.reasons.contains("hollow(bottom-line)") == true)
    #expect(rows["clerk"]?.reasons.last == "was-sent(\(serial))")
    // Who was never sent the first version hears nothing of it.
    #expect(rows["lapsed"]?.state == .withheld && rows["firm"]?.state == .withheld)
    attempt.advance(.seconds(1))
    let sent = try attempt.prepare()
    let clerk = try #require(sent["clerk"])
    #expect(clerk.field("Subject") == "(U) No longer current: Officer safety advisory")
    #expect(clerk.body.contains(serial) && !clerk.text.contains("-U1"))
    for word in ["Canary", "pdate", "newer", "LES"] { #expect(!clerk.text.contains(word), "\(word)") }
    #expect(clerk.field("X-Priority") == "3")
    #expect(clerk.field("Message-ID") == "<\(serial).withdrawn.clerk.email-tls@center.example.gov>")
    #expect(clerk.field("References") == (try site.rows(serial)["clerk"]?.messageID))
    #expect(sent["officer"]?.body.contains("Canaryhigher") == true)
    #expect(sent["officer"]?.body.contains("This product updates \(serial)") == true)
  }

  /// Told once; told again only when it did not arrive for certain; and of a recall in any case.
  @Test func whoKnowsIsNotToldAgain() throws {
    let site = try SmallSite()
    let serial = try site.release(try site.bulletin()).serial
    let attempt = try Attempt(site)
    try attempt.accept(["officer", "clerk", "textual"])
    func next(_ words: String) throws -> ReleaseSummary {
      try site.release(
        try site.bulletin(BulletinText { $0.bottomLine = "(U//LES) \(words).[^s1]" }), update)
    }
    #expect(try next("One").leftBehind == 1)
    #expect(try next("Two").leftBehind == 1, "the first notice never went out")
    attempt.advance(.seconds(1))
    try attempt.accept(["clerk", "officer"])
    let third = try next("Three")
    #expect(third.leftBehind == 0)
    #expect(try site.rows(third.serial)["clerk"]?.state == .withheld)
    let recall = try site.rows(release: try site.end(serial).release)
    #expect(Set(recall.keys) == ["officer", "clerk", "textual"])
    // The newest that each was sent.
    #expect(recall["clerk"]?.reasons == ["was-sent(\(serial))"])
    #expect(recall["officer"]?.reasons == ["was-sent(\(serial)-U2)"])
    attempt.advance(.seconds(1))
    let sent = try attempt.prepare()
    #expect(sent["clerk"]?.field("References")?.split(separator: " ").count == 2)
    #expect(sent["clerk"]?.text.contains("-U") == false)
  }

  @Test func aReaderWhoMayAgainGetsTheVersionItself() throws {
    let site = try SmallSite()
    try site.release(try site.bulletin())
    let attempt = try Attempt(site)
    try attempt.accept(["clerk"])
    let serial = try site.release(
      try site.bulletin(BulletinText { $0.bottomLine = "(U//LES) Canaryhigher.[^s1]" }), update
    ).serial
    #expect(try site.rows(serial)["clerk"]?.kind == .notice)
    var people = SmallSite.people
    for index in people.indices where people[index].id == "clerk" { people[index].clearance = "les" }
    try site.people(people)
    attempt.advance(.seconds(2))
    #expect(try attempt.prepare()["clerk"]?.body.contains("Canaryhigher") == true)
    #expect(try site.rows(serial)["clerk"]?.kind == .variant)
  }

  @Test func aVersionThatClosesBeforeTheAttemptBecomesANotice() throws {
    let site = try SmallSite()
    try site.release(try site.bulletin())
    let attempt = try Attempt(site)
    try attempt.accept(["officer"])
    let serial = try site.release(try site.bulletin(Self.more), update).serial
    var people = SmallSite.people
    for index in people.indices where ["officer", "clerk"].contains(people[index].id) { people[index].nda = nil }
    try site.people(people)
    attempt.advance(.seconds(2))
    let sent = try attempt.prepare()
    #expect(sent["officer"]?.field("Subject")?.contains("No longer current") == true)
    guard case .withhold = sent["clerk"] else {
      Issue.record("the clerk holds nothing")
      return
    }
    #expect(try site.rows(serial)["officer"]?.reasons.contains("atom(FOUO)") == true)
  }

  @Test func anEarlyEndIsToldAndSaysWhen() throws {
    let site = try SmallSite()
    let serial = try site.release(try site.bulletin()).serial
    let attempt = try Attempt(site)
    try attempt.accept(["officer"])
    let done = try site.end(serial, .expiry, reason: "over")
    #expect(done.holders == 1)
    let officer = try #require(try attempt.prepare()["officer"])
    #expect(officer.body.contains("expired 22 Nov 2026, 12:00 EST"), "\(officer.body)")
    #expect(officer.field("Subject") == "(U) Expired: Officer safety advisory")
    #expect(try site.audit().last?.action == "expire")
    // It may still be recalled; what was not told of its end is not told of it any more.
    let recall = try site.end(serial)
    #expect(recall.holders == 1 && recall.cancelled == 1)
    #expect(try attempt.prepare()["officer"]?.field("Subject") == "(U) Recalled: Officer safety advisory")
  }

  /// What a pause held is cancelled; the notice of its end does not wait for the pause.
  @Test func aPausedReleaseIsRecalled() throws {
    let site = try SmallSite()
    let serial = try site.release(try site.bulletin()).serial
    let attempt = try Attempt(site)
    try attempt.accept(["officer"])
    try site.store.write { try $0.set(pause: Pause(scope: .release, name: serial, by: "boss", at: attempt.now)) }
    try site.end(serial)
    #expect(try site.store.read { try $0.pauses() }.isEmpty)
    #expect(Set(try attempt.prepare().keys) == ["officer"])
  }

  @Test func aBulletinThatCannotBeReadAnyMoreIsRecalledAllTheSame() throws {
    let site = try SmallSite()
    let serial = try site.release(try site.bulletin()).serial
    let attempt = try Attempt(site)
    try attempt.accept(["officer"])
    let other = try SQLiteDriver(path: site.folder + "/var/revere.db")
    try other.withConnection {
      try $0.run(script: "DROP TRIGGER blobs_update; UPDATE blobs SET bytes = CAST('gone' AS BLOB)")
    }
    try other.close()
    try site.end(serial)
    #expect(try attempt.prepare()["officer"]?.field("Subject") == "(U) Recalled: Test series \(serial)")
  }
}
