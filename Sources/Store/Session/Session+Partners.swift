// Partner systems: credentials, lock-outs, sequence numbers, pulls.

import Outbox

extension SQLSession: PartnerStore {
  func partners() throws(StoreError) -> [PartnerRecord] {
    var gaps: [String: [ClosedRange<Int64>]] = [:]
    let found = try all("SELECT partner, first, last FROM partner_gaps ORDER BY partner, first") { row in
      (row.text(0), row.integer(1), row.integer(2))
    }
    for (partner, first, last) in found where first <= last { gaps[partner, default: []].append(first...last) }
    let sql = """
      SELECT id, requests_per_minute, added_at, added_by, last_pull_at, sequence_given FROM partners ORDER BY id
      """
    return try all(sql) { row in
      PartnerRecord(
        id: row.text(0), requestsPerMinute: row.count(1), addedAt: row.moment(2), addedBy: row.text(3),
        lastPullAt: row.optionalMoment(4), sequence: row.integer(5), gaps: gaps[row.text(0)] ?? [])
    }
  }

  func add(partner: String, requestsPerMinute: Int, by: String, at: Moment) throws(StoreError) -> Bool {
    try moveAccess(at: at)
    let isNew = try number("SELECT 1 FROM partners WHERE id = $1", .text(partner)) == nil
    try run(
      """
      INSERT INTO partners (id, requests_per_minute, added_at, added_by, sequence_given, sequence_reserved)
      VALUES ($1, $2, $3, $4, 0, 0) ON CONFLICT (id) DO UPDATE SET requests_per_minute = excluded.requests_per_minute
      """, .text(partner), .integer(requestsPerMinute), .moment(at), .text(by))
    return isNew
  }

  /// Every server reads credentials and lifted lock-outs anew when this moves.
  private func moveAccess(at: Moment) throws(StoreError) {
    let last = try setting(Self.access).flatMap { Int64($0) } ?? 0
    try set(Self.access, to: String(last + 1), at: at)
  }

  // MARK: Credentials

  private static let selectCredential = """
    SELECT id, partner, method, salt, hash, feeds, taxii, created_at, created_by, expires_at, revoked_at, revoked_by
    FROM partner_credentials
    """
  /// In the column of feeds.
  private static let everyFeed = "*"

  private func credential(_ row: any PreparedSQL) -> CredentialRecord {
    CredentialRecord(
      id: row.text(0), partner: row.text(1), method: row.text(2), salt: row.bytes(3), hash: row.bytes(4),
      feeds: row.text(5) == Self.everyFeed ? nil : row.lines(5), allowsTaxii: row.flag(6), createdAt: row.moment(7),
      createdBy: row.text(8), expiresAt: row.moment(9), revokedAt: row.optionalMoment(10),
      revokedBy: row.optionalText(11))
  }

  func credentials(partner: String?) throws(StoreError) -> [CredentialRecord] {
    try all(
      Self.selectCredential + " WHERE partner = COALESCE($1, partner) ORDER BY partner, created_at, id", .text(partner)
    ) { credential($0) }
  }

  func credential(_ id: String) throws(StoreError) -> CredentialRecord? {
    try first(Self.selectCredential + " WHERE id = $1", .text(id)) { credential($0) }
  }

  func insert(credential new: CredentialRecord) throws(StoreError) {
    try moveAccess(at: new.createdAt)
    // In the order in which they were made, within a second too: the newest is the one that a rotation follows.
    let last = try number("SELECT MAX(created_at) FROM partner_credentials WHERE partner = $1", .text(new.partner))
    let createdAt = max(new.createdAt.milliseconds, last.map { $0 + 1 } ?? .min)
    try run(
      """
      INSERT INTO partner_credentials (id, partner, method, salt, hash, feeds, taxii, created_at, created_by, expires_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
      """, .text(new.id), .text(new.partner), .text(new.method), .bytes(new.salt), .bytes(new.hash),
      new.feeds.map { .lines($0) } ?? .text(Self.everyFeed), .flag(new.allowsTaxii), .integer(createdAt),
      .text(new.createdBy), .moment(new.expiresAt))
  }

  func revoke(credential: String, by: String, at: Moment) throws(StoreError) -> Bool {
    try moveAccess(at: at)
    return try run(
      "UPDATE partner_credentials SET revoked_at = $1, revoked_by = $2 WHERE id = $3 AND revoked_at IS NULL",
      .moment(at), .text(by), .text(credential)) == 1
  }

  func expire(credential: String, at: Moment) throws(StoreError) -> Bool {
    try moveAccess(at: at)
    return try run(
      "UPDATE partner_credentials SET expires_at = $1 WHERE id = $2 AND expires_at > $1 AND revoked_at IS NULL",
      .moment(at), .text(credential)) == 1
  }

  // MARK: Lock-outs

  func accessFailures() throws(StoreError) -> [AccessFailures] {
    try all("SELECT key, failures, since, lock_outs, locked_until FROM access_failures ORDER BY key") { row in
      AccessFailures(
        key: row.text(0), failures: row.count(1), since: row.moment(2), lockOuts: row.count(3),
        lockedUntil: row.optionalMoment(4))
    }
  }

