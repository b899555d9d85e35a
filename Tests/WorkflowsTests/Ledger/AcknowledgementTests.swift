// Acknowledgement links: one for each reader, of nobody else's making; recorded once.

import Bulletins
import Foundation
import Mail
import Markings
import Outbox
import Store
import StoreSQLite
import Testing
import Workflows

@Suite struct AcknowledgementTests {
  private func site(_ people: [Person] = SmallSite.people) throws -> SmallSite {
    let site = try SmallSite(people)
    let path = "templates/brief/template.yaml"
    let text = String(decoding: try site.files.read(path, limit: 1 << 20), as: UTF8.self)
    try site.write(path, text.replacingOccurrences(of: "urgency:", with: "acknowledge: true\nurgency:"))
    return site
  }

  private func secret(_ site: SmallSite) throws -> SiteSecret {
    try SiteSecret.create("var/secret.key", root: site.folder)
  }

  private static let link = "https://portal.center.example.gov/ack/"

  private func tokens(_ answer: PreparedAttempt?) -> [String] {
    (answer?.body ?? "").components(separatedBy: Self.link).dropFirst().map { String($0.prefix(32)) }
  }

  @Test func everyAlternativeHasTheReadersLink() throws {
    let site = try site()
    _ = try secret(site)
    let serial = try site.release(try site.bulletin()).serial
    let sent = try Attempt(site).prepare()
    var seen: Set<String> = []
    for reader in ["boss", "deputy", "officer", "clerk", "textual"] {
      let tokens = tokens(sent[reader])
      #expect(tokens.count == (reader == "textual" ? 1 : 2), "\(reader)")
      #expect(Set(tokens).count == 1)
      let token = try #require(tokens.first)
      #expect(AcknowledgementToken(token) != nil && seen.insert(token).inserted)
      let id = try #require(try site.rows(serial)[reader]?.id)
      #expect(AcknowledgementToken.delivery(claimedBy: token) == id)
    }
    // A notice is no product to acknowledge.
    #expect(tokens(sent["plain"]).isEmpty)
    // A second attempt has the same.
    #expect(try Attempt(site).prepare() == sent)
    // What is stored has no token: neither body nor text of any variant.
    let variants = try site.store.read { session in
      try session.variants(release: 1).compactMap { try session.variant($0.id) }
    }
    for variant in variants where variant.kind == .variant {
      #expect(variant.body.slots.count == 2 && variant.plainBody.slots.count == 1 && variant.body.slotLength == 32)
      for token in seen {
        #expect(!variant.html.contains(token) && !variant.text.contains(token))
        #expect(!String(decoding: variant.body.bytes, as: UTF8.self).contains(token))
      }
    }
    #expect(try site.audit().allSatisfy { entry in seen.allSatisfy { !entry.detail.contains($0) } })
  }

  @Test func nothingIsAskedWhereTheSeriesDoesNotOrThereIsNoPortal() throws {
    let plain = try SmallSite()
    try plain.release(try plain.bulletin())
    #expect(try Attempt(plain).prepare().values.allSatisfy { !$0.body.contains("/ack/") && $0.mail != nil })
    let site = try site()
    let settings = String(decoding: try site.files.read("revere.yaml", limit: 1 << 20), as: UTF8.self)
    try site.write(
      "revere.yaml",
      settings.replacingOccurrences(of: "portal: \"https://portal.center.example.gov/\", ", with: ""))
    try site.release(try site.bulletin())
    #expect(try Attempt(site).prepare().values.allSatisfy { !$0.body.contains("/ack/") && $0.mail != nil })
  }

  /// A digest has no link of its reader's: what must be acknowledged does not wait for it.
  @Test func whatMustBeAcknowledgedGoesAlone() throws {
    let center = ["boss", "deputy"].map { Person($0, organization: "center") }
    let people = center + [Person("officer", pace: "digest")]
    let site = try site(people)
    #expect(try site.rows(try site.release(try site.bulletin()).serial)["officer"]?.digest == nil)
    #expect(tokens(try Attempt(site).prepare()["officer"]).count == 2)
    let plain = try SmallSite(people)
    #expect(try plain.rows(try plain.release(try plain.bulletin()).serial)["officer"]?.digest != nil)
  }

  /// A key that was lost is not made anew: links that are out would be dead, and nobody would know why.
  @Test func aLostKeyIsAnErrorAndARestoredOneWorks() throws {
    let site = try site()
    _ = try secret(site)
    let key = try site.files.read("var/secret.key", limit: 100)
    // Nothing was made with it yet: it may be made.
    try site.remove("var/secret.key")
    try site.release(try site.bulletin())
    _ = try site.secret()
    try site.remove("var/secret.key")
    try site.files.write(key, to: "var/secret.key")
    let attempt = try Attempt(site)
    let token = try #require(tokens(try attempt.prepare()["officer"]).first)
    try attempt.settle(["officer": .accept])
    try site.remove("var/secret.key")
    let problem = try #require(throws: WorkspaceProblem.self) { _ = try site.secret() }
    #expect(problem.code == .notFound && problem.hint.contains("backup"))
    #expect(!site.files.exists("var/secret.key"))
    try site.files.write(key, to: "var/secret.key")
    let done = try RecordAcknowledgement.byToken(
      token, secret: try site.secret(), store: site.store, now: SmallSite.noon)
    #expect(done.result == .recorded)
  }

