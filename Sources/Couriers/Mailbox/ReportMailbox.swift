// A mailbox that reports come back to, and how it is emptied: what a mail says is committed before the mail is deleted or
// marked. When anything fails between, the next poll reads it again, and the ledger knows it by its digest.

package struct MailboxFailure: Error, Hashable, Sendable {
  /// Folder or server, for people.
  package var place: String
  package var message: String
  package var hint: String
  /// The mailbox as a whole, not one mail.
  package var isFatal: Bool

  package init(place: String, message: String, hint: String = "", isFatal: Bool = true) {
    self.place = place
    self.message = message
    self.hint = hint
    self.isFatal = isFatal
  }
}

/// What is done with a mail whose outcome is committed.
package enum MailboxSettling: String, Hashable, Sendable { case delete, mark }

package protocol ReportMailbox: AnyObject {
  var place: String { get }
  /// Names of the mails that are not settled yet, oldest first; not more than can be held in memory at once.
  /// - Parameter after: only those behind this one, which was listed before.
  func list(after name: String?) throws(MailboxFailure) -> [String]
  /// At most `limit` bytes of a mail; nil when it is gone meanwhile.
  func fetch(_ name: String, limit: Int) throws(MailboxFailure) -> [UInt8]?
  func settle(_ names: [String]) throws(MailboxFailure)
  /// Ends the session; what was settled then takes effect on every server.
  func close() throws(MailboxFailure)
}

package enum MailboxPoll {
  package struct Fetched: Sendable {
    package var name: String
    package var bytes: [UInt8]
  }

  package struct Summary: Hashable, Sendable {
    package var read = 0
    /// Mails that the mailbox could not give: they stay, and are tried again at the next poll.
    package var failures: [MailboxFailure] = []
  }

  /// As many mails as one commit settles.
  package static let batch = 50
  private static let mostFailures = 10

  /// - Parameter record: commits what the mails say, or throws; then they stay where they are.
  package static func run(
    _ mailbox: any ReportMailbox, limit: Int, record: ([Fetched]) throws -> Void
  ) throws -> Summary {
    var summary = Summary()
    var rest = try mailbox.list(after: nil)[...]
    while let last = rest.last {
      while !rest.isEmpty {
        let names = rest.prefix(batch)
        rest = rest.dropFirst(batch)
        let fetched = try fetch(names, mailbox, limit: limit, &summary)
        guard !fetched.isEmpty else { continue }
        try record(fetched)
        try mailbox.settle(fetched.map(\.name))
        summary.read += fetched.count
      }
      rest = try mailbox.list(after: last)[...]
    }
    try mailbox.close()
    return summary
  }

  private static func fetch(
    _ names: ArraySlice<String>, _ mailbox: any ReportMailbox, limit: Int, _ summary: inout Summary
  ) throws(MailboxFailure) -> [Fetched] {
    var fetched: [Fetched] = []
    for name in names {
      do throws(MailboxFailure) {
        if let bytes = try mailbox.fetch(name, limit: limit) { fetched.append(Fetched(name: name, bytes: bytes)) }
      } catch {
        summary.failures.append(error)
        if error.isFatal || summary.failures.count >= mostFailures { throw error }
      }
    }
    return fetched
  }
}
