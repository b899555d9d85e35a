// What a worker does with rows: claim, begin, record, give back; and what becomes of leases that nobody ended.
//
// The statements are the state machine's transitions with their conditions in WHERE, so that a row that moved on
// meanwhile is never touched; `attempts` is the fence against answers of an attempt that is no longer the row's last.

import Outbox

extension SQLSession {
  func claim(_ order: ClaimOrder) throws(StoreError) -> [ClaimedDelivery] {
    guard try importFailure() == nil else { return [] }
    let pauses = try pauses()
    if pauses.contains(where: { $0.scope == .halt || $0.scope == .all }) { return [] }
    func isPaused(_ scope: Pause.Scope, _ name: String) -> Bool {
      pauses.contains { $0.scope == scope && $0.name == name }
    }
    let isAround = pauses.contains { $0.scope == .release }
    let sql = isAround ? statements.claimAroundPauses : statements.claim
    var claimed: [ClaimedDelivery] = []
    for lane in order.lanes.sorted() where !isPaused(.lane, lane.name) {
      for channel in order.channels where channel != .none && !isPaused(.channel, channel.rawValue) {
        guard claimed.count < order.limit else { return claimed }
        var digests: [ClaimedDelivery] = []
        if lane == .routine {
          // Not all of it: digests and a bulk run share the lane.
          let share = max(1, (order.limit - claimed.count) / 2)
          digests = try claimDigests(order, channel: channel, limit: share, isAround: isAround)
          claimed += digests
        }
        claimed += try claim(order, lane: lane, channel: channel, limit: order.limit - claimed.count, sql: sql)
        if !digests.isEmpty, claimed.count < order.limit {
          claimed += try claimDigests(
            order, channel: channel, limit: order.limit - claimed.count, isAround: isAround)
        }
      }
    }
    return claimed
  }

  /// Parameters: owner, lease end, now, channel, lane, limit. Columns: id, release, reader, address, format, variant,
  /// attempts, decision hash.
  private func claim(
    _ order: ClaimOrder, lane: Lane, channel: DeliveryChannel, limit: Int, sql: String
  ) throws(StoreError) -> [ClaimedDelivery] {
    let statement = try bound(
      sql,
      [
        .text(order.worker), .moment(order.leaseUntil), .moment(order.now), .text(channel.rawValue),
        .integer(lane.rawValue), .integer(limit),
      ])
    defer { statement.reset() }
    return try claimed(statement, lane: lane, channel: channel)
  }

  private func claimed(
    _ statement: any PreparedSQL, lane: Lane, channel: DeliveryChannel, digest: Moment? = nil
  ) throws(StoreError) -> [ClaimedDelivery] {
    var claimed: [ClaimedDelivery] = []
    while try statement.step() {
      let release = statement.integer(1)
      guard let terms = try terms(of: release) else {
        throw StoreError(.corrupt, detail: "row of no release \(release)", place: place)
      }
      claimed.append(
        ClaimedDelivery(
          id: statement.integer(0), release: release, reader: statement.text(2), channel: channel,
          address: statement.text(3), format: statement.flag(4) ? .text : .html, variant: statement.integer(5),
          lane: lane, attempts: statement.count(6), decisionHash: statement.bytes(7), lifetimeEnd: terms.lifetimeEnd,
          onUncertain: terms.onUncertain, digest: digest, startsAt: terms.startsAt))
    }
    // RETURNING promises no order.
    return claimed.sorted { $0.id < $1.id }
  }

  /// Digests of which a row is due: reader, channel and time name one. At most `limit` of them.
  private func claimDigests(
    _ order: ClaimOrder, channel: DeliveryChannel, limit: Int, isAround: Bool
  ) throws(StoreError) -> [ClaimedDelivery] {
    let due = try all(
      """
      SELECT reader, digest_at FROM deliveries
      WHERE state IN ('pending', 'deferred') AND held IS NULL AND digest_at IS NOT NULL AND channel = $1
        AND next_attempt_at <= $2 \(isAround ? DriverStatements.aroundPauses : "")
      ORDER BY next_attempt_at LIMIT $3
      """, .text(channel.rawValue), .moment(order.now), .integer(limit)
    ) { row in [row.text(0), String(row.integer(1))] }
    var claimed: [ClaimedDelivery] = []
    var seen: Set<[String]> = []
    for key in due where seen.insert(key).inserted {
      guard let at = Int64(key[1]) else { continue }
      let statement = try bound(
        isAround ? statements.claimDigestAroundPauses : statements.claimDigest,
        [
          .text(order.worker), .moment(order.leaseUntil), .moment(order.now), .text(key[0]), .text(channel.rawValue),
          .integer(at),
        ])
      defer { statement.reset() }
      let rows = try self.claimed(statement, lane: .routine, channel: channel, digest: Moment(milliseconds: at))
      if let digest = ClaimedDelivery(together: rows) { claimed.append(digest) }
    }
    return claimed
  }