  /// A full body for a machine has the link of the reader whose machine it is: the same in text and page, in every
  /// attempt, and nobody else's.
  @Test func everyFullWebhookBodyHasTheReadersLink() throws {
    let site = try site(
      SmallSite.people + ["m1", "m2", "m3"].map { Person($0, channels: ["webhook"]) })
    try site.write(
      "distribution-lists/endpoints.yaml",
      "endpoints:\n"
        + ["m1", "m2", "m3"].map {
          "  - { id: hook-\($0), stakeholder: \($0), url: \"https://\($0).city.example.gov/in\", "
            + "full-body: \($0 != "m3"), secret-file: var/hook }"
        }.joined(separator: "\n"))
    try site.write("var/hook", "whsec_" + Data(repeating: 9, count: 32).base64EncodedString())
    let serial = try site.release(try site.bulletin()).serial
    let attempt = try Attempt(site)
    let rows = try site.store.write {
      try $0.claim(
        ClaimOrder(
          worker: "w", now: attempt.now, leaseUntil: attempt.now + .minutes(10), limit: 10, channels: [.webhook]))
    }
    #expect(rows.count == 3)
    var seen: Set<String> = []
    for (row, answer) in zip(rows, try attempt.preparer.prepare(rows, now: attempt.now)) {
      guard case .post(let post) = answer else {
        Issue.record("no request for \(row.reader)")
        continue
      }
      let body = try #require(try JSONSerialization.jsonObject(with: Data(post.body)) as? [String: Any])
      let data = try #require(body["data"] as? [String: Any])
      #expect(!String(decoding: post.body, as: UTF8.self).contains("u0001"))
      guard row.reader != "m3" else {
        #expect(data["text"] == nil && data["html"] == nil)
        continue
      }
      let found = ["text", "html"].flatMap { key in
        (data[key] as? String ?? "").components(separatedBy: Self.link).dropFirst().map { String($0.prefix(32)) }
      }
      #expect(found.count == 2 && Set(found).count == 1)
      let token = try #require(found.first)
      #expect(seen.insert(token).inserted)
      #expect(
        AcknowledgementToken.isGenuine(
          token, delivery: row.id, reader: row.reader, revision: try site.releases()[0].revisionHash,
          try secret(site)))
      #expect(try site.rows(serial)[row.reader]?.id == row.id)
    }
    let again = try attempt.preparer.prepare(rows, now: attempt.now)
    for token in seen {
      #expect(
        again.count { answer in
          guard case .post(let post) = answer else { return false }
          return String(decoding: post.body, as: UTF8.self).contains(token)
        } == 1)
    }
  }

  @Test func theReadersOwnWord() throws {
    let site = try site()
    let secret = try secret(site)
    let serial = try site.release(try site.bulletin()).serial
    let attempt = try Attempt(site)
    let token = try #require(tokens(try attempt.prepare()["officer"]).first)
    try attempt.settle(["officer": .lose, "clerk": .accept])
    let later = Instant(seconds: SmallSite.noon.seconds + 60)
    let done = try RecordAcknowledgement.byToken(token, secret: secret, store: site.store, now: later)
    #expect(done.serial == serial && done.reader == "officer" && done.result == .recorded)
    let row = try #require(try site.rows(serial)["officer"])
    #expect(row.acknowledgedAt == Moment(seconds: later.seconds) && row.acknowledgedBy == "officer")
    // Nobody knew whether it had arrived: now it is known.
    #expect(row.state == .accepted)
    let again = try RecordAcknowledgement.byToken(
      token, secret: secret, store: site.store, now: Instant(seconds: later.seconds + 9))
    #expect(again.result == .known(by: "officer", at: Moment(seconds: later.seconds)))
    #expect(try site.rows(serial)["officer"]?.acknowledgedAt == Moment(seconds: later.seconds))
    #expect(try site.rows(serial)["clerk"]?.acknowledgedAt == nil)
    let entries = try site.audit().filter { $0.action == "acknowledge" }
    #expect(entries.count == 1 && entries.first?.actor == "officer" && entries.first?.subject == serial)
    #expect(try site.audit().allSatisfy { !($0.detail + $0.subject + $0.actor).contains(token) })
  }

  @Test func whatIsNoTokenIsRefusedAlike() throws {
    let site = try site()
    let secret = try secret(site)
    let serial = try site.release(try site.bulletin()).serial
    let sent = try Attempt(site).prepare()
    let token = try #require(tokens(sent["officer"]).first)
    let clerk = try #require(tokens(sent["clerk"]).first)
    var wrong = [
      "", "x", token + "A", String(token.dropLast()), String(repeating: "A", count: 32), "é" + token.dropFirst(2),
    ]
    // Every character counts.
    for place in 0..<32 {
      var letters = Array(token)
      letters[place] = letters[place] == "A" ? "B" : "A"
      wrong.append(String(letters))
    }
    // The number of one row with the proof of another.
    wrong.append(String(clerk.prefix(8) + token.suffix(24)))
    for token in wrong {
      let problem = #expect(throws: AcknowledgementProblem.self) {
        try RecordAcknowledgement.byToken(token, secret: secret, store: site.store, now: SmallSite.noon)
      }
      #expect(problem?.message == "this is no acknowledgement link of this site" && problem?.hint == "")
    }
    let other = try #require(
      SiteSecret(file: Array(Data(repeating: 7, count: 32).base64EncodedString().utf8)))
    #expect(throws: AcknowledgementProblem.self) {
      try RecordAcknowledgement.byToken(token, secret: other, store: site.store, now: SmallSite.noon)
    }
    #expect(try site.rows(serial).values.allSatisfy { $0.acknowledgedAt == nil })
  }

  @Test func aPersonsWord() throws {
    let site = try site()
    let serial = try site.release(try site.bulletin()).serial
    func record(_ reader: String, by: String, _ serial: String) throws -> AcknowledgementDone {
      try RecordAcknowledgement.byPerson(
        by, reader: reader, serial: serial, in: try site.workspace(), store: site.store, now: SmallSite.noon)
    }
    #expect(try record("officer", by: "deputy", serial).result == .recorded)
    #expect(try site.rows(serial)["officer"]?.acknowledgedBy == "deputy")
    #expect(
      try record("officer", by: "boss", serial).result
        == .known(by: "deputy", at: Moment(seconds: SmallSite.noon.seconds)))
    for (reader, by, code) in [
      ("lapsed", "boss", AcknowledgementProblem.Code.notSent), ("nobody", "boss", .notSent),
      ("officer", "nobody", .unknownPerson), ("officer", "suspended", .unknownPerson), ("plain", "boss", .notSent),
    ] {
      let problem = #expect(throws: AcknowledgementProblem.self) { try record(reader, by: by, serial) }
      #expect(problem?.code == code)
    }
    #expect(throws: StoreError.self) { try record("officer", by: "boss", "CFC-BR-2026-0009") }
    #expect(try site.audit().filter { $0.action == "acknowledge" }.map(\.detail) == ["officer, recorded by deputy"])
  }

  @Test func theDisseminationRecord() throws {
    let site = try site()
    let secret = try secret(site)
    let serial = try site.release(try site.bulletin()).serial
    let attempt = try Attempt(site)
    let token = try #require(tokens(try attempt.prepare()["officer"]).first)
    try attempt.settle(["officer": .accept, "clerk": .lose, "plain": .accept])
    _ = try RecordAcknowledgement.byToken(token, secret: secret, store: site.store, now: SmallSite.noon)
    // Who leaves is still in the record, by the name of then.
    try site.people(SmallSite.people.filter { $0.id != "officer" })
    try site.release(
      try site.bulletin(BulletinText { $0.detail? += " More." }), ReleaseOrder(by: "boss", kind: .update))
    try site.end(serial)
    func entries(_ name: String, _ version: Int? = nil) throws -> [DisseminationEntry] {
      var found: [DisseminationEntry] = []
      try DisseminationRecord.entries(of: name, version: version, in: site.store) { found.append($0) }
      return found
    }
    let all = try entries(serial)
    #expect(Set(all.map(\.event)) == [.release, .update, .recall])
    let first = try entries(serial, 1)
    #expect(first.count == 9 && first == all.filter { $0.event == .release })
    let officer = try #require(first.first { $0.reader == "officer" })
    #expect(officer.name == "Reader officer" && officer.organizationName == "City Police")
    #expect(officer.banner == "UNCLASSIFIED//FOUO//LES" || officer.banner?.contains("LES") == true)
    #expect(officer.copy == .yes && officer.sentAt == Moment(seconds: SmallSite.noon.seconds))
    #expect(!officer.lacksAcknowledgement)
    let clerk = try #require(first.first { $0.reader == "clerk" })
    #expect(clerk.copy == .perhaps && clerk.sentAt != nil && clerk.lacksAcknowledgement)
    let lapsed = try #require(first.first { $0.reader == "lapsed" })
    #expect(lapsed.sentAt == nil && lapsed.banner == nil && lapsed.delivery.reasons.contains("atom(FOUO)"))
    #expect(!lapsed.lacksAcknowledgement)
    let gone = try #require(all.first { $0.event == .recall && $0.reader == "officer" })
    #expect(gone.name == "Reader officer" && gone.delivery.state == .withheld)
    #expect(Set(try entries(serial + "-U1").map(\.event)) == [.update])
    #expect(try entries("visor").count == all.count)
    #expect(throws: StoreError.self) { try entries(serial, 3) }
    #expect(throws: StoreError.self) { try entries("CFC-BR-2026-0077") }
  }
}
