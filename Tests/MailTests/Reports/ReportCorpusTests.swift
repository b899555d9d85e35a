// Realistic reports of many servers (Tests/Fixtures/reports, written after RFC 3464 and the forms that servers are
// known for; nobody in them exists), each with what must be read from it in expected.csv.

import Foundation
import Mail
import Testing

enum ReportCorpus {
  static let folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Fixtures/reports")

  struct Expected: CustomTestStringConvertible, Sendable {
    var file: String
    var kind = ""
    var form = ""
    /// address, status, action
    var readers: [[String]] = []
    var delivery = ""
    var source = ""
    var testDescription: String { file }
  }

  static func bytes(_ file: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appendingPathComponent(file)))
  }

  static let files: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { $0.hasSuffix(".eml") }.sorted()

  static let expected: [Expected] = {
    let text = (try? String(contentsOf: folder.appendingPathComponent("expected.csv"), encoding: .utf8)) ?? ""
    var found: [Expected] = []
    for line in text.split(separator: "\n").dropFirst() {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      if found.last?.file != cells[0] {
        found.append(
          Expected(file: cells[0], kind: cells[1], form: cells[2], delivery: cells[6], source: cells[7]))
      }
      if cells[5] != "" { found[found.count - 1].readers.append(Array(cells[3...5])) }
    }
    return found
  }()
}

@Suite struct ReportCorpusTests {
  @Test func everyFileHasItsLine() {
    #expect(ReportCorpus.files == ReportCorpus.expected.map(\.file).sorted() && ReportCorpus.files.count >= 55)
    let kinds = Set(ReportCorpus.expected.map(\.kind))
    #expect(kinds == Set(DeliveryReport.Kind.allCases.map(\.rawValue)))
  }

  @Test(arguments: ReportCorpus.expected)
  func reportsAreReadAsTheyAreMeant(_ expected: ReportCorpus.Expected) throws {
    let report = try ReportReader.read(try ReportCorpus.bytes(expected.file))
    #expect(report.kind.rawValue == expected.kind)
    #expect(report.form == expected.form)
    #expect(report.readers.map { [$0.address, $0.status?.description ?? "", $0.action.rawValue] } == expected.readers)
    #expect(report.tokens.map { String($0.token.delivery) } == (expected.delivery.isEmpty ? [] : [expected.delivery]))
    #expect(report.tokens.first?.source.rawValue ?? "" == expected.source)
    for reader in report.readers where reader.kind == .hard || reader.kind == .soft {
      #expect(!reader.diagnostic.isEmpty || reader.status != nil)
    }
  }

