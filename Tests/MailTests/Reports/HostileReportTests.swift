// Any bytes are survived, in bounded time and depth: the corpus mutated by seed, and mails made to break readers.

import Foundation
import Mail
import Testing

@Suite struct HostileReportTests {
  /// A mutated mail: bytes changed, pieces cut out, doubled, taken from other mails, header words thrown in.
  static func mutated(_ corpus: [[UInt8]], _ dice: inout SplitMix64) -> [UInt8] {
    var mail = corpus[Int.random(in: 0..<corpus.count, using: &dice)]
    let words = [
      "\n\n", "\r\n", "\0", "--B1.2026/mx", "--B1.2026/mx--", "Content-Type: multipart/mixed; boundary=x\n\n--x\n",
      "Content-Type: message/rfc822\n\n", "Content-Transfer-Encoding: base64\n", "=?utf-8?B?AAAA?=", "boundary=\"\"",
      "Final-Recipient: rfc822;", ";;;", "@@@@", "bounce+1.", "<", "&#", "5.1.1", "\u{FEFF}", "charset=\"\u{7F}",
      "name*0*=utf-8''%", "From ", "Content-Transfer-Encoding: x-uuencode\n\nbegin 644 x\n", "\u{1B}[2J",
    ].map { Array($0.utf8) }
    for _ in 0..<Int.random(in: 1...12, using: &dice) where !mail.isEmpty {
      let place = Int.random(in: 0..<mail.count, using: &dice)
      let length = min(Int.random(in: 1...200, using: &dice), mail.count - place)
      switch Int.random(in: 0..<6, using: &dice) {
      case 0: mail[place] = UInt8.random(in: 0...255, using: &dice)
      case 1: mail.removeSubrange(place..<(place + length))
      case 2: mail.insert(contentsOf: mail[place..<(place + length)], at: place)
      case 3: mail.insert(contentsOf: words[Int.random(in: 0..<words.count, using: &dice)], at: place)
      case 4:
        let other = corpus[Int.random(in: 0..<corpus.count, using: &dice)]
        mail.insert(
          contentsOf: other.dropFirst(Int.random(in: 0..<other.count, using: &dice)).prefix(length), at: place)
      default: mail.removeSubrange(place...)
      }
    }
    return mail
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func mutatedReportsAreSurvived(seed: UInt64) throws {
    var dice = SplitMix64(state: seed)
    let corpus = try ReportCorpus.files.map(ReportCorpus.bytes)
    try #require(corpus.count > 50)
    for round in 0..<2_000 {
      let mail = Self.mutated(corpus, &dice)
      // An error is an answer too; a crash or a loop is not.
      guard let report = try? ReportReader.read(mail) else { continue }
      #expect(report.readers.count <= 100 && report.tokens.count <= 20, "seed \(seed), round \(round)")
      for reader in report.readers {
        let text = reader.address + reader.diagnostic + (reader.original ?? "")
        let isSafe = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
        #expect(
          isSafe && reader.diagnostic.utf8.count <= 500 && reader.address.utf8.count <= 500,
          "seed \(seed), round \(round)")
      }
    }
  }

  static let hostile: [(String, [UInt8])] = {
    let head = "From: MAILER-DAEMON@x.example\nTo: bounce+1.k3mzqxw2p7vaf4ne@bounce.cfc.example.gov\n"
    func mail(_ text: String) -> [UInt8] { Array((head + text).utf8) }
    let multipart = "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n"
    var made: [(String, [UInt8])] = []
    made.append(("nested messages", mail(String(repeating: "Content-Type: message/rfc822\n\n", count: 30_000))))
    made.append(
      (
        "nested multiparts",
        mail((0..<10_000).map { "Content-Type: multipart/mixed; boundary=b\($0)\n\n--b\($0)\n" }.joined())
      ))
    made.append(("one boundary, many parts", mail(multipart + String(repeating: "\n\n--b\n", count: 100_000))))
    made.append(
      (
        "many groups",
        mail(
          multipart + "Content-Type: message/delivery-status\n\n"
            + String(
              repeating: "Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n\n", count: 15_000))
      ))
    made.append(("one long line", mail("\n" + String(repeating: "a@", count: 500_000))))
    made.append(("one long header", mail("Subject: " + String(repeating: "=?utf-8?Q?=41?= ", count: 60_000) + "\n\nx")))
    made.append(("many headers", mail(String(repeating: "X-A: b\n", count: 140_000) + "\nx")))
    made.append(("dashes", mail(multipart + String(repeating: "--\n", count: 300_000))))
    made.append(("tokens", mail("\n" + String(repeating: "bounce+1.k3mzqxw2p7vaf4ne@ ", count: 38_000))))
    made.append(("angles", mail("Content-Type: text/html\n\n" + String(repeating: "<", count: 900_000))))
    made.append(("entities", mail("Content-Type: text/html\n\n" + String(repeating: "&", count: 900_000))))
    made.append(
      (
        "addresses",
        mail(
          "Subject: failure notice\n\nThis is the qmail-send program\n"
            + String(repeating: "<a@b.example>:\n", count: 60_000))
      ))
    made.append(("nothing but zeros", [UInt8](repeating: 0, count: 1 << 20)))
    made.append(("no header", Array("\n\n\n".utf8)))
    made.append(("larger than is read", mail("\n" + String(repeating: "x", count: 3 << 20))))
    made.append(
      ("base64 without end", mail("Content-Transfer-Encoding: base64\n\n" + String(repeating: "A", count: 900_000))))
    made.append(("folded for ever", mail("Received: x\n" + String(repeating: " y\n", count: 300_000) + "\nx")))
    return made
  }()

  /// Each comes to an end, with no more readers than are looked for or with a reason.
  @Test(arguments: hostile.indices) func madeToBreakIsSurvived(_ index: Int) throws {
    let (name, bytes) = Self.hostile[index]
    do throws(UnreadableMail) {
      let report = try ReportReader.read(bytes)
      #expect(report.readers.count <= 100, "\(name)")
    } catch {
      #expect(!error.words.isEmpty && (error == .tooDeep || error == .noMessage), "\(name): \(error)")
    }
  }

  @Test func depthIsRefusedWithAReason() {
    #expect(throws: UnreadableMail.tooDeep) { try ReportReader.read(Self.hostile[0].1) }
    #expect(throws: UnreadableMail.empty) { try ReportReader.read([]) }
  }
}