  func set(accessFailures new: AccessFailures) throws(StoreError) {
    try run(
      """
      INSERT INTO access_failures (key, failures, since, lock_outs, locked_until) VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (key) DO UPDATE SET failures = excluded.failures, since = excluded.since,
        lock_outs = excluded.lock_outs, locked_until = excluded.locked_until
      """, .text(new.key), .integer(new.failures), .moment(new.since), .integer(new.lockOuts),
      .moment(new.lockedUntil))
  }

  func lift(lockOut key: String, at: Moment) throws(StoreError) -> Bool {
    try moveAccess(at: at)
    // Not before the lock-out itself, whatever the clock of this process says.
    return try run(
      """
      UPDATE access_failures SET failures = 0, lock_outs = 0, locked_until = NULL,
        since = CASE WHEN since > $1 THEN since ELSE $1 END WHERE key = $2 AND locked_until IS NOT NULL
      """, .moment(at), .text(key)) == 1
  }

  func forgetAccessFailures(before: Moment) throws(StoreError) {
    try run("DELETE FROM access_failures WHERE since < $1 AND COALESCE(locked_until, 0) < $1", .moment(before))
  }

  // MARK: Sequence numbers

  func reserveSequence(
    partner: String, count: Int64, given: Int64?, at: Moment
  ) throws(StoreError) -> ClosedRange<Int64> {
    let sql = "SELECT sequence_given, sequence_reserved FROM partners WHERE id = $1"
    guard let (known, reserved) = try first(sql, .text(partner), read: { ($0.integer(0), $0.integer(1)) }) else {
      throw StoreError(.notFound, detail: "no partner \(partner)", place: place)
    }
    if given == nil, known < reserved {
      try run(
        "INSERT INTO partner_gaps (partner, first, last, noticed_at) VALUES ($1, $2, $3, $4)", .text(partner),
        .integer(known + 1), .integer(reserved), .moment(at))
    }
    try run(
      "UPDATE partners SET sequence_given = $1, sequence_reserved = $2 WHERE id = $3", .integer(reserved),
      .integer(reserved + count), .text(partner))
    return reserved + 1...reserved + count
  }

  func note(
    sequence given: Int64, of block: ClosedRange<Int64>, partner: String, lastPullAt: Moment, closing: Bool
  ) throws(StoreError) {
    try run(
      """
      UPDATE partners SET last_pull_at = $1, sequence_given = CASE WHEN $2 > sequence_given THEN $2 ELSE sequence_given END
      WHERE id = $3
      """, .moment(lastPullAt), .integer(given), .text(partner))
    // Where another server has taken a block meanwhile, the rest of this one is lost.
    guard closing else { return }
    try run(
      "UPDATE partners SET sequence_reserved = $1 WHERE id = $2 AND sequence_reserved = $3 AND sequence_given <= $1",
      .integer(given), .text(partner), .integer(block.upperBound))
  }

  // MARK: Pulls

  func insert(pulls: [PullRecord]) throws(StoreError) {
    for pull in pulls {
      try run(
        """
        INSERT INTO feed_pulls (partner, release_id, feed, kind, variant, banner, version, first_at, last_at, count)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (partner, feed, release_id, kind, variant) DO UPDATE SET count = feed_pulls.count + excluded.count,
          last_at = CASE WHEN excluded.last_at > feed_pulls.last_at THEN excluded.last_at ELSE feed_pulls.last_at END
        """, .text(pull.partner), .integer(pull.release), .text(pull.feed), .text(pull.kind.rawValue),
        .text(pull.variant), .text(pull.banner), .integer(pull.version), .moment(pull.firstAt), .moment(pull.lastAt),
        .integer(pull.count))
    }
  }

  private static let selectPull = """
    SELECT partner, release_id, version, feed, first_at, last_at, count, kind, variant, banner FROM feed_pulls
    """
  private func pull(_ row: any PreparedSQL) throws(StoreError) -> PullRecord {
    PullRecord(
      partner: row.text(0), release: row.integer(1), version: row.count(2), feed: row.text(3),
      kind: try word(row.text(7), as: PullKind.self), variant: row.text(8), banner: row.text(9),
      firstAt: row.moment(4), lastAt: row.moment(5), count: row.integer(6))
  }
  func pulls(partner: String) throws(StoreError) -> [PullRecord] {
    let order = " ORDER BY feed, release_id, first_at, kind, variant"
    return try all(Self.selectPull + " WHERE partner = $1" + order, .text(partner)) { (row) throws(StoreError) in
      try pull(row)
    }
  }
  func pulls(release: Int64) throws(StoreError) -> [PullRecord] {
    let order = " ORDER BY partner, feed, first_at, kind, variant"
    return try all(Self.selectPull + " WHERE release_id = $1" + order, .integer(release)) { (row) throws(StoreError) in
      try pull(row)
    }
  }
}
