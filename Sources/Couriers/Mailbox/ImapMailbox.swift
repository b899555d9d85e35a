// An IMAP mailbox (RFC 3501). Mails are named by UID. Fetching sets \Seen, which means nothing here: settled mails are
// deleted, or carry the keyword $RevereRead.

package final class ImapMailbox: ReportMailbox {
  package var place: String { access.address + "/" + access.folder }
  private let access: MailboxAccess
  private let session: MailboxSession
  private static let keyword = "$RevereRead"
  /// A command line has a length that servers take.
  private static let mostNamed = 100

  package init(_ access: MailboxAccess) throws(MailboxFailure) {
    self.access = access
    session = try MailboxSession(access)
  }

  private var path: String { "/" + access.folder }

  /// Everything at once: a number takes a few bytes.
  package func list(after name: String?) throws(MailboxFailure) -> [String] {
    if name != nil { return [] }
    let criteria = access.settling == .mark ? "UNDELETED UNKEYWORD \(Self.keyword)" : "UNDELETED"
    switch try session.perform(path, command: "UID SEARCH \(criteria)") {
    case .refused(let why): throw session.failure("the mailbox cannot be searched: \(why)", "see `bounces: folder`")
    case .bytes(let answer):
      var names: [UInt32] = []
      for line in answer.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
        guard line.starts(with: Array("* SEARCH".utf8)) else { continue }
        names += line.dropFirst(8).split(separator: 0x20).compactMap { UInt32(String(decoding: $0, as: UTF8.self)) }
      }
      return Set(names).sorted().map(String.init)
    }
  }

  package func fetch(_ name: String, limit: Int) throws(MailboxFailure) -> [UInt8]? {
    switch try session.perform(path + "/;UID=" + name, limit: limit, patience: 10) {
    case .bytes(let bytes): bytes
    // Expunged by somebody else.
    case .refused: nil
    }
  }

  package func settle(_ names: [String]) throws(MailboxFailure) {
    var rest = names[...]
    while !rest.isEmpty {
      let set = rest.prefix(Self.mostNamed).joined(separator: ",")
      rest = rest.dropFirst(Self.mostNamed)
      let flag = access.settling == .mark ? Self.keyword : "\\Deleted"
      if case .refused(let why) = try session.perform(path, command: "UID STORE \(set) +FLAGS.SILENT (\(flag))") {
        throw session.failure("recorded mails cannot be marked: \(why)", "the user needs the right to write flags")
      }
      guard access.settling == .delete else { continue }
      // Never the plain EXPUNGE: it takes everything that anybody has marked as deleted.
      if case .refused(let why) = try session.perform(path, command: "UID EXPUNGE \(set)") {
        throw session.failure(
          "recorded mails are marked as deleted, and the server does not take them away alone: \(why)",
          "the server needs UIDPLUS (RFC 4315) and the user the right to expunge; or set `after: mark`")
      }
    }
  }

  package func close() {}
}
