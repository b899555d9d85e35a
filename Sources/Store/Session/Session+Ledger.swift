// Looking at the ledger: counts, rows with their reasons, who did not get it. Nothing here writes.

import Outbox

extension SQLSession {
  /// What a statement must say, as words, to be answered by the index `deliveries_state`, which has the rows that are
  /// neither leased nor accepted.
  static let indexedState = "state <> 'leased' AND state <> 'accepted'"

  /// Over indexes alone, never over the rows: what is in neither of the two by state is accepted.
  func counts(release: Int64) throws(StoreError) -> [DeliveryState: Int] {
    var counts: [DeliveryState: Int] = [:]
    let sql = """
      SELECT state, COUNT(*) FROM deliveries WHERE release_id = $1 AND \(Self.indexedState) GROUP BY state
      UNION ALL SELECT 'leased', COUNT(*) FROM deliveries WHERE release_id = $1 AND state = 'leased'
      """
    let rows = try all(sql, .integer(release)) { (row) throws(StoreError) -> (DeliveryState, Int) in
      (try word(row.text(0), as: DeliveryState.self), row.count(1))
    }
    for (state, count) in rows { counts[state] = count }
    let all = try number("SELECT COUNT(*) FROM deliveries WHERE release_id = $1", .integer(release)) ?? 0
    counts[.accepted] = Int(all) - counts.values.reduce(0, +)
    return counts.filter { $0.value > 0 }
  }

  func status(release id: Int64) throws(StoreError) -> ReleaseStatus? {
    guard let release = try release(id) else { return nil }
    let held = try number(
      "SELECT COUNT(*) FROM deliveries WHERE release_id = $1 AND held IS NOT NULL", .integer(id))
    let (rows, next) =
      try first(
        """
        SELECT COUNT(*), MIN(digest_at) FROM deliveries
        WHERE release_id = $1 AND state IN ('pending', 'deferred') AND digest_at IS NOT NULL AND \(Self.indexedState)
        """, .integer(id)
      ) { row in (row.count(0), row.optionalMoment(1)) } ?? (0, nil)
    return ReleaseStatus(
      release: release, counts: try counts(release: id), held: Int(held ?? 0), inDigests: rows, nextDigest: next)
  }

  func nextAttempt(channels: [DeliveryChannel]) throws(StoreError) -> Moment? {
    var earliest: Moment?
    for channel in channels {
      for lane in Lane.allCases {
        let sql = """
          SELECT MIN(next_attempt_at) FROM deliveries
          WHERE state IN ('pending', 'deferred') AND held IS NULL AND digest_at IS NULL AND channel = $1 AND lane = $2
          """
        guard let next = try number(sql, .text(channel.rawValue), .integer(lane.rawValue)) else { continue }
        earliest = min(earliest ?? Moment(milliseconds: next), Moment(milliseconds: next))
      }
      let digests = """
        SELECT MIN(next_attempt_at) FROM deliveries
        WHERE state IN ('pending', 'deferred') AND held IS NULL AND digest_at IS NOT NULL AND channel = $1
        """
      if let next = try number(digests, .text(channel.rawValue)).map(Moment.init(milliseconds:)) {
        earliest = min(earliest ?? next, next)
      }
    }
    return earliest
  }

  func waiting(channels: [DeliveryChannel], by: Moment?) throws(StoreError) -> Int {
    var count: Int64 = 0
    for channel in channels {
      // Each by the index that claims use.
      for isDigest in ["digest_at IS NULL", "digest_at IS NOT NULL"] {
        let sql = """
          SELECT COUNT(*) FROM deliveries
          WHERE state IN ('pending', 'deferred') AND held IS NULL AND \(isDigest) AND channel = $1
            AND next_attempt_at <= $2
          """
        count += try number(sql, .text(channel.rawValue), .moment(by ?? Moment(milliseconds: .max))) ?? 0
      }
    }
    return Int(count)
  }

  private static let selectDelivery = """
    SELECT d.id, d.release_id, r.serial, d.reader, d.channel, d.address, v.kind, v.key, d.state, d.sending_since,
      d.lease_owner, d.next_attempt_at, d.held, d.lane, d.attempts, d.second_copies, d.relay, d.reply_code,
      d.reply_enhanced, d.reply_text, d.queue_id, d.message_id, c.reasons, c.words, d.decision_hash, d.decided_at,
      c.policy_version, d.changed_at, d.digest_at, d.handed_over_at, d.acknowledged_at, d.acknowledged_by
    FROM deliveries d JOIN releases r ON r.id = d.release_id JOIN decisions c ON c.id = d.decision_id
      LEFT JOIN variants v ON v.id = d.variant_id
    """

