// Before every attempt the decision is made anew with the site as it is then; what goes out is the reader's alone.

import Bulletins
import Distribution
import Foundation
import Markings
import Outbox
import Store
import StoreSQLite
import Testing
import Workflows

/// A site with one release, its rows claimed as a worker claims them.
final class Attempt {
  let site: SmallSite
  let preparer: DeliveryPreparer
  private(set) var now = Moment(seconds: SmallSite.noon.seconds)

  init(_ site: SmallSite) throws {
    self.site = site
    preparer = try DeliveryPreparer(
      files: site.files, store: site.store, carriers: site.carriers, secret: try site.secret(), now: now)
  }

  func advance(_ span: Moment.Span) { now = now + span }

  /// Claims all that is due, prepares it and gives it back unsent.
  func prepare() throws -> [String: PreparedAttempt] {
    let rows = try claim()
    defer { _ = try? site.store.write { try $0.handBack(worker: "w") } }
    let answers = try preparer.prepare(rows, now: now)
    #expect(answers.count == rows.count)
    return Dictionary(uniqueKeysWithValues: zip(rows.map(\.reader), answers))
  }

  func claim() throws -> [ClaimedDelivery] {
    try site.store.write {
      try $0.claim(
        ClaimOrder(
          worker: "w", now: now, leaseUntil: now + .minutes(10), limit: 1_000, channels: [.emailTLS, .emailPlain]))
    }
  }

  /// Claims and settles all that is due as accepted, for the readers given; others stay.
  func accept(_ readers: Set<String>) throws {
    let rows = try claim()
    let answers = try preparer.prepare(rows, now: now)
    try site.store.write { session in
      let chosen = zip(rows, answers).filter { readers.contains($0.0.reader) }
      _ = try session.begin(chosen.map(\.0.id), worker: "w", now: now)
      _ = try session.record(
        chosen.map { DeliveryOutcome($0.0, begun: true, event: .accept, at: now, messageID: $0.1.mail?.messageID) },
        worker: "w")
      _ = try session.handBack(worker: "w")
    }
  }
}

extension PreparedAttempt {
  var mail: OutgoingMail? { if case .send(let mail) = self { mail } else { nil } }
  var text: String { mail.map { String(decoding: $0.segments.joined(), as: UTF8.self) } ?? "" }
  /// Unfolded header fields, in order.
  var header: [String] {
    let head = text.components(separatedBy: "\r\n\r\n").first ?? ""
    return head.replacingOccurrences(of: "\r\n ", with: " ").replacingOccurrences(of: "\r\n\t", with: " ")
      .components(separatedBy: "\r\n")
  }
  func field(_ name: String) -> String? {
    header.first { $0.lowercased().hasPrefix(name.lowercased() + ": ") }.map { String($0.dropFirst(name.count + 2)) }
  }
  /// The whole body as read: quoted-printable undone.
  var body: String {
    text.replacingOccurrences(of: "=\r\n", with: "").replacingOccurrences(of: "=3D", with: "=")
  }
}

@Suite struct DeliveryPreparerTests {
  @Test func everyReaderGetsTheirOwn() throws {
    let site = try SmallSite()
    try site.release(try site.bulletin())
    let attempt = try Attempt(site)
    let answers = try attempt.prepare()
    #expect(Set(answers.keys) == ["boss", "deputy", "officer", "clerk", "plain", "textual"])
    let officer = try #require(answers["officer"])
    #expect(officer.body.contains("Canaryles") && officer.body.contains("Canaryfouo"))
    #expect(officer.mail?.to == "officer@city.example.gov")
    #expect(officer.mail?.from.hasPrefix("bounce+") == true)
    #expect(officer.mail?.from.hasSuffix("@bounce.center.example.gov") == true)
    #expect(officer.field("Subject")?.contains("CFC-BR-2026-0001") == true || officer.field("Subject") != nil)
    let clerk = try #require(answers["clerk"])
    #expect(clerk.body.contains("Canaryfouo") && !clerk.body.contains("Canaryles") && !clerk.body.contains("Blades"))
    let plain = try #require(answers["plain"])
    #expect(!plain.body.contains("Canary") && plain.mail != nil)
    let textual = try #require(answers["textual"])
    #expect(textual.field("Content-Type")?.hasPrefix("text/plain") == true)
    #expect(textual.body.contains("Canaryles") && !textual.body.contains("<html"))
    for (reader, answer) in answers {
      #expect(answer.header.filter { $0.hasPrefix("To: ") }.count == 1)
      #expect(answer.field("To")?.contains("\(reader)@city.example.gov") == true)
      #expect(answer.field("References") == nil)
      #expect(answer.field("Message-ID") == answer.mail?.messageID)
    }
    #expect(Set(answers.values.compactMap(\.mail?.messageID)).count == answers.count)
  }

