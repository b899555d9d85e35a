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
    var decisions: [Int64: DecisionTerms] = [:]
    var batch: [(NewDelivery, DecisionTerms)] = []
    batch.reserveCapacity(Self.rowsPerInsert)
    var count = 0
    func insert(_ rows: ArraySlice<(NewDelivery, DecisionTerms)>, _ sql: String) throws(StoreError) {
      let statement = try connection.prepare(sql)
      defer { statement.reset() }
      statement.bind(1, integer: release)
      statement.bind(2, integer: Int64(terms.lane.rawValue))
      statement.bind(3, integer: decidedAt.milliseconds)
      statement.bind(4, integer: start.milliseconds)
      var slot = 4
      for (row, decision) in rows {
        statement.bind(slot + 1, text: row.reader)
        statement.bind(slot + 2, text: decision.channel)
        statement.bind(slot + 3, text: decision.isWithheld ? "withheld" : "pending")
        statement.bind(slot + 4, integer: row.format == .html ? 0 : 1)
        statement.bind(slot + 5, integer: row.decision)
        statement.bind(slot + 6, integer: decision.variant)
        statement.bind(slot + 7, bytes: row.decisionHash)
        statement.bind(slot + 8, text: row.address)
        statement.bind(slot + 9, integer: row.digest?.milliseconds)
        slot += 9
      }
      _ = try statement.step()
      count += rows.count
    }
    while let row = try next() {
      let decision = try decisions[row.decision] ?? decisionTerms(row.decision)
      decisions[row.decision] = decision
      batch.append((row, decision))
      if batch.count == Self.rowsPerInsert {
        try insert(batch[...], Self.insertMany)
        batch.removeAll(keepingCapacity: true)
      }
    }
    for index in batch.indices { try insert(batch[index...index], Self.insertOne) }
    return count
  }

  /// One statement for many rows: what a statement costs to begin and end is paid once for all of them.
  private static let rowsPerInsert = 64
  private static let insertOne = insertDeliveries(rows: 1)
  private static let insertMany = insertDeliveries(rows: rowsPerInsert)

  /// Parameters: release, lane, decided at, first attempt at; then for each row reader, channel, state, format,
  /// decision, variant, decision hash, address, time of the digest.
  private static func insertDeliveries(rows: Int) -> String {
    let values = (0..<rows).map { row in
      let p = (5...13).map { "$\($0 + row * 9)" }
      return """
        ($1, \(p[0]), \(p[1]), \(p[2]), $2, \(p[3]), 0, 0, \(p[4]), \(p[5]),
          CASE WHEN \(p[2]) = 'pending' THEN COALESCE(\(p[8]), $4) END, $3, $3, \(p[6]), \(p[7]), \(p[8]))
        """
    }
    return """
      INSERT INTO deliveries (release_id, reader, channel, state, lane, format, attempts, second_copies, decision_id,
        variant_id, next_attempt_at, changed_at, decided_at, decision_hash, address, digest_at)
      VALUES \(values.joined(separator: ",\n"))
      """
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
    let sql = "SELECT lifetime_end, on_uncertain, lane, starts_at FROM releases WHERE id = $1"
    let found = try first(sql, .integer(release)) { (row) throws(StoreError) in
      ReleaseTerms(
        lifetimeEnd: row.moment(0), onUncertain: try word(row.text(1), as: OnUncertain.self),
        lane: try lane(row.integer(2)), startsAt: row.moment(3))
    }
    terms[release] = found
    return found
  }
}
