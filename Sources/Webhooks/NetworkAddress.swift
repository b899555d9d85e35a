// IP addresses and networks as bytes, and which of them belong to nobody on the public Internet (IANA's special-purpose
// registries, RFC 6890). An IPv6 address that holds an IPv4 one is judged as what it is, never as what it holds.

import Foundation

/// Four bytes or sixteen, in network order.
package struct NetworkAddress: Hashable, Sendable, CustomStringConvertible {
  package let bytes: [UInt8]

  package init?(bytes: [UInt8]) {
    guard bytes.count == 4 || bytes.count == 16 else { return nil }
    self.bytes = bytes
  }

  /// `192.0.2.1` or `2001:db8::1`; no zone, no short forms of IPv4.
  package init?(_ text: String) {
    var bytes = [UInt8](repeating: 0, count: 16)
    if inet_pton(AF_INET, text, &bytes) == 1 {
      self.bytes = Array(bytes[..<4])
    } else if inet_pton(AF_INET6, text, &bytes) == 1 {
      self.bytes = bytes
    } else {
      return nil
    }
  }

  package var description: String {
    var text = [CChar](repeating: 0, count: 64)
    guard inet_ntop(bytes.count == 4 ? AF_INET : AF_INET6, bytes, &text, 64) != nil else { return "?" }
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}

/// `10.0.0.0/8`, `2001:db8::/32`; a bare address is a network of one.
package struct NetworkRange: Hashable, Sendable {
  package let address: NetworkAddress
  package let prefix: Int

  /// nil for anything else, also when bits are set beyond the prefix: the writer meant something different.
  package init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard let first = parts.first, parts.count <= 2, let address = NetworkAddress(String(first)) else { return nil }
    let width = address.bytes.count * 8
    var prefix = width
    if parts.count == 2 {
      guard let written = Int(parts[1]), (0...width).contains(written), parts[1].allSatisfy(\.isNumber) else {
        return nil
      }
      prefix = written
    }
    for bit in prefix..<width where address.bytes[bit / 8] & (0x80 >> (bit % 8)) != 0 { return nil }
    self.address = address
    self.prefix = prefix
  }

  package func contains(_ other: NetworkAddress) -> Bool {
    guard other.bytes.count == address.bytes.count else { return false }
    let whole = prefix / 8
    guard other.bytes[..<whole] == address.bytes[..<whole] else { return false }
    guard prefix % 8 != 0 else { return true }
    let mask = UInt8(truncatingIfNeeded: 0xFF00 >> (prefix % 8))
    return other.bytes[whole] & mask == address.bytes[whole] & mask
  }
}

/// Which addresses an endpoint may be called at: those of the public Internet, and those that the site allows.
package struct AddressGuard: Hashable, Sendable {
  package let allowed: [NetworkRange]
  package init(allowing allowed: [NetworkRange] = []) { self.allowed = allowed }

  /// Why this address is not called; nil when it may be.
  package func refusal(of address: NetworkAddress) -> String? {
    if allowed.contains(where: { $0.contains(address) }) { return nil }
    if let found = Self.special.first(where: { $0.range.contains(address) }) { return found.what }
    // Of IPv6 only 2000::/3 is given out.
    if address.bytes.count == 16, address.bytes[0] & 0xE0 != 0x20 { return "outside the public addresses" }
    return nil
  }

  package static let special: [(range: NetworkRange, what: String)] = [
    ("0.0.0.0/8", "this network"), ("10.0.0.0/8", "private"), ("100.64.0.0/10", "shared by a carrier"),
    ("127.0.0.0/8", "loopback"), ("169.254.0.0/16", "link-local"), ("172.16.0.0/12", "private"),
    ("192.0.0.0/24", "for protocols"), ("192.0.2.0/24", "for documentation"), ("192.31.196.0/24", "for protocols"),
    ("192.52.193.0/24", "for protocols"), ("192.88.99.0/24", "6to4"), ("192.168.0.0/16", "private"),
    ("192.175.48.0/24", "for protocols"), ("198.18.0.0/15", "for measuring"), ("198.51.100.0/24", "for documentation"),
    ("203.0.113.0/24", "for documentation"), ("224.0.0.0/4", "multicast"), ("240.0.0.0/4", "reserved"),
    ("::/128", "unspecified"), ("::1/128", "loopback"), ("::ffff:0.0.0.0/96", "IPv4-mapped"),
    ("::/96", "IPv4-compatible"), ("64:ff9b::/96", "NAT64"), ("64:ff9b:1::/48", "NAT64"), ("100::/64", "discarded"),
    ("2001::/32", "Teredo"), ("2001:db8::/32", "for documentation"), ("2001::/23", "for protocols"),
    ("2002::/16", "6to4"), ("2620:4f:8000::/48", "for protocols"), ("3fff::/20", "for documentation"),
    ("5f00::/16", "segment routing"), ("fc00::/7", "unique-local"), ("fe80::/10", "link-local"),
    ("fec0::/10", "site-local"), ("ff00::/8", "multicast"),
  ].compactMap { text, what in NetworkRange(text).map { ($0, what) } }
}
