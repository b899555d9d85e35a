// A POP3 mailbox (RFC 1939). Mails are named by number, which holds for one session alone; deletions take effect when
// the session ends well. So a session that was lost is never taken up by another: it is an error, and the next poll
// begins anew.

package final class Pop3Mailbox: ReportMailbox {
  package var place: String { access.address }
  private let access: MailboxAccess
  private var session: MailboxSession?

  package init(_ access: MailboxAccess) throws(MailboxFailure) {
    self.access = access
    session = try MailboxSession(access)
  }

  private func open() throws(MailboxFailure) -> MailboxSession {
    guard let session else { throw MailboxFailure(place: place, message: "the session is closed") }
    return session
  }

  /// Everything at once: a number takes a few bytes.
  package func list(after name: String?) throws(MailboxFailure) -> [String] {
    if name != nil { return [] }
    switch try open().perform("/") {
    case .refused(let why): throw MailboxFailure(place: place, message: "the mails cannot be listed: \(why)")
    case .bytes(let answer):
      return answer.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D })
        .compactMap { $0.split(separator: 0x20).first.flatMap { UInt32(String(decoding: $0, as: UTF8.self)) } }
        .sorted().map(String.init)
    }
  }

  package func fetch(_ name: String, limit: Int) throws(MailboxFailure) -> [UInt8]? {
    let answer = try open().perform("/" + name, limit: limit, patience: 10)
    try sameSession()
    return if case .bytes(let bytes) = answer { bytes } else { nil }
  }

  package func settle(_ names: [String]) throws(MailboxFailure) {
    for name in names {
      let answer = try open().perform("/" + name, command: "DELE", isSilent: true)
      try sameSession()
      if case .refused(let why) = answer {
        throw MailboxFailure(place: place, message: "a recorded mail cannot be deleted: \(why)")
      }
    }
  }

  private func sameSession() throws(MailboxFailure) {
    guard let session, session.opened > 0 else { return }
    // Another session has other numbers: nothing of it may be deleted.
    _ = try session.perform("/", command: "RSET", isSilent: true)
    self.session = nil
    throw MailboxFailure(
      place: place, message: "the session was lost; what was recorded is read again at the next poll, and known then")
  }

  package func close() {
    // Its end says QUIT.
    session = nil
  }
}
