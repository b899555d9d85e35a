// `bounces:` of revere.yaml: the mailbox to which reports come back. The password is in a file of its own.

import SiteFiles

package struct BounceSettings: Hashable, Sendable {
  package enum Source: Hashable, Sendable {
    /// A folder, relative to the workspace or absolute.
    case maildir(path: String)
    case server(MailboxServer)
  }
  /// What is done with a mail whose outcome is committed.
  package enum Settling: String, Hashable, Sendable, CaseIterable { case delete, mark }

  package var source: Source
  package var settling: Settling

  package struct MailboxServer: Hashable, Sendable {
    package enum Language: String, Hashable, Sendable { case imap, pop3 }
    package var language: Language
    package var host: String
    package var port: Int
    /// `none` only for loopback.
    package var security: RelaySettings.Security
    package var caFile: String?
    package var user: String
    package var passwordFile: String
    /// IMAP's mailbox.
    package var folder: String
  }

  static func read(_ fields: inout MapFields) -> BounceSettings? {
    let words = ["maildir": nil, "imap": MailboxServer.Language.imap, "pop3": .pop3]
    let language = fields.choice("protocol", words)
    if language == nil, fields.entry("protocol") == nil { _ = fields.required("protocol") }
    let settling = fields.choice("after", of: Settling.self) ?? .delete
    guard let language else { return nil }
    guard let language else {
      return fields.requiredText("path").map { BounceSettings(source: .maildir(path: $0), settling: settling) }
    }
    let host = fields.requiredText("host")
    let security = fields.choice("tls", of: RelaySettings.Security.self) ?? .implicit
    let usual = language == .imap ? (security == .implicit ? 993 : 143) : (security == .implicit ? 995 : 110)
    let port = fields.integer("port", in: 1...65_535) ?? usual
    let caFile = fields.text("ca-file")
    let user = fields.requiredText("user")
    let passwordFile = fields.requiredText("password-file")
    let folder = fields.text("folder") ?? "INBOX"
    func refuse(_ key: String, _ message: String, _ hint: String) {
      let position = fields.entry(key)?.value.position ?? fields.node.position
      fields.report(FileProblem(.badValue, at: position, "`bounces.\(key)` \(message)", hint: hint))
    }
    if language == .pop3, settling == .mark {
      refuse("after", "POP3 has no marks", "use `after: delete`, or `protocol: imap`")
      return nil
    }
    let isPlain = folder.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"\"\\%*;?#&".utf8.contains($0) }
    if folder.isEmpty || !isPlain || language == .pop3 && folder != "INBOX" {
      refuse("folder", "cannot be used: \(folder)", "IMAP alone has folders; ASCII without spaces and %*;?#&")
      return nil
    }
    guard let host, let user, let passwordFile else { return nil }
    return BounceSettings(
      source: .server(
        MailboxServer(
          language: language, host: host, port: port, security: security, caFile: caFile, user: user,
          passwordFile: passwordFile, folder: folder)), settling: settling)
  }
}
