// What `revere bounces` and `revere suppressions` need of the workspace: the recorder with its key, the mailbox with its
// password.

import Couriers
import Distribution
import Foundation
import Mail
import Store
import Workflows

extension Session {
  /// - Parameter store: nil: reports are only looked at, and a key that does not exist yet stays so.
  func reportRecorder(_ store: SQLStore?) throws -> ReportRecorder {
    try Self.words {
      let secret: SiteSecret?
      if store == nil {
        let nobodys = Data((0..<32).map { _ in UInt8.random(in: 0...255) }).base64EncodedString()
        secret = try siteSecretIfAny() ?? SiteSecret(file: Array(nobodys.utf8))
      } else {
        secret = try siteSecret()
      }
      guard let secret else { throw CommandFailure(.environment, "the secret key cannot be used") }
      let (files, settings) = (files, settings)
      let marker = store == nil ? nil : try ReadingMarker(root: root)
      return ReportRecorder(store: store, secret: secret, marker: marker) {
        let workspace = try WorkspaceLoading.load(files, settings: settings)
        return Dictionary(workspace.lists.readers().map { ($0.id, $0) }) { first, _ in first }
      }
    }
  }

  /// Mails during which an earlier run ended are set aside before anything else is read.
  func setAsideFatal(_ recorder: ReportRecorder, _ output: inout ReportOutput) throws {
    var done: [RecordedReport] = []
    try Self.words {
      try ReadingMarker.takeLeft(root: root) { left in
        if let report = try recorder.setAside(left, at: clock.moment) { done.append(report) }
      }
    }
    output.print(done)
  }

  /// The mailbox of `bounces:` in revere.yaml.
  func reportMailbox() throws -> any ReportMailbox {
    guard let bounces = settings.bounces else {
      throw CommandFailure(
        .environment, "revere.yaml has no `bounces`", hint: "name the mailbox there, or use `revere bounces read`")
    }
    let settling = MailboxSettling(rawValue: bounces.settling.rawValue) ?? .mark
    switch bounces.source {
    case .maildir(let path):
      return MaildirMailbox(path: path.hasPrefix("/") ? path : root + "/" + path, settling: settling)
    case .server(let server):
      let access = try Self.words {
        try MailboxAccess(
          language: server.language == .imap ? .imap : .pop3, host: server.host, port: server.port,
          tls: Relay.Protection(rawValue: server.security.rawValue) ?? .implicit,
          caFile: server.caFile.map { $0.hasPrefix("/") ? $0 : root + "/" + $0 }, user: server.user,
          password: try password(file: server.passwordFile, of: "bounces", user: server.user), folder: server.folder,
          settling: settling)
      }
      return try Self.words { () -> any ReportMailbox in
        if server.language == .imap { try ImapMailbox(access) } else { try Pop3Mailbox(access) }
      }
    }
  }
}
