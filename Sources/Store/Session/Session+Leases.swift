// Leases that nobody ended, rows whose time is over, and a person's word on single rows.

import Outbox

extension SQLSession {
  private struct Lapsed {
    var id: Int64
    var release: Int64
    var attempts: Int
    var lane: Lane
    var wasSending: Bool
    var owner: String
    /// Reader, channel and time of the digest that it is part of.
    var digest: String?
  }

  func lapseLeases(now: Moment, random: () -> Double) throws(StoreError) -> Int {
    try lapse("lease_until <= $1", .moment(now), now: now, random: random)
  }

  func lapseLeases(ofWorker worker: String, now: Moment, random: () -> Double) throws(StoreError) -> Int {
    try lapse("lease_owner = $1", .text(worker), now: now, random: random)
  }

  private func lapse(
    _ condition: String, _ value: SQLValue, now: Moment, random: () -> Double
  ) throws(StoreError) -> Int {
    let sql = """
      SELECT id, release_id, attempts, lane, CASE WHEN sending_since IS NULL THEN 0 ELSE 1 END, lease_owner,
        CASE WHEN digest_at IS NOT NULL THEN reader || ' ' || channel || ' ' || digest_at END
      FROM deliveries WHERE state = 'leased' AND \(condition)
      """
    let rows = try all(sql, value) { (row) throws(StoreError) in
      Lapsed(
        id: row.integer(0), release: row.integer(1), attempts: row.count(2), lane: try lane(row.integer(3)),
        wasSending: row.flag(4), owner: row.text(5), digest: row.optionalText(6))
    }
    // Rows of one digest went in one message: they are sent again together, or none is.
    var kept: Set<String> = []
    var chances: [String: Double] = [:]
    for row in rows where row.wasSending {
      if let digest = row.digest, try terms(of: row.release)?.onUncertain != .resend { kept.insert(digest) }
    }
    for row in rows {
      let chance = row.digest.flatMap { chances[$0] } ?? random()
      if let digest = row.digest { chances[digest] = chance }
      try lapse(row, keeps: row.digest.map(kept.contains) ?? false, now: now, random: chance)
      try cancelIfOvertaken(row.id, at: now)
    }
    for (owner, rows) in Dictionary(grouping: rows, by: \.owner).sorted(by: { $0.key < $1.key }) {
      let begun = rows.count(where: \.wasSending)
      try audit(
        actor: owner, action: "lapse", subject: "leases",
        detail: "\(begun) begun, perhaps handed over; \(rows.count - begun) not begun, pending again", at: now)
    }
    return rows.count
  }

  private func lapse(_ row: Lapsed, keeps: Bool, now: Moment, random: Double) throws(StoreError) {
    guard row.wasSending else {
      try end(row.id, state: .pending, nextAttempt: now, at: now)
      return
    }
    guard let terms = try terms(of: row.release) else { return }
    let next = RetrySchedule.next(
      afterAttempts: row.attempts, lane: row.lane, now: now, lifetimeEnd: terms.lifetimeEnd, random: random)
    if terms.onUncertain == .resend, !keeps, let next {
      try end(row.id, state: .deferred, nextAttempt: next, at: now)
      try run("UPDATE deliveries SET second_copies = second_copies + 1 WHERE id = $1", .integer(row.id))
    } else {
      try end(row.id, state: .uncertain, nextAttempt: nil, at: now)
    }
    // What an earlier attempt was answered does not explain this state.
    try run(
      "UPDATE deliveries SET reply_code = NULL, reply_enhanced = NULL, reply_text = $1 WHERE id = $2",
      .text("its worker ended before it recorded an answer"), .integer(row.id))
  }

  private func end(_ id: Int64, state: DeliveryState, nextAttempt: Moment?, at: Moment) throws(StoreError) {
    try run(
      """
      UPDATE deliveries SET state = $1, next_attempt_at = $2, changed_at = $3, lease_owner = NULL, lease_until = NULL,
        sending_since = NULL WHERE id = $4
      """, .text(state.rawValue), .moment(nextAttempt), .moment(at), .integer(id))
  }

  func leaseHoldings() throws(StoreError) -> [LeaseHolding] {
    let sql = """
      SELECT lease_owner, COUNT(*), COUNT(sending_since), MIN(lease_until) FROM deliveries WHERE state = 'leased'
      GROUP BY lease_owner ORDER BY lease_owner
      """
    return try all(sql) { row in
      LeaseHolding(owner: row.text(0), rows: row.count(1), sending: row.count(2), earliestEnd: row.moment(3))
    }
  }

  func expireRows(now: Moment) throws(StoreError) -> Int {
    try run(
      """
      UPDATE deliveries SET state = 'expired', next_attempt_at = NULL, held = NULL, changed_at = $1
      WHERE state IN ('pending', 'deferred') AND release_id IN (SELECT id FROM releases WHERE lifetime_end <= $1)
        AND \(Self.indexedState)
      """, .moment(now))
  }

  func cancel(release: Int64, at: Moment) throws(StoreError) -> Int {
    try run(
      """
      UPDATE deliveries SET state = 'cancelled', next_attempt_at = NULL, held = NULL, changed_at = $1,
        lease_owner = NULL, lease_until = NULL
      WHERE release_id = $2 AND state IN ('pending', 'deferred', 'leased') AND sending_since IS NULL
      """, .moment(at), .integer(release))
  }

