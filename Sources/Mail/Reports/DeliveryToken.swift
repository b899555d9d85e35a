// What a delivery is called on the wire: `bounce+17.k3mzqxw2p7vaf4ne@..` as return path (VERP) and `17.k3mz..` as
// envelope id (RFC 3461 section 4.4). The tag is a keyed digest of the number, so that nobody who did not get the
// message can name a delivery: a forged report changes nothing (Documentation/decisions/0022).

package import Crypto

package struct DeliveryToken: Hashable, Sendable {
  package var delivery: Int64
  /// 16 characters of base32, lower case: relays may change the case of a local part.
  package var tag: String

  package static let prefix = "bounce+"
  package static let tagLength = 16

  package init(delivery: Int64, tag: String) {
    self.delivery = delivery
    self.tag = tag
  }

  /// `17.k3mzqxw2p7vaf4ne`, in any case; nil for anything else.
  package init?(_ text: some Sequence<UInt8>) {
    var digits: [UInt8] = []
    var tag: [UInt8] = []
    var afterDot = false
    for byte in text {
      let byte = (0x41...0x5A).contains(byte) ? byte + 0x20 : byte
      switch byte {
      case UInt8(ascii: "."): if afterDot { return nil } else { afterDot = true }
      case 0x30...0x39 where !afterDot: digits.append(byte)
      case 0x61...0x7A where afterDot, 0x32...0x37 where afterDot: tag.append(byte)
      default: return nil
      }
      guard digits.count <= 18, tag.count <= Self.tagLength else { return nil }
    }
    guard tag.count == Self.tagLength, digits.first != 0x30, let number = Int64(String(decoding: digits, as: UTF8.self))
    else { return nil }
    self.init(delivery: number, tag: String(decoding: tag, as: UTF8.self))
  }

  /// The envelope id; nothing in it needs xtext.
  package var text: String { String(delivery) + "." + tag }

  package func returnPath(domain: String) -> String { Self.prefix + text + "@" + domain }
}

/// Makes and knows the tokens of one site.
package struct DeliveryTokenKey: Sendable {
  /// Keyed, and given what every token begins with: a copy of it makes a token in a third of the time.
  private let start: HMAC<SHA256>
  private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)

  package init(_ key: SymmetricKey) {
    var start = HMAC<SHA256>(key: key)
    start.update(data: Array("revere delivery ".utf8))
    self.start = start
  }

  package func token(for delivery: Int64) -> DeliveryToken {
    var hash = start
    hash.update(data: Array(String(delivery).utf8))
    let code = hash.finalize()
    var tag: [UInt8] = []
    tag.reserveCapacity(DeliveryToken.tagLength)
    var bits = 0
    var held = 0
    for byte in code {
      held = (held << 8 | Int(byte)) & 0xFFFF
      bits += 8
      while bits >= 5, tag.count < DeliveryToken.tagLength {
        bits -= 5
        tag.append(Self.alphabet[(held >> bits) & 31])
      }
      if tag.count == DeliveryToken.tagLength { break }
    }
    return DeliveryToken(delivery: delivery, tag: String(decoding: tag, as: UTF8.self))
  }

  package func made(_ token: DeliveryToken) -> Bool {
    // Every byte is looked at, so that the time tells nothing.
    zip(self.token(for: token.delivery).tag.utf8, token.tag.utf8).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