  func begin(_ deliveries: [Int64], worker: String, now: Moment) throws(StoreError) -> [Int64] {
    var begun: Set<Int64> = []
    begun.reserveCapacity(deliveries.count)
    var rest = deliveries[...]
    while !rest.isEmpty {
      let batch = rest.prefix(SendingWindow.batch)
      rest = rest.dropFirst(batch.count)
      let statement = try bound(Self.beginSQL, [.moment(now), .text(worker)])
      defer { statement.reset() }
      for slot in 0..<SendingWindow.batch {
        statement.bind(3 + slot, integer: slot < batch.count ? batch[batch.startIndex + slot] : nil)
      }
      while try statement.step() { begun.insert(statement.integer(0)) }
    }
    return deliveries.filter(begun.contains)
  }

  func begin(together deliveries: [Int64], worker: String, now: Moment) throws(StoreError) -> Bool {
    for id in deliveries {
      let mayBegin = try number(
        """
        SELECT COUNT(*) FROM deliveries WHERE id = $1 AND state = 'leased' AND lease_owner = $2
          AND sending_since IS NULL AND lease_until > $3
        """, .integer(id), .text(worker), .moment(now))
      guard mayBegin == 1 else { return false }
    }
    return try begin(deliveries, worker: worker, now: now).count == deliveries.count
  }

  private static let beginSQL = """
    UPDATE deliveries SET sending_since = $1, attempts = attempts + 1, changed_at = $1
    WHERE id IN (\((0..<SendingWindow.batch).map { "$\($0 + 3)" }.joined(separator: ", "))) AND state = 'leased'
      AND lease_owner = $2 AND sending_since IS NULL AND lease_until > $1
    RETURNING id
    """

  func record(_ outcomes: [DeliveryOutcome], worker: String) throws(StoreError) -> [RecordResult] {
    var results: [RecordResult] = []
    results.reserveCapacity(outcomes.count)
    let statement = try bound(Self.recordSQL, [.text(worker)])
    defer { statement.reset() }
    for whole in outcomes {
      results.append(try record(whole, worker: worker, through: statement))
      // In this transaction too: what one message carried has one fate.
      for rider in whole.riders { _ = try record(rider, worker: worker, through: statement) }
    }
    return results
  }

  private func record(
    _ outcome: DeliveryOutcome, worker: String, through statement: any PreparedSQL
  ) throws(StoreError) -> RecordResult {
    let change = try change(for: outcome)
    let done =
      outcome.event == .handBack
      ? try handBack(outcome, worker: worker) : try write(change, of: outcome, through: statement)
    guard done else { return try settleLate(outcome) }
    // It was on the wire when a newer version or a recall came: it never goes again.
    if change.state.isClaimable { try cancelIfOvertaken(outcome.delivery, at: outcome.at) }
    return .recorded
  }

  /// What an outcome makes of a row.
  private struct RowChange {
    var state: DeliveryState
    var nextAttempt: Moment?
    var held: String?
    var secondCopy = false
  }

  private func change(for outcome: DeliveryOutcome) throws(StoreError) -> RowChange {
    if outcome.event == .withhold, outcome.decision == nil {
      throw StoreError(.constraint, detail: "withheld without a decision, delivery \(outcome.delivery)", place: place)
    }
    var machine = DeliveryMachine(DeliveryPhase(.leased, sending: outcome.begun))
    do {
      // A deferral without a time left to try again is the end of the lifetime.
      if outcome.event == .defer, outcome.nextAttempt == nil { return RowChange(state: .expired) }
      var effects = try machine.handle(outcome.event)
      if effects.contains(.consultSeries), outcome.onUncertain == .resend, outcome.nextAttempt != nil {
        effects += try machine.handle(.resend)
      }
      return RowChange(
        state: machine.phase.state,
        nextAttempt: effects.contains(.schedule)
          ? outcome.nextAttempt : machine.phase.state.isClaimable ? outcome.at : nil,
        held: effects.contains(.hold) ? "quarantine" : nil, secondCopy: effects.contains(.secondCopy))
    } catch {
      throw StoreError(
        .illegalTransition, detail: "\(error.phase.name) by \(error.event.rawValue), delivery \(outcome.delivery)",
        place: place)
    }
  }