  func hold(release: Int64, variant: Int64?, reason: String, at: Moment) throws(StoreError) -> Int {
    try run(
      """
      UPDATE deliveries SET held = $1, changed_at = $2 WHERE release_id = $3 AND state IN ('pending', 'deferred')
        AND held IS NULL AND variant_id = COALESCE($4, variant_id)
      """, .text(reason), .moment(at), .integer(release), .integer(variant))
  }

  func letGo(release: Int64, variant: Int64?, reason: String, at: Moment) throws(StoreError) -> Int {
    try run(
      """
      UPDATE deliveries SET held = NULL, changed_at = $2 WHERE release_id = $3 AND held = $1
        AND variant_id = COALESCE($4, variant_id)
      """, .text(reason), .moment(at), .integer(release), .integer(variant))
  }

  func apply(
    _ event: DeliveryEvent, delivery: Int64, reply: DeliveryOutcome.Reply, nextAttempt: Moment?, at: Moment
  ) throws(StoreError) {
    let found = try first(
      "SELECT state, sending_since, second_copies FROM deliveries WHERE id = $1", .integer(delivery)
    ) { (row) throws(StoreError) -> (DeliveryPhase, Int) in
      let state = try word(row.text(0), as: DeliveryState.self)
      return (DeliveryPhase(state, sending: row.optionalInteger(1) != nil), row.count(2))
    }
    guard let (phase, secondCopies) = found else {
      throw StoreError(.notFound, detail: "delivery \(delivery)", place: place)
    }
    // Only what is nobody's lease: a worker's own events come through `claim`, `begin` and `record`. Only a row that
    // waits for a second try can have been accepted while it waits. Withholding needs a decision with its reasons.
    let waits = event == .settle && phase.state.isClaimable && secondCopies == 0
    guard phase.state != .leased, event != .lease, event != .withhold, !waits,
      let change = DeliveryMachine.change(of: phase, by: event)
    else {
      throw StoreError(
        .illegalTransition, detail: "\(phase.name) by \(event.rawValue), delivery \(delivery)", place: place)
    }
    if event == .resend, try isOvertaken(delivery: delivery) {
      throw StoreError(
        .illegalTransition, detail: "its bulletin was updated, recalled or expired since, delivery \(delivery)",
        place: place)
    }
    if event != .cancel {
      for other in try carried(with: delivery, phase.state) {
        try move(other, to: change, reply: reply, nextAttempt: nextAttempt, at: at)
      }
    }
    try move(delivery, to: change, reply: reply, nextAttempt: nextAttempt, at: at)
  }

  /// The other rows in the same state that went in the same digest.
  private func carried(with delivery: Int64, _ state: DeliveryState) throws(StoreError) -> [Int64] {
    try all(
      """
      SELECT o.id FROM deliveries d JOIN deliveries o ON o.reader = d.reader AND o.channel = d.channel
        AND o.digest_at = d.digest_at AND COALESCE(o.message_id, '') = COALESCE(d.message_id, '')
      WHERE d.id = $1 AND d.digest_at IS NOT NULL AND o.digest_at IS NOT NULL AND o.id <> d.id AND o.state = $2
        AND o.attempts = d.attempts
      """, .integer(delivery), .text(state.rawValue)
    ) { $0.integer(0) }
  }

  private func move(
    _ delivery: Int64, to change: DeliveryMachine.Change, reply: DeliveryOutcome.Reply, nextAttempt: Moment?, at: Moment
  ) throws(StoreError) {
    // What had gone out, or may have, is known to have even so: its reader hears of a recall.
    if change.phase.state == .bounced {
      try run(
        """
        UPDATE deliveries SET handed_over_at = changed_at
        WHERE id = $1 AND handed_over_at IS NULL AND (state = 'accepted' OR state = 'uncertain')
        """, .integer(delivery))
    }
    let next = change.effects.contains(.schedule) ? nextAttempt ?? at : nil
    // A bounce is another answer than that with which it was taken: nothing of the 250 stays beside it.
    try run(
      """
      UPDATE deliveries SET state = $1, next_attempt_at = $2, held = NULL, second_copies = second_copies + $3,
        changed_at = $4,
        reply_code = CASE WHEN $1 = 'bounced' THEN $5 ELSE COALESCE($5, reply_code) END,
        reply_enhanced = CASE WHEN $1 = 'bounced' THEN $6 ELSE COALESCE($6, reply_enhanced) END,
        reply_text = CASE WHEN $7 = '' AND $1 <> 'bounced' THEN reply_text ELSE $7 END
      WHERE id = $8
      """, .text(change.phase.state.rawValue), .moment(next),
      .integer(change.effects.contains(.secondCopy) ? 1 : 0), .moment(at), .integer(reply.code),
      .text(reply.enhanced), .text(Self.bounded(reply.text)), .integer(delivery))
    // Of what one digest carried, part may be overtaken.
    if change.phase.state.isClaimable { try cancelIfOvertaken(delivery, at: at) }
  }
}
