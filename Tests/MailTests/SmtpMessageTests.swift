// Envelope values: what cannot be said to a relay cannot be made.

import Mail
import Testing

@Suite struct SmtpMessageTests {
  @Test(arguments: [
    "a@x.org", "a.b+c@x.org", "\"a.b\"@x.org", "\"a@b\"@x.org", "b\u{FC}ro@x.org", "a@b\u{FC}ro.example",
    "a@[127.0.0.1]",
    "o'hara@x.org",
  ])
  func good(_ text: String) {
    #expect(SmtpPath(text)?.text == text)
  }

  @Test(arguments: [
    "", "a", "@x.org", "a@", "a b@x.org", "a@x.org\r\nRCPT TO:<b@x.org>", "a\n@x.org", "<a@x.org>", "a@x.org>",
    "a@b@x.org",
    "a@x .org", "\"a@x.org", "\"a\"b\"@x.org", "\"a\\\"@x.org", "\"@x.org", "a,b@x.org", "a@x.org NOTIFY=NEVER",
    "a\u{0}@x.org",
    "a\u{85}@x.org", "a\u{2028}@x.org", "a(c)@x.org", "a@x/y",
  ])
  func bad(_ text: String) {
    #expect(SmtpPath(text) == nil)
  }

  @Test func limits() {
    #expect(SmtpPath(String(repeating: "a", count: 65) + "@x.org") == nil)
    #expect(SmtpPath("a@" + String(repeating: "b", count: 253)) == nil)
    #expect(SmtpPath("a@X.Org")?.domain == "x.org")
    #expect(SmtpEnvelopeID("") == nil)
    #expect(SmtpEnvelopeID("a b") == nil)
    #expect(SmtpEnvelopeID("a\r\n") == nil)
    #expect(SmtpEnvelopeID(String(repeating: "+", count: 34)) == nil)
    #expect(SmtpEnvelopeID(String(repeating: "a", count: 100)) != nil)
  }

  @Test(arguments: [
    ("", ""), ("a", "a\r\n"), ("a\nb", "a\r\nb\r\n"), ("a\rb", "a\r\nb\r\n"), ("a\r\n\r\nb\r\n", "a\r\n\r\nb\r\n"),
    (".", "..\r\n"), ("a\n.\nb", "a\r\n..\r\nb\r\n"), ("a\r\n.\r\n", "a\r\n..\r\n"), ("a.\n..b", "a.\r\n...b\r\n"),
  ])
  func contentIsNormalizedAndStuffed(_ raw: String, _ wire: String) {
    #expect(SmtpContent(unstuffed: raw.utf8).segments == [Array(wire.utf8)])
  }
}
