// Mails that came back -> ledger: only with our tag, only about the delivery's own address, once, and whatever happens to
// one mail happens to it alone.

import Distribution
import Foundation
import Mail
import Outbox
import Store
import Testing
import Workflows

/// A site with one bulletin sent to its readers.
struct Returned {
  let site: SmallSite
  let serial: String
  let recorder: ReportRecorder
  let now: Moment
  let key: DeliveryTokenKey

  init(states: [String: DeliveryEvent] = [:]) throws {
    site = try SmallSite()
    serial = try site.release(try site.bulletin()).serial
    let attempt = try Attempt(site)
    now = attempt.now
    let rows = try attempt.claim()
    let answers = try attempt.preparer.prepare(rows, now: now)
    let moment = now
    try site.store.write { session in
      for (row, answer) in zip(rows, answers) {
        guard let mail = answer.mail else { continue }
        _ = try session.begin([row.id], worker: "w", now: moment)
        _ = try session.record(
          [
            DeliveryOutcome(
              row, begun: true, event: states[row.reader] ?? .accept, at: moment,
              reply: DeliveryOutcome.Reply(code: 250, enhanced: "2.0.0", text: "Ok: queued"), messageID: mail.messageID)
          ], worker: "w")
      }
    }
    let secret = try SiteSecret.create("var/secret.key", root: site.folder)
    key = DeliveryTokenKey(secret.key(for: .bounces))
    let workspace = try site.workspace()
    recorder = ReportRecorder(store: site.store, secret: secret) {
      Dictionary(uniqueKeysWithValues: workspace.lists.readers().map { ($0.id, $0) })
    }
  }

