// Rows about what comes back: reports, suppressed addresses, tasks for coordinators, mails set aside.

package import Outbox

/// A mail that was read as a report and what became of it.
package struct ReportRow: Hashable, Sendable {
  /// Hexadecimal SHA-256 of the mail.
  package var digest: String
  package var delivery: Int64?
  /// `hard`, `soft` .. `not-a-bounce`.
  package var kind: String
  package var outcome: String
  /// Lower case; empty when none is named.
  package var address: String
  package var status: String
  package var action: String
  package var diagnostic: String
  package var at: Moment

  package init(
    digest: String, delivery: Int64?, kind: String, outcome: String, address: String = "", status: String = "",
    action: String = "", diagnostic: String = "", at: Moment
  ) {
    self.digest = digest
    self.delivery = delivery
    self.kind = kind
    self.outcome = outcome
    self.address = address
    self.status = status
    self.action = action
    self.diagnostic = diagnostic
    self.at = at
  }
}

/// An address that gets no mail.
package struct Suppression: Hashable, Sendable {
  package enum Reason: String, Hashable, Sendable, CaseIterable {
    case hardBounce = "hard-bounce"
    case person
  }
  /// Lower case.
  package var address: String
  package var reason: Reason
  /// The server's words, or the person's.
  package var detail: String
  package var delivery: Int64?
  package var by: String
  package var at: Moment
  /// nil: until a person lifts it.
  package var expires: Moment?

  package init(
    address: String, reason: Reason, detail: String, delivery: Int64? = nil, by: String, at: Moment, expires: Moment?
  ) {
    self.address = address
    self.reason = reason
    self.detail = detail
    self.delivery = delivery
    self.by = by
    self.at = at
    self.expires = expires
  }
}

/// Tells one state of the suppressed addresses from another.
package struct SuppressionMark: Hashable, Sendable {
  package let count: Int64
  /// Milliseconds; of the newest.
  package let newest: Int64
}

/// Something that the coordinator of a reader's agency has to see to.
package struct CoordinatorTask: Hashable, Sendable {
  package var id: Int64
  /// Empty when the reader is not known any more.
  package var organization: String
  package var reader: String
  package var address: String
  package var why: String
  package var delivery: Int64?
  package var openedAt: Moment
  package var closedAt: Moment?
  package var closedBy: String?

  package init(
    id: Int64 = 0, organization: String, reader: String, address: String, why: String, delivery: Int64?,
    openedAt: Moment, closedAt: Moment? = nil, closedBy: String? = nil
  ) {
    self.id = id
    self.organization = organization
    self.reader = reader
    self.address = address
    self.why = why
    self.delivery = delivery
    self.openedAt = openedAt
    self.closedAt = closedAt
    self.closedBy = closedBy
  }
}

/// A mail that could not be read or recorded, kept for a person.
package struct MailSetAside: Hashable, Sendable {
  package var id: Int64
  package var digest: String
  /// File, or mailbox and number.
  package var source: String
  package var reason: String
  package var bytes: [UInt8]
  package var at: Moment

  package init(id: Int64 = 0, digest: String, source: String, reason: String, bytes: [UInt8], at: Moment) {
    self.id = id
    self.digest = digest
    self.source = source
    self.reason = reason
    self.bytes = bytes
    self.at = at
  }
}
