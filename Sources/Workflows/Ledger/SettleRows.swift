// A person's word on rows that wait for one: uncertain ones, of which nobody knows whether they went out, and those held
// because relays refused their message. Each word goes through the state machine; the audit log has who, what and why.

package import Outbox
package import Store

package enum SettleWord: String, Hashable, Sendable, CaseIterable {
  /// The relay's log says that it took them.
  case sent
  /// Send once more, with the same Message-ID; what was held is let go.
  case again
  /// They did not arrive, and another try would not help.
  case failed
  /// Do not send what is held.
  case cancel
}

package struct SettledRows: Hashable, Sendable {
  package var serial: String
  package var rows: Int
  /// Rows of the release that still wait for a person.
  package var waiting: Int
  /// Rows that wait until their endpoint is enabled, which no word here does.
  package var heldForEndpoints: Int
}

package enum SettleRows {
  /// Why rows are held that a relay refused by the message.
  package static let quarantine = "quarantine"

  /// - Parameter readers: only theirs; empty: of all. What is held is let go for all readers of a message or for none.
  package static func settle(
    _ release: ReleaseRecord, _ word: SettleWord, readers: Set<String>, by: String, reason: String, at: Moment,
    in store: some UnitOfWork
  ) throws -> SettledRows {
    try store.write { session in
      var uncertain: [Int64] = []
      var held: [Int64] = []
      var heldForEndpoints = 0
      try session.deliveries(release: release.id, states: [.uncertain, .pending, .deferred]) { row in
        if row.held == EndpointState.held { heldForEndpoints += 1 }
        guard readers.isEmpty || readers.contains(row.reader) else { return true }
        if row.state == .uncertain { uncertain.append(row.id) } else if row.held == quarantine { held.append(row.id) }
        return true
      }
      var changed = 0
      func apply(_ event: DeliveryEvent, _ rows: [Int64], _ words: String) throws {
        let reply = DeliveryOutcome.Reply(text: words + (reason.isEmpty ? "" : ": " + reason))
        for row in rows { try session.apply(event, delivery: row, reply: reply, nextAttempt: at, at: at) }
        changed += rows.count
      }
      switch word {
      case .sent: try apply(.settle, uncertain, "sent, says \(by)")
      case .failed: try apply(.bounce, uncertain, "did not arrive, says \(by)")
      case .cancel: try apply(.cancel, held, "cancelled by \(by)")
      case .again:
        try apply(.resend, uncertain, "to be sent again, says \(by)")
        if readers.isEmpty {
          changed += try session.letGo(release: release.id, variant: nil, reason: quarantine, at: at)
        }
      }
      if changed > 0 {
        try session.audit(
          actor: by, action: "settle", subject: release.serial,
          detail: "\(word.rawValue): \(changed) rows" + (reason.isEmpty ? "" : "; \(reason)"), at: at)
      }
      let status = try session.status(release: release.id)
      return SettledRows(
        serial: release.serial, rows: changed,
        waiting: (status?.held ?? 0) - heldForEndpoints + (status?.counts[.uncertain] ?? 0),
        heldForEndpoints: heldForEndpoints)
    }
  }
}