  private static let recordSQL = """
    UPDATE deliveries SET state = $2, next_attempt_at = $3, held = $4, second_copies = second_copies + $5,
      changed_at = $6, relay = $7, reply_code = $8, reply_enhanced = $9, reply_text = $10, queue_id = $11,
      message_id = COALESCE($12, message_id), lease_owner = NULL, lease_until = NULL, sending_since = NULL
    WHERE id = $13 AND state = 'leased' AND lease_owner = $1 AND attempts = $14
      AND CASE WHEN sending_since IS NULL THEN 0 ELSE 1 END = $15
    """

  private func write(
    _ change: RowChange, of outcome: DeliveryOutcome, through statement: any PreparedSQL
  ) throws(StoreError) -> Bool {
    statement.bind(2, text: change.state.rawValue)
    statement.bind(3, integer: change.nextAttempt?.milliseconds)
    statement.bind(4, text: change.held)
    statement.bind(5, integer: change.secondCopy ? 1 : 0)
    statement.bind(6, integer: outcome.at.milliseconds)
    statement.bind(7, text: outcome.relay)
    statement.bind(8, integer: outcome.reply.code.map(Int64.init))
    statement.bind(9, text: outcome.reply.enhanced)
    statement.bind(10, text: Self.bounded(outcome.reply.text))
    statement.bind(11, text: outcome.queueID)
    statement.bind(12, text: outcome.messageID)
    statement.bind(13, integer: outcome.delivery)
    statement.bind(14, integer: Int64(outcome.attempt))
    statement.bind(15, integer: outcome.begun ? 1 : 0)
    _ = try statement.step()
    statement.reset()
    guard statement.affected == 1 else { return false }
    if let decision = outcome.decision { try set(decision: decision, of: outcome.delivery, at: outcome.at) }
    return true
  }

  /// What was answered earlier stays when a row is only given back.
  private func handBack(_ outcome: DeliveryOutcome, worker: String) throws(StoreError) -> Bool {
    try run(
      """
      UPDATE deliveries SET state = 'pending', next_attempt_at = $1, changed_at = $1, lease_owner = NULL,
        lease_until = NULL, sending_since = NULL
      WHERE id = $2 AND state = 'leased' AND lease_owner = $3 AND attempts = $4
      """, .moment(outcome.at), .integer(outcome.delivery), .text(worker), .integer(outcome.attempt)) == 1
  }

  /// A reply may be as long as a server likes; the ledger keeps what a person reads.
  static func bounded(_ text: String) -> String { text.utf8.count <= 500 ? text : String(text.prefix(480)) + " [..]" }

  /// The lease lapsed and its worker, stopped or slow, still has an answer. A row that nobody has begun since is
  /// settled by it, which spares a second copy; any other has moved on.
  private func settleLate(_ outcome: DeliveryOutcome) throws(StoreError) -> RecordResult {
    guard outcome.begun, outcome.event == .accept || outcome.event == .bounce else { return .stale }
    let found = try first(
      "SELECT state, attempts, second_copies FROM deliveries WHERE id = $1", .integer(outcome.delivery)
    ) { (row) throws(StoreError) -> (DeliveryState, Int, Int) in
      (try word(row.text(0), as: DeliveryState.self), row.count(1), row.count(2))
    }
    guard let (state, attempts, secondCopies) = found, attempts == outcome.attempt else { return .stale }
    let event = outcome.event == .accept ? DeliveryEvent.settle : .bounce
    guard state == .uncertain || (state.isClaimable && secondCopies > 0),
      DeliveryMachine.change(of: DeliveryPhase(state), by: event) != nil
    else { return .stale }
    try apply(event, delivery: outcome.delivery, reply: outcome.reply, nextAttempt: nil, at: outcome.at)
    return .late
  }

  /// The decision that was made anew before an attempt; its variant becomes the row's.
  func set(decision: Int64, of delivery: Int64, at: Moment) throws(StoreError) {
    try run(
      """
      UPDATE deliveries SET decision_id = $1, decided_at = $2, variant_id = COALESCE(
        (SELECT variant_id FROM decisions WHERE id = $1), variant_id) WHERE id = $3
      """, .integer(decision), .moment(at), .integer(delivery))
  }

  func handBack(worker: String) throws(StoreError) -> Int {
    try run(
      """
      UPDATE deliveries SET state = 'pending', next_attempt_at = changed_at, lease_owner = NULL, lease_until = NULL
      WHERE state = 'leased' AND lease_owner = $1 AND sending_since IS NULL
      """, .text(worker))
  }

  func renew(worker: String, now: Moment, until: Moment) throws(StoreError) -> Int {
    try run(
      "UPDATE deliveries SET lease_until = $3 WHERE state = 'leased' AND lease_owner = $1 AND lease_until > $2",
      .text(worker), .moment(now), .moment(until))
  }
}
