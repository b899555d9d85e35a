// Replies and capabilities: multiline, enhanced codes, limits, hostile bytes.

import Mail
import Testing

@Suite struct SmtpReplyTests {
  private func replies(_ text: String, chunk: Int = .max) throws -> [SmtpReply] {
    var parser = SmtpReplyParser()
    var found: [SmtpReply] = []
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let piece = Array(bytes.prefix(chunk))
      bytes = bytes.dropFirst(piece.count)
      piece.withUnsafeBytes { parser.receive($0) }
      while let reply = try parser.next() { found.append(reply) }
    }
    return found
  }

  @Test(arguments: [1, 2, 3, 7, 1000])
  func replyMayArriveInAnyPieces(_ chunk: Int) throws {
    let text = "250-2.1.5 one\r\n250-2.1.5 two\r\n250 2.1.5 three\r\n354\r\n550 5.1.1 <a@x.org>: no\n421 bye\r\n"
    #expect(
      try replies(text, chunk: chunk) == [
        SmtpReply(code: 250, enhanced: EnhancedCode(2, 1, 5), text: "one\ntwo\nthree"),
        SmtpReply(code: 354, text: ""),
        SmtpReply(code: 550, enhanced: EnhancedCode(5, 1, 1), text: "<a@x.org>: no"),
        SmtpReply(code: 421, text: "bye"),
      ])
  }

  @Test func enhancedCodeMustAgreeWithTheReplysClass() throws {
    #expect(try replies("550 4.1.1 x\r\n").first == SmtpReply(code: 550, text: "4.1.1 x"))
    #expect(try replies("250 2.0 x\r\n").first?.enhanced == nil)
    #expect(try replies("250 2.0.1234 x\r\n").first?.enhanced == nil)
    #expect(try replies("250 2.0.0\r\n").first?.enhanced == EnhancedCode(2, 0, 0))
  }

  @Test(arguments: [
    "hello\r\n", "25\r\n", "2x0 ok\r\n", "250_ok\r\n", "199 x\r\n", "600 x\r\n", "250-a\r\n550 b\r\n", "\r\n",
    "\u{0}\u{0}\u{0}\u{0}\r\n",
  ])
  func whatIsNoReplyIsRefusedForEver(_ text: String) {
    var parser = SmtpReplyParser()
    Array(text.utf8).withUnsafeBytes { parser.receive($0) }
    #expect(throws: SmtpReplyParser.Malformed.self) { while try parser.next() != nil {} }
    Array("250 ok\r\n".utf8).withUnsafeBytes { parser.receive($0) }
    #expect(throws: SmtpReplyParser.Malformed.self) { try parser.next() }
  }

  @Test func limits() throws {
    #expect(throws: SmtpReplyParser.Malformed.lineTooLong) { try replies(String(repeating: "2", count: 5000)) }
    #expect(throws: SmtpReplyParser.Malformed.tooManyLines) {
      try replies(String(repeating: "250-x\r\n", count: 300))
    }
    let long = try replies("550-" + String(repeating: "a", count: 3000) + "\r\n550 b\r\n")
    #expect(long.first?.text.utf8.count == SmtpReplyParser.textLimit)
  }

  @Test func textIsSafeToShow() throws {
    let reply = try replies("550 a\u{1B}[31m\tb\u{7F}\r\n").first
    #expect(reply?.text == "a?[31m?b?")
  }

  @Test(arguments: [
    ("Ok: queued as 4XyZ12abc", "4XyZ12abc"), ("OK id=1t2abC-0003dE-4f", "1t2abC-0003dE-4f"),
    ("<1@x.org> [InternalId=123, Hostname=x.y] Queued mail for delivery", "123"), ("Ok", nil), ("queued as ", nil),
  ])
  func queueIDs(_ text: String, _ id: String?) {
    #expect(SmtpReply(code: 250, text: text).queueID == id)
    #expect(SmtpReply(code: 550, text: text).queueID == nil)
  }

  @Test func capabilitiesOfTheLastEHLOCount() {
    var opening = SmtpOpening()
    for line in [
      "220 relay ESMTP\r\n", "250-relay\r\n", "250-PIPELINING\r\n", "250-DSN\r\n", "250 STARTTLS\r\n", "220 go\r\n",
      "250-relay\r\n", "250-size 1000\r\n", "250-AUTH PLAIN LOGIN\r\n", "250 SMTPUTF8\r\n", "334 x\r\n", "235 ok\r\n",
    ] {
      Array(line.utf8).withUnsafeBytes { opening.receive($0) }
    }
    let found = opening.capabilities
    #expect(!found.pipelining && !found.dsn && !found.startTLS && found.smtpUTF8 && found.size)
    #expect(found.sizeLimit == 1000)
    #expect(found.auth == ["PLAIN", "LOGIN"])
    #expect(opening.lastReply?.code == 235)
  }

  @Test(arguments: 1...200)
  func noBytesCrashTheParser(_ seed: UInt64) {
    var random = SplitMix64(state: seed)
    let alphabet = Array("0123459- .\r\n\u{0}Aé".utf8)
    var parser = SmtpReplyParser()
    for _ in 0..<200 {
      let bytes = (0..<Int.random(in: 0..<12, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? 0 }
      bytes.withUnsafeBytes { parser.receive($0) }
      do { while let reply = try parser.next() { #expect((200...599).contains(reply.code), "seed \(seed)") } } catch {
        return
      }
    }
  }
}
