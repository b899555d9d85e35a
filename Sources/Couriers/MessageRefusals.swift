// Messages that the relay refuses for reader after reader: after so many in a row all their rows are held, so that one
// poisonous bulletin costs no more attempts (delivery.md, Failures). Values.

import Outbox
import Store

struct MessageRefusals {
  /// So many refusals of one message in a row hold it for all its readers.
  private static let toHold = 3

  private struct Key: Hashable {
    let release: Int64
    let variant: Int64
  }
  private var counts: [Key: Int] = [:]

  mutating func accepted(_ row: ClaimedDelivery) {
    if !counts.isEmpty { counts[Key(release: row.release, variant: row.variant)] = nil }
  }

  /// A digest says nothing of its bulletins alone.
  mutating func refused(_ row: ClaimedDelivery) {
    if row.digest == nil { counts[Key(release: row.release, variant: row.variant), default: 0] += 1 }
  }

  /// Within the transaction, which may be taken back: changes nothing here.
  func hold(in session: any StoreSession, worker: String, at now: Moment) throws {
    for (key, count) in counts where count >= Self.toHold {
      let held = try session.hold(release: key.release, variant: key.variant, reason: "quarantine", at: now)
      try session.audit(
        actor: worker, action: "quarantine", subject: "release \(key.release), variant \(key.variant)",
        detail: "refused \(Self.toHold) times in a row; \(held) more readers wait for a person", at: now)
    }
  }

  /// After it.
  mutating func committed() {
    if !counts.isEmpty { counts = counts.filter { $0.value < Self.toHold } }
  }
}
