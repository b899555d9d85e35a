// What a delivery is called on the wire: one way to write it, nobody else can, and nothing else is taken for it.

import Crypto
import Mail
import Testing

@Suite struct DeliveryTokenTests {
  let key = DeliveryTokenKey(SymmetricKey(data: Array(repeating: 7, count: 32)))

  @Test func writtenAndReadBack() throws {
    for number: Int64 in [1, 17, 1_000_000, 999_999_999_999_999_999] {
      let token = key.token(for: number)
      #expect(DeliveryToken(token.text.utf8) == token && DeliveryToken(token.text.uppercased().utf8) == token)
      #expect(key.made(token) && token.tag.utf8.count == DeliveryToken.tagLength)
      let path = token.returnPath(domain: "bounce.example.gov")
      #expect(SmtpPath(path) != nil && path.hasPrefix("bounce+\(number).") && SmtpEnvelopeID(token.text) != nil)
    }
  }

  @Test func othersCannotMakeOne() throws {
    let other = DeliveryTokenKey(SymmetricKey(data: Array(repeating: 8, count: 32)))
    let token = key.token(for: 17)
    #expect(!other.made(token) && other.token(for: 17) != token)
    #expect(!key.made(DeliveryToken(delivery: 18, tag: token.tag)))
    #expect(!key.made(DeliveryToken(delivery: 17, tag: "aaaaaaaaaaaaaaaa")))
  }

  @Test(arguments: [
    "", "17", "17.", ".k3mzqxw2p7vaf4ne", "17.k3mzqxw2p7vaf4n", "17.k3mzqxw2p7vaf4nee", "17.k3mzqxw2p7vaf4n1",
    "-1.k3mzqxw2p7vaf4ne", "017.k3mzqxw2p7vaf4ne", "1.7.k3mzqxw2p7vaf4ne", "9999999999999999999.k3mzqxw2p7vaf4ne",
    "17 .k3mzqxw2p7vaf4ne", "17.k3mzqxw2p7vaf4né",
  ])
  func nothingElseIsOne(_ text: String) {
    #expect(DeliveryToken(text.utf8) == nil)
  }
}
