// Bodies: encodings, structure, slots, and Python's email package as the second reader.

import Bulletins
import Foundation
import Markings
import Rendering
import Testing

@testable import Mail

private let python = ["/usr/bin/python3", "/usr/local/bin/python3"].first {
  FileManager.default.isExecutableFile(atPath: $0)
}

enum MailSample {
  static let slot = String(repeating: "\u{1}", count: Rendered.slotWidth)
  static let banner = Banner(text: "UNCLASSIFIED//LES", trafficLight: .amber, colour: .unclassified)

  static func rendered(text: String, html: String = "<p>caf\u{E9}</p>\n", images: Int = 0) -> Rendered {
    Rendered(
      id: "00112233445566778899aabbccddeeff", html: html, text: text, subject: "(U) Caf\u{E9} on Main Street",
      banner: banner,
      images: (0..<images).map {
        RenderedImage(
          contentID: "figure-\($0 + 1).00112233@cfc.invalid", fileName: "figure-\($0 + 1).png", mediaType: "image/png",
          bytes: (0..<300).map { UInt8($0 & 0xFF) })
      })
  }

  static func heading(_ urgency: Urgency = .priority, subject: String = "(U) Caf\u{E9} on Main Street") throws
    -> MessageHeading
  {
    MessageHeading(
      from: try Mailbox(parsing: "Commonwealth Fusion Center <bulletins@cfc.example.gov>"), subject: subject,
      date: Instant(seconds: 1_795_331_640), zone: TimeZone(identifier: "America/New_York") ?? .gmt, banner: banner,
      urgency: urgency, list: MailingList(id: "officer-safety", name: "Officer safety"))
  }

  static func id(_ reader: String, revision: String = "sha256:" + String(repeating: "ab", count: 32)) throws
    -> MessageID
  {
    MessageID(
      revision: revision, reader: reader, channel: "email-tls", domain: try EmailAddress("bulletins@cfc.example.gov"))
  }
}