  @Test func aSecondAttemptHasTheSameIdAndBytes() throws {
    let site = try SmallSite()
    try site.release(try site.bulletin())
    let attempt = try Attempt(site)
    let first = try attempt.prepare()
    attempt.advance(.hours(3))
    #expect(try attempt.prepare() == first)
    // Another worker.
    let other = try Attempt(site)
    other.advance(.hours(4))
    #expect(try other.prepare() == first)
  }

  @Test func anAgreementThatRunsOutCountsAtOnce() throws {
    var people = SmallSite.people
    people.append(Person("brief-nda", nda: "2026-11-22"))
    let site = try SmallSite(people)
    let serial = try site.release(try site.bulletin()).serial
    let attempt = try Attempt(site)
    #expect(try attempt.prepare()["brief-nda"]?.body.contains("Canaryles") == true)
    // Valid through the last second of the day at the center.
    attempt.advance(.seconds(12 * 3_600 - 1))
    #expect(try attempt.prepare()["brief-nda"]?.mail != nil)
    attempt.advance(.seconds(1))
    let rows = try attempt.claim()
    let answers = try attempt.preparer.prepare(rows, now: attempt.now)
    let index = try #require(rows.firstIndex { $0.reader == "brief-nda" })
    guard case .withhold(let decision) = answers[index] else {
      Issue.record("\(answers[index]) must be withheld")
      return
    }
    try site.store.write {
      _ = try $0.record(
        [
          DeliveryOutcome(
            rows[index], begun: false, event: .withhold, at: attempt.now, decision: decision)
        ], worker: "w")
    }
    let row = try #require(try site.rows(serial)["brief-nda"])
    #expect(row.state == .withheld)
    #expect(row.reasons.contains("atom(FOUO)"))
    #expect(row.words.joined().contains("nda expired 2026-11-22"))
  }

  @Test func anEditedPolicyIsImported() throws {
    let site = try SmallSite()
    try site.release(try site.bulletin())
    let attempt = try Attempt(site)
    #expect(try attempt.prepare()["officer"]?.body.contains("Canaryles") == true)
    let before = try site.store.read { try $0.currentSnapshot() }
    try site.write(
      "distribution-lists/release-policy.site.yaml",
      """
      policy: site
      version: 1
      effective: 2026-11-20
      atoms:
        LES: { agreement: cjis }
      """)
    attempt.advance(.seconds(2))
    let officer = try #require(try attempt.prepare()["officer"])
    #expect(officer.body.contains("Canaryfouo") && !officer.body.contains("Canaryles"))
    #expect(try site.store.read { try $0.currentSnapshot() } != before)
    // The row has the other variant from now on, under the same delivery.
    let rows = try site.rows("CFC-BR-2026-0001")
    #expect(rows["officer"]?.variant == rows["clerk"]?.variant)
    #expect(rows["officer"]?.changedAt == attempt.now)
  }

  @Test func anEditedReaderIsImported() throws {
    let site = try SmallSite()
    try site.release(try site.bulletin())
    let attempt = try Attempt(site)
    let first = try attempt.prepare()
    try site.settings(authorities: "[boss]")
    var people = SmallSite.people.filter { $0.id != "deputy" }
    for index in people.indices {
      switch people[index].id {
      case "officer": people[index].clearance = "fouo"
      case "clerk": people[index].status = "departed"
      case "textual": people[index].email = "moved@city.example.gov"
      default: break
      }
    }
    try site.people(people)
    attempt.advance(.seconds(2))
    let rows = try attempt.claim()
    let answers = Dictionary(
      uniqueKeysWithValues: zip(rows.map(\.reader), try attempt.preparer.prepare(rows, now: attempt.now)))
    #expect(answers["officer"]?.body.contains("Canaryles") == false && answers["officer"]?.mail != nil)
    #expect(answers["officer"]?.mail?.messageID == first["officer"]?.mail?.messageID)
    #expect(answers["textual"]?.mail?.to == "moved@city.example.gov")
    for gone in ["clerk", "deputy"] {
      guard case .withhold = answers[gone] else {
        Issue.record("\(gone) must be withheld")
        continue
      }
    }
  }

