// Where a mailbox on a server is and how its session is protected. As with relays: TLS verified, or none on loopback.

package struct MailboxAccess: Hashable, Sendable {
  package enum Language: String, Hashable, Sendable { case imap, pop3 }

  package let language: Language
  package let host: String
  package let port: Int
  package let tls: Relay.Protection
  /// PEM file of the authorities to trust in place of the system's.
  package let caFile: String?
  package let user: String
  package let password: Secret
  package let folder: String
  package let settling: MailboxSettling
  /// Milliseconds for one command; a large mail has ten times that.
  package let timeout: Int

  package init(
    language: Language, host: String, port: Int, tls: Relay.Protection, caFile: String?, user: String,
    password: Secret, folder: String, settling: MailboxSettling, timeout: Int = 60_000
  ) throws(MailboxFailure) {
    guard Relay.isHost(host) else {
      throw MailboxFailure(place: "bounces", message: "`host` is no host name: \(host)")
    }
    guard tls != .none || Relay.isLoopback(host) else {
      throw MailboxFailure(
        place: "bounces", message: "the password would be sent in the clear", hint: "use tls: implicit or required")
    }
    let isSafe = user.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
    guard isSafe, !user.isEmpty else {
      throw MailboxFailure(place: "bounces", message: "`user` holds a space or a control character")
    }
    self.language = language
    self.host = host
    self.port = port
    self.tls = tls
    self.caFile = caFile
    self.user = user
    self.password = password
    self.folder = folder
    self.settling = settling
    self.timeout = timeout
  }

  /// `imaps://mail.example.gov:993`
  var address: String {
    let scheme = language.rawValue + (tls == .implicit ? "s" : "")
    return "\(scheme)://\(Relay.isIPv6(host) ? "[\(host)]" : host):\(port)"
  }
}