struct MimeTests {
  @Test func quotedPrintableSurvives() {
    for seed in 0..<500 {
      var random = SplitMix64(state: UInt64(seed))
      let pieces = [
        "\n", " ", "=", ".", "From ", "\t", "caf\u{E9}", "word ", "\u{1F697}", String(repeating: "x", count: 90),
        "\n.\n", " \n",
      ]
      let text = (0..<40).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
      let encoded = QuotedPrintable(Array(text.utf8)).bytes
      var decoded: [UInt8] = []
      for line in String(decoding: encoded, as: UTF8.self).components(separatedBy: "\r\n").dropLast() {
        #expect(line.utf8.count <= 76, "seed \(seed)")
        #expect(!line.hasPrefix(".") && !line.hasPrefix("From ") && !line.hasSuffix(" "), "seed \(seed)")
        var rest = line.utf8[...]
        var soft = false
        while let byte = rest.popFirst() {
          if byte != 0x3D {
            decoded.append(byte)
          } else if rest.isEmpty {
            soft = true
          } else {
            decoded.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) ?? 0)
            rest = rest.dropFirst(2)
          }
        }
        if !soft { decoded.append(0x0A) }
      }
      let expected = text.hasSuffix("\n") || text.isEmpty ? text : text + "\n"
      #expect(String(decoding: decoded, as: UTF8.self) == expected, "seed \(seed)")
    }
  }

  @Test func spaceStuffing() {
    let stuffed = String(decoding: spaceStuffed(" a\n> b\nFrom c\nd \ne\n"), as: UTF8.self)
    #expect(stuffed == "  a\n > b\n From c\nd \ne\n")
  }

  @Test func slotsAreFilledInBothParts() throws {
    let rendered = MailSample.rendered(
      text: "1. https://portal.example.gov/a/\(MailSample.slot)\n",
      html: "<a href=\"https://portal.cfc.example.gov/acknowledge/a/\(MailSample.slot)\">x</a>\n")
    let body = EncodedBody(rendered)
    #expect(body.slots.count == 2)
    let composer = MessageComposer(try MailSample.heading(), body: body)
    let token = "abcdefghijklmnopqrstuvwxyz-_0123"
    let filled = try #require(AcknowledgementToken(token))
    let message = composer.message(
      to: try Mailbox(parsing: "a@x.gov"), id: try MailSample.id("a"), token: filled)
    let text = String(decoding: message, as: UTF8.self)
    #expect(text.components(separatedBy: token).count == 3)
    #expect(!text.contains(String(repeating: "0", count: 32)))
    #expect(!message.contains(Rendered.slotByte))
    for bad in ["", "short", String(repeating: "=", count: 32), String(repeating: "\n", count: 32)] {
      #expect(AcknowledgementToken(bad) == nil)
    }
  }

  @Test func structureFollowsContent() {
    func structure(_ body: EncodedBody) -> [String] {
      String(decoding: body.bytes, as: UTF8.self).components(separatedBy: "\r\n")
        .filter { $0.hasPrefix("Content-Type: ") }.map { String($0.dropFirst(14).prefix { $0 != ";" }) }
    }
    let rendered = MailSample.rendered(text: "a\n", images: 2)
    #expect(structure(EncodedBody(rendered, format: .text)) == ["text/plain"])
    #expect(
      structure(EncodedBody(MailSample.rendered(text: "a\n"))) == ["multipart/alternative", "text/plain", "text/html"])
    #expect(
      structure(EncodedBody(rendered)) == [
        "multipart/related", "multipart/alternative", "text/plain", "text/html", "image/png", "image/png",
      ])
    let file = EnclosedFile(name: "\u{DC}bersicht.pdf", mediaType: "application/pdf", bytes: [1])
    #expect(structure(EncodedBody(rendered, files: [file])).first == "multipart/mixed")
    #expect(
      structure(EncodedBody(rendered, format: .text, files: [file])) == [
        "multipart/mixed", "text/plain", "application/pdf",
      ])
  }

  @Test func bodiesAreTheirOwnDotStuffedForm() {
    let body = EncodedBody(MailSample.rendered(text: ".\n..\nfrom\n", html: ".<p>\n.", images: 1))
    #expect(SmtpContent.stuff(body.bytes) == body.bytes)
    #expect(body == EncodedBody(MailSample.rendered(text: ".\n..\nfrom\n", html: ".<p>\n.", images: 1)))
  }

  /// What Python reads is what was meant.
  @Test(.enabled(if: python != nil)) func pythonReadsIt() throws {
    let words = "caf\u{E9} \u{1F697} = . From \n.dot\nFrom x\n > y\n" + String(repeating: "long ", count: 60) + "\n"
    let body = EncodedBody(
      MailSample.rendered(text: words, html: "<p>\u{E9}</p>\n.x\n", images: 1),
      files: [
        EnclosedFile(
          name: "\u{DC}bersicht der Lage, November 2026, mit einem sehr langen Namen.pdf", mediaType: "application/pdf",
          bytes: [1, 2, 3])
      ])
    let composer = MessageComposer(try MailSample.heading(), body: body)
    let message = composer.message(
      to: Mailbox(name: "Zo\u{EB} Okafor, Sgt.", address: try EmailAddress("z.okafor@x.gov")),
      id: try MailSample.id("z.okafor"),
      earlier: [try MailSample.id("z.okafor", revision: "sha256:" + String(repeating: "cd", count: 32))],
      unsubscribe: Unsubscribe(
        page: "https://portal.cfc.example.gov/u/1", mailbox: try EmailAddress("leave@cfc.example.gov")))
    let script = """
      import sys, json, email, email.policy
      m = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
      parts = []
      defects = [str(d) for d in m.defects]
      for p in m.walk():
          defects += [str(d) for d in p.defects]
          for k in p.keys(): defects += [k + ': ' + str(d) for d in p[k].defects]
          parts.append([p.get_content_type(), p.get_filename() or '', '' if p.is_multipart() else (p.get_content().replace(chr(13), '') if p.get_content_maintype() == 'text' else p.get_content().hex())])
      print(json.dumps({'headers': {k: str(m[k]) for k in m.keys()}, 'to': [[a.display_name, a.addr_spec] for a in m['To'].addresses], 'parts': parts, 'defects': defects}))
      """
    let process = Process()
    process.executableURL = URL(filePath: try #require(python))
    process.arguments = ["-c", script]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    input.fileHandleForWriting.write(Data(message))
    try input.fileHandleForWriting.close()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let read = try JSONDecoder().decode(PythonReading.self, from: data)
    #expect(read.defects == [])
    #expect(read.to == [["Zo\u{EB} Okafor, Sgt.", "z.okafor@x.gov"]])
    #expect(read.headers["Subject"] == "(U) Caf\u{E9} on Main Street")
    #expect(read.headers["Date"] == "Sun, 22 Nov 2026 02:14:00 -0500")
    #expect(read.headers["Message-ID"] == "<abababababababababababababababab.z=2Eokafor.email-tls@cfc.example.gov>")
    #expect(read.headers["References"] == "<cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd.z=2Eokafor.email-tls@cfc.example.gov>")
    #expect(read.headers["List-Id"] == "Officer safety <officer-safety.cfc.example.gov>")
    #expect(
      read.headers["List-Unsubscribe"]
        == "<https://portal.cfc.example.gov/u/1>, <mailto:leave@cfc.example.gov?subject=unsubscribe>")
    #expect(read.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click")
    #expect(read.headers["Auto-Submitted"] == "auto-generated")
    #expect(
      read.headers["SIO-Label"] == "marking=\"UNCLASSIFIED//LES TLP:AMBER\"; fgcolor=\"#FFFFFF\"; bgcolor=\"#007A33\"")
    #expect(read.headers["X-Priority"] == "2")
    #expect(
      read.parts.map { $0[0] } == [
        "multipart/mixed", "multipart/related", "multipart/alternative", "text/plain", "text/html", "image/png",
        "application/pdf",
      ])
    #expect(read.parts[3][2] == String(decoding: spaceStuffed(words), as: UTF8.self))
    #expect(read.parts[4][2] == "<p>\u{E9}</p>\n.x\n")
    #expect(read.parts[5][1] == "figure-1.png")
    #expect(read.parts[6][1] == "\u{DC}bersicht der Lage, November 2026, mit einem sehr langen Namen.pdf")
    #expect(read.parts[6][2] == "010203")
  }

  private struct PythonReading: Decodable {
    var headers: [String: String]
    var to: [[String]]
    var parts: [[String]]
    var defects: [String]
  }
}
