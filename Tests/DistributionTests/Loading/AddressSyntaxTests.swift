// What may stand between `<` and `>` of an SMTP command, and nothing else.

import Testing

@testable import Distribution

@Suite struct AddressSyntaxTests {
  @Test(arguments: [
    "a@b.example.gov", "first.last+tag@sub.domain.example", "o'brien@example.org", "x@localhost",
    "watch@xn--bcher-kva.example", "a_b-c=d@1.example",
  ])
  func good(_ text: String) { #expect(AddressSyntax.fault(text) == nil) }

  @Test(arguments: [
    ("", AddressSyntax.Fault.empty), ("a@b.example\r\nRCPT TO:<x@y>", .controlCharacter), ("a@b\n", .controlCharacter),
    ("a\0@b", .controlCharacter), ("a@b\u{85}", .controlCharacter), ("a@b\u{2028}c", .controlCharacter),
    ("j\u{202E}x@b", .controlCharacter), ("j\u{F6}rg@example.org", .notASCII),
    ("watch@b\u{FC}cher.example", .notASCII), ("nobody", .malformed), ("a@", .malformed), ("@b", .malformed),
    ("a@b@c", .malformed), ("a b@c", .malformed), ("a@b c", .malformed), ("<a@b>", .malformed), ("a@b>", .malformed),
    (".a@b", .malformed), ("a.@b", .malformed), ("a..b@c", .malformed), ("\"a b\"@c", .malformed),
    ("a@[10.0.0.1]", .malformed), ("a@-b", .malformed), ("a@b-", .malformed), ("a@b..c", .malformed),
    ("a,b@c", .malformed), ("A <a@b>", .malformed),
  ])
  func bad(_ text: String, _ fault: AddressSyntax.Fault) { #expect(AddressSyntax.fault(text) == fault) }

  @Test func lengths() {
    let local = String(repeating: "a", count: 64)
    let label = String(repeating: "b", count: 63)
    #expect(AddressSyntax.fault("\(local)@b.example") == nil)
    #expect(AddressSyntax.fault("\(local)a@b.example") == .tooLong)
    #expect(AddressSyntax.fault("a@\(label).example") == nil)
    #expect(AddressSyntax.fault("a@\(label)b.example") == .malformed)
    #expect(AddressSyntax.fault("a@" + [label, label, label, label].joined(separator: ".")) == .tooLong)
  }
}
