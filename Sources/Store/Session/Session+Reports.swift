// Reports, suppressed addresses, tasks for coordinators, mails set aside. Addresses are in lower case everywhere.

import Outbox

extension SQLSession: ReportStore {
  func hasReport(digest: String) throws(StoreError) -> Bool {
    try number("SELECT 1 FROM delivery_reports WHERE digest = $1", .text(digest)) != nil
  }

  func insert(report: ReportRow) throws(StoreError) {
    try run(
      """
      INSERT INTO delivery_reports (digest, delivery_id, kind, outcome, address, status, action, diagnostic, recorded_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
      """, .text(report.digest), .integer(report.delivery), .text(report.kind), .text(report.outcome),
      .text(report.address), .text(report.status), .text(report.action), .text(report.diagnostic), .moment(report.at))
  }

  func reports(delivery: Int64) throws(StoreError) -> [ReportRow] {
    try all(
      """
      SELECT digest, delivery_id, kind, outcome, address, status, action, diagnostic, recorded_at
      FROM delivery_reports WHERE delivery_id = $1 ORDER BY id
      """, .integer(delivery)
    ) { row in
      ReportRow(
        digest: row.text(0), delivery: row.optionalInteger(1), kind: row.text(2), outcome: row.text(3),
        address: row.text(4), status: row.text(5), action: row.text(6), diagnostic: row.text(7), at: row.moment(8))
    }
  }

  func softReports(address: String, since: Moment) throws(StoreError) -> Int {
    let count = try number(
      "SELECT COUNT(DISTINCT delivery_id) FROM delivery_reports WHERE kind = 'soft' AND address = $1 AND recorded_at >= $2",
      .text(address), .moment(since))
    return Int(count ?? 0)
  }

  func riders(of delivery: Int64) throws(StoreError) -> [Int64] {
    try all(
      """
      SELECT r.id FROM deliveries d JOIN deliveries r
        ON r.reader = d.reader AND r.channel = d.channel AND r.digest_at = d.digest_at AND r.message_id = d.message_id
      WHERE d.id = $1 AND r.digest_at IS NOT NULL AND r.id <> $1 ORDER BY r.id
      """, .integer(delivery)
    ) { $0.integer(0) }
  }

  // MARK: Suppressions

  func set(suppression: Suppression) throws(StoreError) {
    // What a person has said outlasts what a server says.
    try run(
      """
      INSERT INTO suppressions (address, reason, detail, delivery_id, set_by, set_at, expires_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      ON CONFLICT (address) DO UPDATE SET reason = excluded.reason, detail = excluded.detail,
        delivery_id = excluded.delivery_id, set_by = excluded.set_by, set_at = excluded.set_at,
        expires_at = excluded.expires_at
      WHERE excluded.reason = 'person' OR suppressions.reason <> 'person'
        OR (suppressions.expires_at IS NOT NULL AND suppressions.expires_at <= excluded.set_at)
      """, .text(suppression.address), .text(suppression.reason.rawValue), .text(Self.bounded(suppression.detail)),
      .integer(suppression.delivery), .text(suppression.by), .moment(suppression.at), .moment(suppression.expires))
  }

  func lift(suppression address: String) throws(StoreError) -> Bool {
    try run("DELETE FROM suppressions WHERE address = $1", .text(address)) > 0
  }

  private static let selectSuppression =
    "SELECT address, reason, detail, delivery_id, set_by, set_at, expires_at FROM suppressions"

  private func suppression(_ row: any PreparedSQL) throws(StoreError) -> Suppression {
    Suppression(
      address: row.text(0), reason: try word(row.text(1), as: Suppression.Reason.self), detail: row.text(2),
      delivery: row.optionalInteger(3), by: row.text(4), at: row.moment(5), expires: row.optionalMoment(6))
  }

  func suppressions() throws(StoreError) -> [Suppression] {
    try all(Self.selectSuppression + " ORDER BY address") { (row) throws(StoreError) in try suppression(row) }
  }

  func suppressionMark() throws(StoreError) -> SuppressionMark {
    try first("SELECT COUNT(*), COALESCE(MAX(set_at), 0) FROM suppressions") { (row) throws(StoreError) in
      SuppressionMark(count: row.integer(0), newest: row.integer(1))
    } ?? SuppressionMark(count: 0, newest: 0)
  }

