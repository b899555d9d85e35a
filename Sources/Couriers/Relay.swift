// A relay as the settings describe it (site-files.md, mail.relays): where it is, how its session is protected, how
// much it may be asked. Its class is computed from the protection and never claimed; `class` may only lower it.

import Foundation

/// What a session to a relay protects: `email-tls` only with a verified certificate.
package enum RelayClass: Int, Comparable, Hashable, Sendable, CaseIterable {
  case plain = 0
  case tls = 1
  package static func < (a: RelayClass, b: RelayClass) -> Bool { a.rawValue < b.rawValue }
  package var name: String { self == .tls ? "email-tls" : "email-plain" }
  package init?(name: String) {
    guard let found = RelayClass.allCases.first(where: { $0.name == name }) else { return nil }
    self = found
  }
}

/// A value that is never printed, logged or mirrored.
package struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  let value: String
  package init(_ value: String) { self.value = value }
  package var description: String { "(secret)" }
  package var debugDescription: String { "(secret)" }
  package var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// A fact about a relay's settings; `key` is the setting at fault.
package struct RelayProblem: Error, Hashable, Sendable {
  package var relay: String
  package var key: String
  package var message: String
  package var hint: String
}

package struct Relay: Hashable, Sendable {
  package enum Protection: String, Hashable, Sendable, CaseIterable {
    /// STARTTLS, verified; refused otherwise.
    case required
    /// TLS from the first byte, verified.
    case implicit
    case none
  }

  package let name: String
  package let host: String
  package let port: Int
  package let tls: Protection
  /// PEM file of the authorities to trust in place of the system's.
  package let caFile: String?
  package let user: String?
  package let password: Secret?
  package let maxConnections: Int
  package let messagesPerConnection: Int
  /// Messages per second in all; nil: unlimited.
  package let rate: Double?
  /// Messages per second to one recipient domain; nil: unlimited.
  package let perDomainRate: Double?
  /// Milliseconds that opening and any reply may take, where the stage has not less; nil leaves RFC 5321's times.
  package let replyTimeout: Int?
  /// The lower of what the protection gives and what the settings lower it to.
  package let relayClass: RelayClass
  /// What we call ourselves in EHLO; nil: the host's name.
  package let helloName: String?

  package static let connectionsLimit = 100

  /// - Parameter claimedClass: `class` of the settings; a claim above what `tls` gives is a problem.
  /// - Throws: the first problem, by key.
  package init(
    name: String, host: String, port: Int, tls: Protection = .required, caFile: String? = nil, user: String? = nil,
    password: Secret? = nil, maxConnections: Int = 8, messagesPerConnection: Int = 1000, rate: Double? = nil,
    perDomainRate: Double? = nil,
    replyTimeout: Int? = nil, claimedClass: RelayClass? = nil, helloName: String? = nil
  ) throws(RelayProblem) {
    func problem(_ key: String, _ message: String, _ hint: String) -> RelayProblem {
      RelayProblem(relay: name, key: key, message: message, hint: hint)
    }
    guard Self.isHost(host) else {
      throw problem("host", "\(host) is not a host name or address", "name the relay as DNS does")
    }
    guard (1...65535).contains(port) else {
      throw problem("port", "\(port) is not a port", "587 with STARTTLS, 465 with implicit TLS, 25 for a local relay")
    }
    guard (1...Self.connectionsLimit).contains(maxConnections) else {
      throw problem(
        "max-connections", "\(maxConnections) is outside 1...\(Self.connectionsLimit)", "8 suits most relays")
    }
    guard messagesPerConnection >= 1 else {
      throw problem("messages-per-connection", "\(messagesPerConnection) is less than 1", "1000 suits most relays")
    }
    for (key, rate) in [("rate", rate), ("per-domain-rate", perDomainRate)] {
      guard let rate, !(rate > 0 && rate.isFinite) else { continue }
      throw problem(key, "\(rate) is not a rate", "messages per second, such as 20 or 0.5")
    }
    let given: RelayClass = tls == .none ? .plain : .tls
    if let claimedClass, claimedClass > given {
      throw problem(
        "class", "\(claimedClass.name) is above \(given.name), which tls: \(tls.rawValue) gives",
        "use tls: required or implicit, or leave class out")
    }
    if let replyTimeout, replyTimeout < 1 {
      throw problem("reply-timeout", "\(replyTimeout) ms is no time", "for example 30s or 2m")
    }
    guard (user == nil) == (password == nil) else {
      throw problem(user == nil ? "user" : "password-file", "user and password go together", "name both or neither")
    }
    if user != nil, tls == .none, !Self.isLoopback(host) {
      throw problem("tls", "a password would be sent in the clear", "use tls: required or implicit")
    }
    if let helloName, !Self.isHost(helloName) {
      throw problem("hello-name", "\(helloName) is not a host name", "a name that DNS knows for this machine")
    }
    self.name = name
    self.host = host
    self.port = port
    self.tls = tls
    self.caFile = caFile
    self.user = user
    self.password = password
    self.maxConnections = maxConnections
    self.messagesPerConnection = messagesPerConnection
    self.rate = rate
    self.perDomainRate = perDomainRate
    self.replyTimeout = replyTimeout
    self.relayClass = min(claimedClass ?? given, given)
    self.helloName = helloName
  }

  /// Words of the relay without the password in them, plain or as AUTH sends it.
  package func withoutSecrets(_ text: String) -> String {
    guard let password = password?.value, !password.isEmpty else { return text }
    let forms = [
      password, Data(password.utf8).base64EncodedString(),
      Data("\0\(user ?? "")\0\(password)".utf8).base64EncodedString(),
    ]
    return forms.reduce(text) { $0.replacingOccurrences(of: $1, with: Secret(password).description) }
  }

  /// Letters, digits, dots, hyphens, underscores; or an IPv6 address. Nothing that could change a URL.
  static func isHost(_ text: String) -> Bool {
    guard !text.isEmpty, text.utf8.count <= 253 else { return false }
    let isName = text.utf8.allSatisfy {
      switch $0 {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    return isName || isIPv6(text)
  }

  static func isIPv6(_ text: String) -> Bool {
    text.utf8.count { $0 == UInt8(ascii: ":") } >= 2
      && text.utf8.allSatisfy { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") || isHex($0) }
  }

  private static func isHex(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"):
      true
    default: false
    }
  }

  static func isLoopback(_ host: String) -> Bool {
    host == "localhost" || host == "::1" || host.hasPrefix("127.") && host.allSatisfy { $0 == "." || $0.isNumber }
  }
}
