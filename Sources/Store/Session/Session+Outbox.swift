// Filling the ledger: shared decisions, and rows by the hundred thousand through one prepared statement.

import Outbox

extension SQLSession: OutboxStore {
  func insert(decision: SharedDecision, release: Int64) throws(StoreError) -> Int64 {
    let find = """
      SELECT id FROM decisions WHERE release_id = $1 AND channel = $2 AND outcome = $3
        AND COALESCE(variant_id, 0) = COALESCE($4, 0) AND reasons = $5 AND words = $6 AND policy_name = $7
        AND policy_version = $8 AND policy_hash = $9
      """
    let insert = """
      INSERT INTO decisions (release_id, channel, outcome, variant_id, reasons, words, policy_name, policy_version,
        policy_hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id
      """
    let values: [SQLValue] = [
      .integer(release), .text(decision.channel.rawValue), .text(decision.outcome.rawValue), .integer(decision.variant),
      .lines(decision.reasons), .lines(decision.words), .text(decision.policyName), .text(decision.policyVersion),
      .text(decision.policyHash),
    ]
    for sql in [find, insert] {
      let statement = try bound(sql, values)
      defer { statement.reset() }
      if try statement.step() { return statement.integer(0) }
    }
    throw StoreError(.other, detail: "no decision stored", place: place)
  }

  private struct DecisionTerms {
    var channel: String
    var isWithheld: Bool
    var variant: Int64?
  }

  func enqueue(release: Int64, decidedAt: Moment, next: () throws -> NewDelivery?) throws -> Int {
    guard let terms = try terms(of: release), let start = try startsAt(release) else {
      throw StoreError(.notFound, detail: "release \(release)", place: place)
    }
    let insert = try connection.prepare(
      """
      INSERT INTO deliveries (release_id, reader, channel, state, lane, format, attempts, second_copies, decision_id,
        variant_id, next_attempt_at, changed_at, decided_at, decision_hash, address)
      VALUES ($1, $2, $3, $4, $5, $6, 0, 0, $7, $8, $9, $10, $10, $11, $12)
      """)
    insert.bind(1, integer: release)
    insert.bind(5, integer: Int64(terms.lane.rawValue))
    insert.bind(10, integer: decidedAt.milliseconds)
    defer { insert.reset() }
    var decisions: [Int64: DecisionTerms] = [:]
    var bound: Int64?
    var count = 0
    while let row = try next() {
      if row.decision != bound {
        let decision = try decisions[row.decision] ?? decisionTerms(row.decision)
        decisions[row.decision] = decision
        insert.bind(3, text: decision.channel)
        insert.bind(4, text: (decision.isWithheld ? DeliveryState.withheld : .pending).rawValue)
        insert.bind(7, integer: row.decision)
        insert.bind(8, integer: decision.variant)
        insert.bind(9, integer: decision.isWithheld ? nil : start.milliseconds)
        bound = row.decision
      }
      insert.bind(2, text: row.reader)
      insert.bind(6, integer: row.format == .html ? 0 : 1)
      insert.bind(11, bytes: row.decisionHash)
      insert.bind(12, text: row.address)
      _ = try insert.step()
      insert.reset()
      count += 1
    }
    return count
  }

  private func decisionTerms(_ id: Int64) throws(StoreError) -> DecisionTerms {
    let terms = try first("SELECT channel, outcome, variant_id FROM decisions WHERE id = $1", .integer(id)) { row in
      DecisionTerms(channel: row.text(0), isWithheld: row.text(1) == "withheld", variant: row.optionalInteger(2))
    }
    guard let terms else { throw StoreError(.notFound, detail: "decision \(id)", place: place) }
    return terms
  }

  private func startsAt(_ release: Int64) throws(StoreError) -> Moment? {
    try first("SELECT starts_at FROM releases WHERE id = $1", .integer(release)) { $0.moment(0) }
  }

  func terms(of release: Int64) throws(StoreError) -> ReleaseTerms? {
    if let known = terms[release] { return known }
    let sql = "SELECT lifetime_end, on_uncertain, lane FROM releases WHERE id = $1"
    let found = try first(sql, .integer(release)) { (row) throws(StoreError) in
      ReleaseTerms(
        lifetimeEnd: row.moment(0), onUncertain: try word(row.text(1), as: OnUncertain.self),
        lane: try lane(row.integer(2)))
    }
    terms[release] = found
    return found
  }
}