  private func delivery(_ row: any PreparedSQL) throws(StoreError) -> DeliveryRecord {
    var kind: VariantContent.Kind?
    if let text = row.optionalText(6) { kind = try word(text, as: VariantContent.Kind.self) }
    return DeliveryRecord(
      id: row.integer(0), release: row.integer(1), serial: row.text(2), reader: row.text(3),
      channel: try word(row.text(4), as: DeliveryChannel.self), address: row.text(5), kind: kind,
      variant: row.optionalText(7), state: try word(row.text(8), as: DeliveryState.self),
      sendingSince: row.optionalMoment(9), leaseOwner: row.optionalText(10), nextAttempt: row.optionalMoment(11),
      held: row.optionalText(12), digest: row.optionalMoment(28), lane: try lane(row.integer(13)),
      attempts: row.count(14),
      secondCopies: row.count(15), relay: row.optionalText(16),
      reply: DeliveryOutcome.Reply(
        code: row.optionalCount(17), enhanced: row.optionalText(18), text: row.optionalText(19) ?? ""),
      queueID: row.optionalText(20), messageID: row.optionalText(21), reasons: row.lines(22), words: row.lines(23),
      decisionHash: row.bytes(24), decidedAt: row.moment(25), policyVersion: row.text(26), changedAt: row.moment(27),
      handedOverAt: row.optionalMoment(29), acknowledgedAt: row.optionalMoment(30),
      acknowledgedBy: row.optionalText(31))
  }

  func delivery(_ id: Int64) throws(StoreError) -> DeliveryRecord? {
    try first(Self.selectDelivery + " WHERE d.id = $1", .integer(id)) { (row) throws(StoreError) in try delivery(row) }
  }

  func deliveries(release: Int64, reader: String) throws(StoreError) -> [DeliveryRecord] {
    try all(
      Self.selectDelivery + " WHERE d.release_id = $1 AND d.reader = $2 ORDER BY d.id", .integer(release), .text(reader)
    ) { (row) throws(StoreError) in try delivery(row) }
  }

  func deliveries(
    release: Int64, states: [DeliveryState], visit: (DeliveryRecord) throws -> Bool
  ) throws {
    for state in states.isEmpty ? DeliveryState.allCases : states {
      // A word, not a parameter: SQLite would plan anew for each value, because partial indexes depend on it.
      let sql = Self.selectDelivery + " WHERE d.state = '\(state.rawValue)' AND \(Self.place(of: state)) ORDER BY d.id"
      let statement = try bound(sql, [.integer(release)])
      defer { statement.reset() }
      while try statement.step() {
        guard try visit(try delivery(statement)) else { return }
      }
    }
  }

  /// How the rows of release $1 in a state are found without sorting them.
  private static func place(of state: DeliveryState) -> String {
    switch state {
    case .leased: "d.release_id = $1"
    // A release's rows were written together. The sign keeps the planner from the index by reader, out of order.
    case .accepted:
      """
      +d.release_id = $1 AND d.id BETWEEN (SELECT MIN(id) FROM deliveries WHERE release_id = $1)
        AND (SELECT MAX(id) FROM deliveries WHERE release_id = $1)
      """
    default: "d.release_id = $1 AND d.state <> 'leased' AND d.state <> 'accepted'"
    }
  }

  func deliveries(
    reader: String, channel: DeliveryChannel, since: Moment, until: Moment
  ) throws(StoreError) -> [DeliveryRecord] {
    let sql =
      Self.selectDelivery + """
         WHERE d.reader = $1 AND d.channel = $2 AND r.released_at >= $3 AND r.released_at < $4 ORDER BY d.id
        """
    return try all(sql, .text(reader), .text(channel.rawValue), .moment(since), .moment(until)) {
      (row) throws(StoreError) in try delivery(row)
    }
  }

  func withoutIt(release: Int64, visit: (DeliveryRecord) throws -> Bool) throws {
    let states: [DeliveryState] = [
      .withheld, .bounced, .expired, .cancelled, .uncertain, .deferred, .pending, .leased,
    ]
    try deliveries(release: release, states: states, visit: visit)
  }
}
