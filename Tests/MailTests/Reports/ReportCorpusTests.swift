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
      ("4.2.2", nil, "", "soft"), ("5.0.0", 550, "", "hard"), ("5.0.0", nil, "", "soft"), (nil, 550, "", "hard"),
      (nil, 554, "", "soft"), (nil, nil, "", "soft"), (nil, 450, "user unknown", "soft"),
      (nil, 554, "user unknown", "hard"),
      ("5.5.0", 550, "requested action not taken: mailbox unavailable", "hard"), ("5.1.8", 553, "", "soft"),
      ("5.4.310", nil, "dns domain does not exist", "hard"), ("5.4.14", nil, "hop count exceeded", "soft"),
    ] as [(String?, Int?, String, String)])
  func onlyWhatConcernsTheMailboxIsHard(_ status: String?, _ code: Int?, _ words: String, _ kind: String) throws {
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
    #expect(try ReportReader.read(Array(report.utf8)).kind.rawValue == kind)
  }
}
