// The audit log: append-only (triggers refuse the rest), each entry's hash covers the one before it. A chain shows
// change and removal in its middle; that the end was cut off shows only against a hash kept elsewhere.

import Crypto
import Outbox

extension SQLSession: AuditLog {
  func audit(
    actor: String, action: String, subject: String, detail: String, at: Moment
  ) throws(StoreError) {
    let previous = try first("SELECT hash FROM audit ORDER BY id DESC LIMIT 1") { $0.text(0) } ?? ""
    let fields = [previous, String(at.milliseconds), actor, action, subject, detail]
    try run(
      "INSERT INTO audit (at, actor, action, subject, detail, hash) VALUES ($1, $2, $3, $4, $5, $6)", .moment(at),
      .text(actor), .text(action), .text(subject), .text(detail), .text(Self.digest(fields)))
  }

  func auditEntries(after: Int64, visit: (AuditEntry) throws -> Bool) throws {
    let statement = try bound(
      "SELECT id, at, actor, action, subject, detail, hash FROM audit WHERE id > $1 ORDER BY id", [.integer(after)])
    defer { statement.reset() }
    while try statement.step() {
      let entry = AuditEntry(
        number: statement.integer(0), at: statement.moment(1), actor: statement.text(2), action: statement.text(3),
        subject: statement.text(4), detail: statement.text(5), hash: statement.text(6))
      guard try visit(entry) else { return }
    }
  }

  func verifyAudit() throws(StoreError) -> Int {
    let statement = try bound("SELECT id, at, actor, action, subject, detail, hash FROM audit ORDER BY id", [])
    defer { statement.reset() }
    var previous = ""
    var count = 0
    while try statement.step() {
      let fields = [previous, String(statement.integer(1))] + (2...5).map(statement.text)
      guard Self.digest(fields) == statement.text(6) else {
        throw StoreError(.auditBroken, detail: "entry \(statement.integer(0))", place: place)
      }
      previous = statement.text(6)
      count += 1
    }
    return count
  }

  /// Each field with its length before it, so that no two lists of fields read the same.
  private static func digest(_ fields: [String]) -> String {
    var hash = SHA256()
    for field in fields { hash.update(data: Array("\(field.utf8.count):\(field),".utf8)) }
    return hash.finalize().map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }
}