  func suppressions(among addresses: () -> [String], at: Moment) throws(StoreError) -> [String: Suppression] {
    // Most sites have none: then nobody is looked for.
    guard try number("SELECT 1 FROM suppressions LIMIT 1") != nil else { return [:] }
    var found: [String: Suppression] = [:]
    for address in addresses() {
      let row = try first(
        Self.selectSuppression + " WHERE address = $1 AND (expires_at IS NULL OR expires_at > $2)", .text(address),
        .moment(at)
      ) { (row) throws(StoreError) in try suppression(row) }
      if let row { found[address] = row }
    }
    return found
  }

  func proposedSuppressions(at: Moment) throws(StoreError) -> [DeliveryRecord] {
    // What a report said has been dealt with where it was recorded. Over releases, because the indexes begin with them.
    let ids = try all(
      """
      SELECT MAX(d.id) FROM releases b JOIN deliveries d ON d.release_id = b.id AND d.state = 'bounced'
        AND d.state <> 'leased' AND d.state <> 'accepted'
      WHERE d.channel IN ('email-tls', 'email-plain', 'email-smime')
        AND NOT EXISTS (SELECT 1 FROM delivery_reports r WHERE r.delivery_id = d.id)
        AND NOT EXISTS (SELECT 1 FROM suppressions s WHERE s.address = LOWER(d.address)
          AND (s.expires_at IS NULL OR s.expires_at > $1))
        AND NOT EXISTS (SELECT 1 FROM releases e JOIN deliveries n ON n.release_id = e.id AND n.reader = d.reader
          AND n.channel = d.channel WHERE e.id > b.id AND n.state = 'accepted')
      GROUP BY LOWER(d.address) ORDER BY 1
      """, .moment(at)
    ) { $0.integer(0) }
    var found: [DeliveryRecord] = []
    for id in ids { if let record = try delivery(id) { found.append(record) } }
    return found
  }

  // MARK: Tasks

  func open(task: CoordinatorTask) throws(StoreError) {
    try run(
      """
      INSERT INTO coordinator_tasks (organization, reader, address, why, delivery_id, opened_at)
      VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (address) WHERE closed_at IS NULL DO NOTHING
      """, .text(task.organization), .text(task.reader), .text(task.address), .text(Self.bounded(task.why)),
      .integer(task.delivery), .moment(task.openedAt))
  }

  func close(task: Int64, by: String, at: Moment) throws(StoreError) -> Bool {
    try run(
      "UPDATE coordinator_tasks SET closed_at = $1, closed_by = $2 WHERE id = $3 AND closed_at IS NULL", .moment(at),
      .text(by), .integer(task)) > 0
  }

  func tasks(closed: Bool) throws(StoreError) -> [CoordinatorTask] {
    try all(
      """
      SELECT id, organization, reader, address, why, delivery_id, opened_at, closed_at, closed_by
      FROM coordinator_tasks WHERE $1 = 1 OR closed_at IS NULL ORDER BY id
      """, .flag(closed)
    ) { row in
      CoordinatorTask(
        id: row.integer(0), organization: row.text(1), reader: row.text(2), address: row.text(3), why: row.text(4),
        delivery: row.optionalInteger(5), openedAt: row.moment(6), closedAt: row.optionalMoment(7),
        closedBy: row.optionalText(8))
    }
  }

  // MARK: Set aside

  func setAside(_ mail: MailSetAside) throws(StoreError) {
    try run(
      """
      INSERT INTO mail_set_aside (digest, source, reason, bytes, set_at) VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (digest) DO NOTHING
      """, .text(mail.digest), .text(mail.source), .text(mail.reason), .bytes(mail.bytes), .moment(mail.at))
  }

  func isSetAside(digest: String, reason: String) throws(StoreError) -> Bool {
    try number("SELECT 1 FROM mail_set_aside WHERE digest = $1 AND reason = $2", .text(digest), .text(reason)) != nil
  }

  func mailSetAside() throws(StoreError) -> [MailSetAside] {
    try all("SELECT id, digest, source, reason, bytes, set_at FROM mail_set_aside ORDER BY id") { row in
      MailSetAside(
        id: row.integer(0), digest: row.text(1), source: row.text(2), reason: row.text(3), bytes: row.bytes(4),
        at: row.moment(5))
    }
  }
}