  func row(_ reader: String) throws -> DeliveryRecord { try #require(try site.rows(serial)[reader]) }

  func report(
    about reader: String, address: String? = nil, original: String? = nil, status: String = "5.1.1",
    action: String = "failed", words: String = "550 user unknown", token: DeliveryToken? = nil,
    more: String = "", number: Int = 1
  ) throws -> ReportRecorder.Input {
    let row = try row(reader)
    let token = token ?? key.token(for: row.id)
    let text = """
      From: MAILER-DAEMON@mx.example.gov
      To: \(token.returnPath(domain: "bounce.center.example.gov"))
      Subject: Undelivered \(number)
      Content-Type: multipart/report; report-type=delivery-status; boundary=b

      --b
      Content-Type: message/delivery-status

      Reporting-MTA: dns; mx.example.gov

      \(original.map { "Original-Recipient: rfc822; \($0)\n" } ?? "")Final-Recipient: rfc822; \(address ?? row.address)
      Action: \(action)
      Status: \(status)
      Diagnostic-Code: smtp; \(words)
      \(more)
      --b--
      """
    return ReportRecorder.Input(source: "\(number).eml", bytes: Array(text.utf8))
  }

  func record(_ inputs: ReportRecorder.Input...) throws -> [RecordedReport] { try recorder.record(inputs, at: now) }
}

@Suite struct ReportRecorderTests {
  @Test func tokensOfMessagesAreTheirs() throws {
    let site = try SmallSite()
    try site.release(try site.bulletin())
    let attempt = try Attempt(site)
    let answers = try attempt.prepare()
    let key = DeliveryTokenKey(
      try #require(try SiteSecret.load("var/secret.key", root: site.folder)).key(for: .bounces))
    var seen: Set<String> = []
    for mail in answers.values.compactMap(\.mail) {
      let token = try #require(DeliveryToken(mail.envelopeID.utf8))
      #expect(key.made(token) && mail.from == token.returnPath(domain: "bounce.center.example.gov"))
      #expect(seen.insert(mail.from).inserted)
    }
    #expect(seen.count > 2)
  }

  @Test func hardBouncesSuppressesAndOpensATask() throws {
    let returned = try Returned()
    let said = try returned.record(try returned.report(about: "officer"))
    #expect(said.map(\.outcome) == [.bounced] && said[0].kind == .hard)
    let row = try returned.row("officer")
    #expect(row.state == .bounced && row.reply.code == 550 && row.reply.enhanced == "5.1.1")
    try returned.site.store.read { session in
      let suppressed = try session.suppressions()
      #expect(suppressed.map(\.address) == ["officer@city.example.gov"])
      #expect(suppressed.first?.expires == returned.now + ReportRecorder.suppression)
      let tasks = try session.tasks(closed: false)
      #expect(tasks.map(\.organization) == ["police"] && tasks.map(\.reader) == ["officer"])
      #expect(try session.reports(delivery: row.id).map(\.kind) == ["hard"])
    }
    #expect(try returned.site.audit().map(\.action).suffix(2) == ["bounce", "suppress"])
    // Again, and in two cases: nothing new.
    #expect(try returned.record(try returned.report(about: "officer")).map(\.outcome) == [.known])
    let second = try returned.report(about: "officer", address: "OFFICER@City.Example.GOV", number: 2)
    #expect(try returned.record(second).map(\.outcome) == [.noted])
  }

  /// Nothing of the answer with which the relay took it stays beside what the report says.
  @Test func aReportWithoutACode() throws {
    let returned = try Returned()
    let said = try returned.record(try returned.report(about: "officer", words: "no mailbox here"))
    #expect(said.map(\.outcome) == [.bounced])
    let reply = try returned.row("officer").reply
    #expect(reply.code == nil && reply.enhanced == "5.1.1" && !reply.text.contains("queued"))
  }

  @Test func theNextAttemptHonoursIt() throws {
    let returned = try Returned()
    _ = try returned.record(try returned.report(about: "officer"))
    try returned.site.release(try returned.site.bulletin(named: "second"))
    let attempt = try Attempt(returned.site)
    let answers = try attempt.prepare()
    guard case .withhold(let decision)? = answers["officer"] else {
      Issue.record("sent to a suppressed address")
      return
    }
    #expect(decision > 0 && answers["plain"]?.mail != nil)
  }

  @Test func whatIsNotOursChangesNothing() throws {
    let returned = try Returned()
    let row = try returned.row("officer")
    let other = try returned.row("textual")
    let tag = returned.key.token(for: other.id).tag
    let forged = DeliveryToken(delivery: row.id, tag: tag)
    let foreign = try #require(SiteSecret(file: Array(Data(repeating: 1, count: 32).base64EncodedString().utf8)))
    let said = try returned.record(
      try returned.report(about: "officer", token: forged),
      try returned.report(about: "officer", token: DeliveryTokenKey(foreign.key(for: .bounces)).token(for: row.id)),
      try returned.report(about: "officer", address: "boss@city.example.gov"),
      try returned.report(about: "officer", token: returned.key.token(for: 999_999)))
    #expect(said.map(\.outcome) == [.wrongToken, .wrongToken, .otherAddress, .noDelivery])
    #expect(said.allSatisfy { !$0.words.isEmpty })
    #expect(try returned.row("officer").state == .accepted)
    try returned.site.store.read { session in
      let (suppressed, tasks) = (try session.suppressions(), try session.tasks(closed: true))
      #expect(suppressed.isEmpty && tasks.isEmpty)
      #expect(try session.reports(delivery: row.id).isEmpty)
    }
  }

  /// Where a mailbox forwards, the report names where it went; what we wrote on the envelope counts. The mailbox itself
  /// is alive: a person asks, and its mail goes on.
  @Test func theOriginalRecipientCounts() throws {
    let returned = try Returned()
    let said = try returned.record(
      try returned.report(about: "officer", address: "old@elsewhere.example", original: "officer@city.example.gov"))
    #expect(said.map(\.outcome) == [.bounced])
    try returned.site.store.read { session in
      let (suppressed, tasks) = (try session.suppressions(), try session.tasks(closed: false))
      #expect(suppressed.isEmpty && tasks.map(\.address) == ["officer@city.example.gov"])
    }
  }

  /// A name of the server's own directory is the same mailbox.
  @Test func namesThatAreNoMailAddressesAreTheMailbox() throws {
    let returned = try Returned()
    let said = try returned.record(
      try returned.report(
        about: "officer", address: "/o=City/ou=First/cn=Recipients/cn=officer", original: "officer@city.example.gov"))
    #expect(said.map(\.outcome) == [.bounced])
    #expect(try returned.site.store.read { try $0.suppressions() }.map(\.address) == ["officer@city.example.gov"])
  }

  private static let ours = "officer@city.example.gov"
  private static func group(_ final: String, original: String? = nil, _ action: String, _ status: String) -> String {
    "\n\(original.map { "Original-Recipient: rfc822; \($0)\n" } ?? "")Final-Recipient: rfc822; \(final)\n"
      + "Action: \(action)\nStatus: \(status)\n"
  }

  /// Delayed, then failed, in one report: whichever stands first.
  @Test(arguments: [false, true])
  func theGravestGroupAboutTheAddressCounts(failedFirst: Bool) throws {
    let returned = try Returned()
    let (failed, delayed) = (("failed", "5.1.1"), ("delayed", "4.4.1"))
    let (first, second) = failedFirst ? (failed, delayed) : (delayed, failed)
    let report = try returned.report(
      about: "officer", status: first.1, action: first.0, words: "said",
      more: Self.group(Self.ours, second.0, second.1) + Self.group("boss@city.example.gov", "failed", "5.1.1"))
    let said = try returned.record(report)
    #expect(said.map(\.outcome) == [.bounced] && said[0].kind == .hard)
    #expect(try returned.site.store.read { try $0.suppressions() }.map(\.address) == [Self.ours])
  }

  /// Our address became two: one copy that arrived is enough; an answer of the address itself counts more.
  @Test(arguments: [false, true])
  func oneCopyThatArrivedIsEnough(failedFirst: Bool) throws {
    let returned = try Returned()
    let (failed, delivered) = (("m2@inner.example", "failed", "5.1.1"), ("m1@inner.example", "delivered", "2.0.0"))
    let (first, second) = failedFirst ? (failed, delivered) : (delivered, failed)
    let members = try returned.report(
      about: "officer", address: first.0, original: Self.ours, status: first.2, action: first.1, words: "said",
      more: Self.group(second.0, original: Self.ours, second.1, second.2))
    #expect(returned.recorder.look(at: members).kind == .success)
    let said = try returned.record(members)
    #expect(said.map(\.outcome) == [.noted] && said[0].kind == .success)
    #expect(try returned.row("officer").state == .accepted)

    let itself = try returned.report(
      about: "officer", address: first.0, original: Self.ours, status: first.2, action: first.1, words: "said",
      more: Self.group(Self.ours, original: Self.ours, "failed", "5.1.1"), number: 2)
    #expect(returned.recorder.look(at: itself).kind == .hard)
    #expect(try returned.record(itself).map(\.outcome) == [.bounced])
  }

  @Test func theSameMailWithOtherLineEndsIsKnown() throws {
    let returned = try Returned()
    let report = try returned.report(about: "officer")
    let lines = report.bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    let stored = ReportRecorder.Input(source: "crlf", bytes: Array(lines.joined(separator: [0x0D, 0x0A])))
    let inMbox = ReportRecorder.Input(source: "mbox", bytes: report.bytes + [0x0A, 0x0A])
    let other = ReportRecorder.Input(source: "other", bytes: report.bytes + [0x20])
    #expect(try returned.record(stored, report, inMbox, other).map(\.outcome) == [.bounced, .known, .known, .noted])
  }

  @Test func softIsCountedAndOpensATaskInTheEnd() throws {
    let returned = try Returned()
    var serials = [returned.serial]
    for number in 2...ReportRecorder.softLimit {
      serials.append(try returned.site.release(try returned.site.bulletin(named: "b\(number)")).serial)
    }
    try Attempt(returned.site).accept(["officer"])
    for (index, serial) in serials.enumerated() {
      #expect(try returned.site.store.read { try $0.tasks(closed: true) }.isEmpty)
      let row = try #require(try returned.site.rows(serial)["officer"])
      let full = try returned.report(
        about: "officer", status: "5.2.2", words: "552 mailbox full", token: returned.key.token(for: row.id),
        number: index)
      #expect(try returned.record(full).map(\.outcome) == [.bounced])
    }
    try returned.site.store.read { session in
      let (suppressed, tasks) = (try session.suppressions(), try session.tasks(closed: false))
      #expect(suppressed.isEmpty && tasks.map(\.reader) == ["officer"])
    }
  }

  @Test func anUncertainRowIsSettledByWhatCameBack() throws {
    let returned = try Returned(states: ["officer": .lose, "textual": .lose])
    #expect(try returned.row("officer").state == .uncertain)
    let said = try returned.record(
      try returned.report(about: "officer", status: "2.0.0", action: "delivered", words: "250 ok"),
      try returned.report(about: "textual", status: "5.1.1"))
    #expect(said.map(\.outcome) == [.settled, .bounced])
    #expect(try returned.row("officer").state == .accepted && returned.row("textual").state == .bounced)
  }

  @Test func delayedIsNoted() throws {
    let returned = try Returned()
    let said = try returned.record(
      try returned.report(about: "officer", status: "4.4.1", action: "delayed", words: "connection refused"))
    #expect(said.map(\.outcome) == [.noted] && said[0].kind == .delayed)
    let row = try returned.row("officer")
    #expect(row.state == .accepted)
    #expect(try returned.site.store.read { try $0.reports(delivery: row.id) }.map(\.action) == ["delayed"])
  }

  @Test func poisonIsSetAsideAndTheOthersAreRecorded() throws {
    let returned = try Returned()
    let poison = ReportRecorder.Input(
      source: "poison", bytes: Array(String(repeating: "Content-Type: message/rfc822\n\n", count: 1_000).utf8))
    let person = ReportRecorder.Input(source: "person", bytes: Array("From: a@b.example\n\nThanks.\n".utf8))
    let said = try returned.record(poison, person, try returned.report(about: "officer"))
    #expect(said.map(\.outcome) == [.setAside, .ignored, .bounced])
    let kept = try returned.site.store.read { try $0.mailSetAside() }
    #expect(kept.map(\.source) == ["poison"] && kept[0].bytes == poison.bytes)
  }

  /// Looking tells the same and records nothing.
  @Test func lookingChangesNothing() throws {
    let returned = try Returned()
    let looked = returned.recorder.look(at: try returned.report(about: "officer"))
    #expect(looked.kind == .hard && looked.outcome == nil)
    #expect(looked.delivery == (try returned.row("officer")).id)
    #expect(try returned.row("officer").state == .accepted)
  }
}