  @Test func aReaderWhoLeftTheListIsWithheld() throws {
    let site = try SmallSite()
    try site.release(try site.bulletin())
    let attempt = try Attempt(site)
    try site.list(except: "officer")
    attempt.advance(.seconds(2))
    guard case .withhold = try #require(try attempt.prepare()["officer"]) else {
      Issue.record("must be withheld")
      return
    }
  }

  /// A reader whose server has no TLS any more must not get by it what only TLS may carry.
  @Test func aLoweredChannelLowersTheNextAttempt() throws {
    let site = try SmallSite()
    try site.release(try site.bulletin())
    let attempt = try Attempt(site)
    var people = SmallSite.people
    for index in people.indices {
      switch people[index].id {
      case "officer": people[index].channels = ["email-plain"]
      case "clerk": people[index].channels = ["portal"]
      case "plain": people[index].channels = ["email-tls"]
      default: break
      }
    }
    try site.people(people)
    attempt.advance(.seconds(2))
    let answers = try attempt.prepare()
    #expect(answers["officer"]?.mail != nil && answers["officer"]?.body.contains("Canary") == false)
    guard case .withhold = try #require(answers["clerk"]) else {
      Issue.record("no email entry is left: must be withheld")
      return
    }
    // The row was decided for a plain relay and may go by one.
    #expect(answers["plain"]?.body.contains("Canary") == false)
  }

  @Test func aBrokenImportStopsSendingAndSaysSo() throws {
    let site = try SmallSite()
    try site.release(try site.bulletin())
    let attempt = try Attempt(site)
    let rows = try attempt.claim()
    #expect(try attempt.preparer.prepare(rows, now: attempt.now).count == rows.count)
    let good = try site.files.read("distribution-lists/stakeholders.yaml", limit: 1 << 20)
    for broken in ["stakeholders:\n  - { id: x, id: y }", "stakeholders: [", "\u{0}"] {
      try site.write("distribution-lists/stakeholders.yaml", broken)
      attempt.advance(.seconds(2))
      let found = #expect(throws: UnusableSite.self) { try attempt.preparer.prepare(rows, now: attempt.now) }
      #expect(found?.why.contains("distribution-lists/stakeholders.yaml:") == true)
      let failure = try #require(try site.store.read { try $0.importFailure() })
      #expect(failure.contains("nothing is sent"))
      // It never falls back to what it had, however often it is asked.
      #expect(throws: UnusableSite.self) { try attempt.preparer.prepare(rows, now: attempt.now) }
      attempt.advance(.seconds(2))
      #expect(throws: UnusableSite.self) { try attempt.preparer.prepare(rows, now: attempt.now) }
    }
    // Nobody else gets a row to send meanwhile.
    _ = try site.store.write { try $0.handBack(worker: "w") }
    #expect(try attempt.claim().isEmpty)
    try site.files.write(good, to: "distribution-lists/stakeholders.yaml")
    let mended = try Attempt(site)
    mended.advance(.minutes(1))
    #expect(try site.store.read { try $0.importFailure() } == nil)
    #expect(try mended.prepare()["officer"]?.mail != nil)
  }

  /// What cannot be laid out is one message's trouble.
  @Test func aNoticeTextThatIsGoneHoldsItsMessagesOnly() throws {
    let site = try SmallSite()
    try site.release(try site.bulletin())
    try site.remove("templates/notices/les.txt")
    let answers = try Attempt(site).prepare()
    guard case .unsendable(let failure) = try #require(answers["officer"]) else {
      Issue.record("must be held")
      return
    }
    #expect(failure.stage == .compose && failure.text.contains("les"))
    #expect(answers["clerk"]?.mail != nil)
  }

  /// Bytes that are not those that were released are sent to nobody, and nobody else waits for them.
  @Test func aReleaseThatWasTamperedWithHoldsItselfAlone() throws {
    let site = try SmallSite()
    try site.release(try site.bulletin())
    try site.release(try site.bulletin(BulletinText { $0.detail? += " Other." }, named: "other"))
    let other = try SQLiteDriver(path: site.folder + "/var/revere.db")
    try other.withConnection {
      try $0.run(
        script:
          "DROP TRIGGER blobs_update; UPDATE blobs SET bytes = CAST(replace(bytes, 'Canary', 'Forged') AS BLOB) WHERE id IN "
          + "(SELECT blob_id FROM revision_files WHERE name = 'visor.md')")
    }
    try other.close()
    let attempt = try Attempt(site)
    let rows = try attempt.claim()
    let answers = try attempt.preparer.prepare(rows, now: attempt.now)
    let first = try #require(try site.releases().last?.id)
    for (row, answer) in zip(rows, answers) {
      if row.release == first {
        guard case .unsendable(let failure) = answer else {
          Issue.record("\(row.reader) must get nothing of it")
          continue
        }
        #expect(failure.stage == .compose && failure.text.contains("CFC-BR-2026-0001"))
      } else {
        #expect(answer.mail != nil)
      }
    }
    #expect(Set(rows.map(\.release)).count == 2)
  }

  @Test func aMissingFileIsSaidInWords() throws {
    let site = try SmallSite()
    try site.release(try site.bulletin())
    try site.remove("revere.yaml")
    #expect(throws: WorkspaceProblem.self) { try Attempt(site) }
    let failure = try #require(try site.store.read { try $0.importFailure() })
    #expect(failure.contains("revere.yaml") && !failure.contains("WorkspaceProblem"))
  }

  @Test func anUpdateRefersToWhatTheReaderGot() throws {
    let site = try SmallSite()
    try site.release(try site.bulletin())
    let first = try Attempt(site)
    let sent = try first.prepare()
    try first.accept(["officer", "plain"])
    try site.release(
      try site.bulletin(BulletinText { $0.detail? += " More." }), ReleaseOrder(by: "boss", kind: .update))
    let update = try Attempt(site).prepare()
    for reader in ["officer", "plain"] {
      let id = try #require(sent[reader]?.mail?.messageID)
      #expect(update[reader]?.field("References") == id)
      #expect(update[reader]?.mail?.messageID != id)
    }
    for reader in ["clerk", "boss", "textual"] {
      #expect(update[reader]?.mail != nil)
      #expect(update[reader]?.field("References") == nil && update[reader]?.field("In-Reply-To") == nil)
    }
  }

  @Test func namesAndAddressesCannotMakeHeaders() throws {
    var people = SmallSite.people
    people.append(Person("folded", name: "\"Doe\\\\r\\\\nBcc: all@else.example\""))
    people.append(Person("comma", name: "\"Doe, Jane <x@else.example>\""))
    people.append(Person("quoted", name: "'She said \"hello\"'"))
    people.append(Person("a-label", email: "idn@xn--bcher-kva.example"))
    let site = try SmallSite(people)
    try site.release(try site.bulletin())
    let answers = try Attempt(site).prepare()
    let expected: Set<String> = [
      "from", "to", "subject", "date", "message-id", "list-id", "auto-submitted", "sio-label", "x-priority",
      "mime-version", "content-type", "content-transfer-encoding", "priority", "importance", "list-unsubscribe",
      "list-unsubscribe-post", "references", "in-reply-to",
    ]
    for (reader, answer) in answers {
      let names = answer.header.map { $0.prefix { $0 != ":" }.lowercased() }
      #expect(Set(names).isSubset(of: expected), "\(reader): \(names)")
      #expect(Set(names).count == names.count)
      #expect(answer.mail?.to.contains(where: \.isWhitespace) == false)
    }
    #expect(answers["a-label"]?.mail?.to == "idn@xn--bcher-kva.example")
    #expect(answers["officer"]?.mail?.hasUTF8Headers == false)
  }

  /// Control characters in names and addresses stop at the door: the lists are refused.
  @Test(arguments: ["name: \"Doe\\r\\nBcc: x@y.example\"", "email: \"a@b.example\\r\\nRCPT TO:<x@y.example>\""])
  func controlCharactersAreRefused(field: String) throws {
    let site = try SmallSite()
    try site.release(try site.bulletin())
    let attempt = try Attempt(site)
    let line = try #require(field.split(separator: ":").first)
    var person = Person("evil").line
    let range = try #require(person.range(of: "\(line): "))
    let end = try #require(person[range.lowerBound...].range(of: ", "))
    person.replaceSubrange(range.lowerBound..<end.lowerBound, with: field)
    try site.write(
      "distribution-lists/stakeholders.yaml",
      "stakeholders:\n" + (SmallSite.people.map(\.line) + [person]).joined(separator: "\n"))
    attempt.advance(.seconds(2))
    do {
      let answers = try attempt.prepare()
      for answer in answers.values { #expect(!answer.text.contains("y.example")) }
    } catch is UnusableSite {}
  }

  @Test func aListThatMayBeLeftSaysHow() throws {
    let site = try SmallSite()
    try site.list(mayLeave: true)
    try site.release(try site.bulletin())
    let officer = try #require(try Attempt(site).prepare()["officer"])
    #expect(officer.field("List-Unsubscribe")?.contains("mailto:watch@center.example.gov") == true)
    #expect(officer.field("List-Id")?.contains("<everybody.center.example.gov>") == true)
  }
}
