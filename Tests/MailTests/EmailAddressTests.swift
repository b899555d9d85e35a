// Addresses: what is accepted, what is refused and why.

import Testing

@testable import Mail

struct EmailAddressTests {
  @Test(arguments: [
    ("a@example.gov", "a@example.gov"), ("Ann.O'Hara+x@EXAMPLE.Gov", "Ann.O'Hara+x@example.gov"),
    ("x@b\u{FC}cher.example", "x@xn--bcher-kva.example"),
    ("x@\u{4F8B}\u{3048}.\u{30C6}\u{30B9}\u{30C8}", "x@xn--r8jz45g.xn--zckzah"),
    ("\"odd@name\"@example.gov", "\"odd@name\"@example.gov"), ("preview@invalid", "preview@invalid"),
    ("x@xn--bcher-kva.example", "x@xn--bcher-kva.example"),
  ])
  func accepted(text: String, sent: String) throws {
    let address = try EmailAddress(text)
    #expect(address.description == sent)
    #expect(!address.needsSMTPUTF8)
    #expect(address.path?.text == sent)
  }

  @Test func otherLettersBeforeTheAtNeedSMTPUTF8() throws {
    let address = try EmailAddress("J\u{FC}rgen@b\u{FC}cher.example")
    #expect(address.description == "J\u{FC}rgen@xn--bcher-kva.example")
    #expect(address.needsSMTPUTF8)
  }

  @Test(arguments: [
    ("", "empty"), ("a", "no-domain"), ("@x", "no-domain"), ("a@", "no-domain"), ("a b@x", "local-part"),
    ("a\r\nBcc: y@x", "local-part"), ("a@x\r\nBcc: y", "domain"), ("a@x\n", "domain"), ("a\u{0}@x", "local-part"),
    (".a@x", "local-part"), ("a..b@x", "local-part"), ("a.@x", "local-part"), ("<a@x>", "local-part"),
    ("a@x>", "domain"), ("a@[127.0.0.1]", "domain-literal"), ("a@-x.gov", "domain"), ("a@x..gov", "domain"),
    ("a@x_y.gov", "domain"), ("a@b\u{FC} cher.de", "domain"), ("a@\u{200D}x.de", "domain"), ("\"a@x", "local-part"),
    ("\"a\"b\"@x", "local-part"), ("\"a\\\"@x", "local-part"), ("a\u{202E}@x", "local-part"), ("a,b@x", "local-part"),
    ("a@x\u{2028}y", "domain"), ("a@x.gov ", "domain"), ("a\u{85}@x", "local-part"),
  ])
  func refused(text: String, code: String) {
    let problem = #expect(throws: AddressProblem.self) { try EmailAddress(text) }
    #expect(problem?.code.rawValue == code, "\(text.debugDescription)")
  }

  @Test func lengths() throws {
    let sixtyFour = String(repeating: "a", count: 64)
    #expect(throws: Never.self) { try EmailAddress(sixtyFour + "@example.gov") }
    #expect(throws: AddressProblem.self) { try EmailAddress(sixtyFour + "a@example.gov") }
    let domain = Array(repeating: String(repeating: "b", count: 62), count: 3).joined(separator: ".")
    #expect(throws: Never.self) { try EmailAddress(sixtyFour + "@" + domain) }
    #expect(throws: AddressProblem.self) { try EmailAddress(sixtyFour + "@" + domain + ".c") }
    #expect(throws: AddressProblem.self) { try EmailAddress("a@" + String(repeating: "b", count: 64)) }
  }

  @Test func mailboxes() throws {
    let center = try Mailbox(parsing: "Commonwealth Fusion Center <bulletins@cfc.example.gov>")
    #expect(center.name == "Commonwealth Fusion Center")
    #expect(center.address.description == "bulletins@cfc.example.gov")
    #expect(try Mailbox(parsing: "\"Watch, 24x7\" <w@x.gov>").name == "Watch, 24x7")
    #expect(try Mailbox(parsing: "w@x.gov").name == nil)
    #expect(throws: AddressProblem.self) { try Mailbox(parsing: "W <w@x.gov> x") }
  }
}
