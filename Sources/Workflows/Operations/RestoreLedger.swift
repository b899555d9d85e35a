// What a copy of the ledger needs before it is put in place: leases ended, everything halted, serials that were given
// since passed over. The files are moved by others; this is the part that the database says of itself.

package import Outbox
package import Store

package struct RestoredLedger: Hashable, Sendable {
  package var marks: RestoreMarks
  /// The newest time that the copy knew before it was marked.
  package var newest: Moment?
  package var releases: Int
  package var rows: Int
  package var auditEntries: Int
  /// Counters that were moved on, as they are now.
  package var advanced: [SerialCounter]
  /// Credentials of partners that are open in the copy and were revoked or ended since.
  package var closedCredentials: Int
}

package enum RestoreLedger {
  /// - Parameters:
  ///   - counters: of the database that is replaced, and what the operator knows: no serial is given twice.
  ///   - credentials: of the database that is replaced: what was revoked stays revoked.
  ///   - copy: the copy's name, for people.
  /// - Throws: `auditBroken` when somebody changed the copy's log.
  package static func mark(
    _ store: some UnitOfWork, counters: [SerialCounter], credentials: [CredentialRecord] = [], by: String, at: Moment,
    copy: String
  ) throws -> RestoredLedger {
    try store.write { session in
      let entries = try session.verifyAudit()
      // First of all: what follows is written with the time of now.
      let newest = try session.newestMoment()
      let known = Dictionary(
        try session.serialCounters().map { ([$0.series, String($0.year)], $0.last) }, uniquingKeysWith: max)
      var advanced: [SerialCounter] = []
      for counter in counters where counter.last > known[[counter.series, String(counter.year)]] ?? 0 {
        try session.advance(counter)
        try session.audit(
          actor: by, action: "restore-serials", subject: "\(counter.series) \(counter.year)",
          detail: "numbers up to \(counter.last) were given after the copy was made", at: at)
        advanced.append(counter)
      }
      let closed = try close(credentials, session, by: by, at: at)
      let marks = try session.markRestored(by: by, at: at, copy: copy)
      let figures = try session.figures()
      return RestoredLedger(
        marks: marks, newest: newest, releases: try session.releases(limit: Int(Int32.max)).count, rows: figures.total,
        auditEntries: entries, advanced: advanced, closedCredentials: closed)
    }
  }

  private static func close(
    _ credentials: [CredentialRecord], _ session: any StoreSession, by: String, at: Moment
  ) throws -> Int {
    var closed = 0
    for credential in credentials {
      let changed =
        if let revokedAt = credential.revokedAt {
          try session.revoke(credential: credential.id, by: credential.revokedBy ?? by, at: revokedAt)
        } else {
          try session.expire(credential: credential.id, at: credential.expiresAt)
        }
      guard changed else { continue }
      closed += 1
      try session.audit(
        actor: by, action: "restore-credential", subject: credential.partner,
        detail: "credential \(credential.id) was revoked or ended after the copy was made", at: at)
    }
    return closed
  }
}
