// Where a small server of ours listens: `127.0.0.1:9177`, `9177`, `:9177`, `[::1]:9177`, `localhost:9177`. Without a
// host it is loopback: what is not asked for is not open to a network.

package struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
  package let host: String
  package let port: Int

  /// nil when it is none; a port is 1 to 65535.
  /// - Parameter allowsFreePort: 0 is one too: any that is free.
  package init?(_ text: String, allowsFreePort: Bool = false) {
    let host: Substring
    let digits: Substring
    if text.first == "[" {
      guard let end = text.firstIndex(of: "]"), text[end...].hasPrefix("]:") else { return nil }
      host = text[text.index(after: text.startIndex)..<end]
      digits = text[end...].dropFirst(2)
      guard host.utf8.allSatisfy({ $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") || Self.isHex($0) }),
        !host.isEmpty
      else { return nil }
    } else if let colon = text.lastIndex(of: ":") {
      host = text[..<colon]
      digits = text[colon...].dropFirst()
      guard !host.contains(":"), host.utf8.allSatisfy({ Self.isLetterOrDigit($0) || $0 == 0x2D || $0 == 0x2E }) else {
        return nil
      }
    } else {
      host = ""
      digits = text[...]
    }
    guard (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let port = Int(digits), (1...65_535).contains(port) || port == 0 && allowsFreePort
    else { return nil }
    self.init(host: host.isEmpty ? "127.0.0.1" : String(host), port: port)
  }

  private init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  package func at(port: Int) -> ListenAddress { ListenAddress(host: host, port: port) }

  package var isLoopback: Bool {
    host == "localhost" || host == "::1" || host.hasPrefix("127.") && host.allSatisfy { $0 == "." || $0.isNumber }
  }

  package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }
  private static func isHex(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
  }
}