  /// The servers' words are kept for people, on one line.
  @Test func wordsOfTheServerAreKept() throws {
    func words(_ file: String) throws -> String? {
      try ReportReader.read(try ReportCorpus.bytes(file)).readers.first?.diagnostic
    }
    #expect(
      try words("postfix-user-unknown.eml")
        == "550 5.1.1 <reader@city.example.gov>: Recipient address rejected: User unknown in virtual mailbox table")
    #expect(try words("qmail.eml") == "Sorry, no mailbox here by that name. (#5.1.1)")
    #expect(try words("exim.eml")?.hasSuffix("550 No such recipient here") == true)
    #expect(try words("mdaemon.eml")?.contains("Recipient unknown") == true)
    #expect(try words("utf8-report.eml") == "550 5.1.1 unbekannter Empfänger")
  }

  @Test func originalRecipientsAreTold() throws {
    let report = try ReportReader.read(try ReportCorpus.bytes("address-changed-on-the-way.eml"))
    #expect(report.readers.map(\.original) == ["reader@city.example.gov"])
  }

  @Test(
    arguments: [
      ("5.1.1", nil, "", "hard"), ("5.2.2", nil, "", "soft"), ("5.1.1", nil, "user over quota", "soft"),
      ("5.7.1", 550, "blocked by policy: user unknown", "soft"), ("5.7.1", 550, "recipient does not exist", "hard"),
      ("4.2.2", nil, "", "soft"), ("5.0.0", 550, "", "soft"), ("5.0.0", nil, "", "soft"), (nil, 550, "", "soft"),
      (nil, 554, "", "soft"), (nil, nil, "", "soft"), (nil, 450, "user unknown", "soft"),
      (nil, 554, "user unknown", "hard"),
      ("5.5.0", 550, "requested action not taken: mailbox unavailable", "hard"), ("5.1.8", 553, "", "soft"),
      ("5.4.310", nil, "dns domain does not exist", "hard"), ("5.4.14", nil, "hop count exceeded", "soft"),
      ("5.0.0", 550, "invalid user", "hard"), (nil, 556, "", "hard"), (nil, 551, "", "hard"),
    ] as [(String?, Int?, String, String)])
  func onlyWhatConcernsTheMailboxIsHard(_ status: String?, _ code: Int?, _ words: String, _ kind: String) throws {
    #expect(try self.kind(status, code, words) == kind)
  }

  /// What is missing or wrong is on our side, or nothing is said of whose it is.
  @Test(
    arguments: [
      ("5.2.1", 550, "The user you are trying to contact is receiving mail at a rate that prevents more"),
      ("5.2.1", 550, "The recipient is receiving mail too quickly"), ("5.0.0", 550, "Administrative prohibition"),
      ("5.0.0", 550, "High probability of junk"), ("5.0.0", 550, "Graylisted, come back"),
      ("5.0.0", 550, "Maximum line length exceeded"), ("5.0.0", 550, "Message too long"),
      ("5.0.0", 550, "Too many recipients"), ("5.0.0", 550, "Sender domain does not exist"),
      ("5.0.0", 553, "Domain of sender address bounce+1@bounce.example.gov does not exist"),
      ("5.1.0", 550, "sender domain not found"), ("5.0.0", 550, "domain not found in SPF record"),
      ("5.7.25", 550, "Client host rejected: reverse DNS does not exist"), (nil, 550, "Denied by security gateway"),
      (nil, 550, "Bad HELO"), ("5.0.0", 550, "Your client IP address does not exist in PTR records"),
      ("5.0.0", 550, "Access denied - Invalid HELO name, Host not found"),
      ("5.0.0", 550, "cannot find your reverse hostname, PTR does not exist"),
      ("5.0.0", 554, "attachment type does not exist"),
    ] as [(String?, Int, String)])
  func refusalsOfOurSideAreSoft(_ status: String?, _ code: Int, _ words: String) throws {
    #expect(try kind(status, code, words) == "soft")
    // The code of a mailbox that is not there counts more than words.
    #expect(try kind("5.1.1", code, "Sender domain does not exist") == "hard")
  }

  private func kind(_ status: String?, _ code: Int?, _ words: String) throws -> String {
    let report = """
      From: MAILER-DAEMON@x.example
      Content-Type: multipart/report; report-type=delivery-status; boundary=b

      --b
      Content-Type: message/delivery-status

      Reporting-MTA: dns; x.example

      Final-Recipient: rfc822; a@b.example
      Action: failed
      \(status.map { "Status: \($0)" } ?? "X-None: 1")
      Diagnostic-Code: smtp; \(code.map { "\($0) " } ?? "")\(words)

      --b--
      """
    return try ReportReader.read(Array(report.utf8)).kind.rawValue
  }

  @Test(arguments: [
    "Fuera de la oficina: words", "Absence du bureau : words", "Resposta automática: words",
    "Risposta automatica: words", "Automatisch antwoord: words", "Automatyczna odpowiedź: words", "Autosvar: words",
    "自動応答: words", "=?utf-8?B?6Ieq5YuV5b+c562U?=: words", "Jane Doe is out of the office",
    "AUTO: Jane Doe is out of the office (returning 11/30/2026)", "Re: [Auto-Reply] words", "[Auto-Reply] words",
  ])
  func absenceNotesInManyLanguages(subject: String) throws {
    func mail(_ from: String) -> String {
      "From: \(from)\nSubject: \(subject)\n\nAway. Your mail could not be delivered to me.\n"
    }
    #expect(try ReportReader.read(Array(mail("jane@b.example").utf8)).kind == .autoReply)
    #expect(try ReportReader.read(Array(mail("Postmaster <postmaster@b.example>").utf8)).kind == .autoReply)
    // What only a mail server writes.
    let failed = "X-Failed-Recipients: a@b.example\n" + mail("postmaster@b.example")
    #expect(try ReportReader.read(Array(failed.utf8)).kind == .soft)
  }

  @Test(arguments: [
    "Re: Out of the office", "Re: [Tribal police] Auto-Reply", "[Reply] words", "Auto theft: an answer",
  ])
  func otherSubjectsAreAPersons(subject: String) throws {
    let mail = "From: jane@b.example\nSubject: \(subject)\n\nThanks.\n"
    #expect(try ReportReader.read(Array(mail.utf8)).kind == .notABounce)
  }
}
