// Who calls, when a proxy stands before us. What a proxy tells counts only if its own address is trusted, and a list of
// addresses only as far as it was written by trusted hops: from its end to the first that is not.

struct ForwardedCaller {
  var address: String
  /// TLS as far as the proxy that says so.
  var isSecure: Bool
  /// Neither this machine nor a proxy that had TLS: credentials would be readable on the way.
  var isExposed: Bool
  /// It came by a proxy on this machine that nobody named. Its own address tells nothing of who calls, and by what way.
  var isByStranger = false

  /// - Parameters:
  ///   - peer: the address of the connection.
  ///   - forwardedFor: `X-Forwarded-For`, all lines joined by commas.
  ///   - forwardedProto: `X-Forwarded-Proto`.
  init(
    peer: String, forwardedFor: String?, forwardedProto: String?, trusts: (_ address: String) -> Bool
  ) {
    address = peer
    isSecure = false
    isExposed = !Self.isLoopback(peer)
    guard forwardedFor != nil || forwardedProto != nil || isExposed else { return }
    guard trusts(peer) else {
      isByStranger = !isExposed
      isExposed = true
      return
    }
    if let forwardedFor {
      for hop in forwardedFor.split(separator: ",").reversed() {
        guard let found = Self.address(hop) else { break }
        address = found
        if !trusts(found) { break }
      }
    }
    // Of several the last was written by the nearest hop.
    let proto = forwardedProto?.split(separator: ",").last.map { $0.filter { $0 != " " && $0 != "\t" } }
    isSecure = proto?.isSame(as: "https") == true
    // A proxy that is silent about TLS is believed only of callers on this machine.
    isExposed = proto.map { !$0.isSame(as: "https") } ?? (isExposed || !Self.isLoopback(address))
  }

  static func isLoopback(_ address: String) -> Bool {
    address.hasPrefix("127.") || address == "::1" || address.hasPrefix("::ffff:127.")
  }

  /// `192.0.2.7`, `192.0.2.7:41234`, `2001:db8::1`, `[2001:db8::1]:41234`; nil for `unknown` and the like.
  private static func address(_ hop: Substring) -> String? {
    var text = Substring(hop.filter { $0 != " " && $0 != "\t" })
    if text.hasPrefix("[") {
      text = text.dropFirst().prefix { $0 != "]" }
    } else if text.filter({ $0 == ":" }).count == 1 {
      text = text.prefix { $0 != ":" }
    }
    let isAddress =
      !text.isEmpty && text.utf8.count <= 45 && text.contains { $0 == "." || $0 == ":" }
      && text.allSatisfy { $0.isHexDigit || $0 == "." || $0 == ":" }
    return isAddress ? String(text) : nil
  }
}
