// What tests of the life after a release do to the small site: end a bulletin, settle rows in any way, look at a ledger.

import Bulletins
import Distribution
import Foundation
import Markings
import Outbox
import Store
import StoreSQLite
import Testing
import Workflows

extension SmallSite {
  func resendsWhenUncertain() throws {
    let path = "templates/brief/template.yaml"
    let text = String(decoding: try files.read(path, limit: 1 << 20), as: UTF8.self)
    try write(path, text.replacingOccurrences(of: "on-uncertain: hold", with: "on-uncertain: resend"))
  }

  @discardableResult
  func end(
    _ name: String, _ kind: ReleaseKind = .recall, by: String = "boss", second: String? = nil,
    reason: String = "it was wrong", now: Instant = SmallSite.noon
  ) throws -> EndSummary {
    try EndBulletin.run(
      name, in: try workspace(), order: EndOrder(kind, by: by, second: second, reason: reason), carriers: carriers,
      store: store, now: now)
  }

  /// The ledger of a release by reader, whatever its kind.
  func rows(release: Int64) throws -> [String: DeliveryRecord] {
    var rows: [String: DeliveryRecord] = [:]
    try store.read { session in
      try session.deliveries(release: release, states: []) {
        #expect(rows[$0.reader] == nil, "two rows of \($0.reader)")
        rows[$0.reader] = $0
        return true
      }
    }
    return rows
  }
}

extension Attempt {
  /// Claims all that is due, begins it and records what is said for each reader; others are given back.
  func settle(_ outcomes: [String: DeliveryEvent]) throws {
    let rows = try claim().filter { outcomes[$0.reader] != nil }
    let answers = try preparer.prepare(rows, now: now)
    try site.store.write { session in
      _ = try session.begin(rows.map(\.id), worker: "w", now: now)
      _ = try session.record(
        zip(rows, answers).map { row, answer in
          let event = outcomes[row.reader] ?? .accept
          return DeliveryOutcome(
            row, begun: true, event: event, at: now, nextAttempt: event == .defer ? now + .minutes(5) : nil,
            messageID: event == .accept ? answer.mail?.messageID : nil)
        }, worker: "w")
      _ = try session.handBack(worker: "w")
    }
  }
}
