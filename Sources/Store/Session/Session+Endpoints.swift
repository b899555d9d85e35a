// Webhook endpoints: how each stands, the rows that wait for it, and its secrets as they are kept.

import Outbox

extension SQLSession: EndpointStore {
  func endpointStates() throws(StoreError) -> [EndpointState] {
    let sql = """
      SELECT id, failing_since, failures, last_failure_at, last_failure, disabled_at, disabled_by, disabled_why
      FROM endpoints ORDER BY id
      """
    return try all(sql) { row in
      EndpointState(
        id: row.text(0), failingSince: row.optionalMoment(1), failures: row.count(2),
        lastFailureAt: row.optionalMoment(3), lastFailure: row.optionalText(4), disabledAt: row.optionalMoment(5),
        disabledBy: row.optionalText(6), disabledWhy: row.optionalText(7))
    }
  }

  func noteFailure(endpoint: String, text: String, at: Moment) throws(StoreError) -> Moment {
    let since = try number(
      """
      INSERT INTO endpoints (id, failing_since, failures, last_failure_at, last_failure) VALUES ($1, $2, 1, $2, $3)
      ON CONFLICT (id) DO UPDATE SET failing_since = COALESCE(endpoints.failing_since, excluded.failing_since),
        failures = endpoints.failures + 1, last_failure_at = excluded.last_failure_at,
        last_failure = excluded.last_failure
      RETURNING failing_since
      """, .text(endpoint), .moment(at), .text(Self.bounded(text)))
    return since.map { Moment(milliseconds: $0) } ?? at
  }

  func noteSuccess(endpoint: String) throws(StoreError) {
    try run(
      "UPDATE endpoints SET failing_since = NULL, failures = 0 WHERE id = $1 AND failures > 0", .text(endpoint))
  }

  func disable(endpoint: String, by: String, why: String, at: Moment) throws(StoreError) -> Bool {
    try run(
      """
      INSERT INTO endpoints (id, failures, disabled_at, disabled_by, disabled_why) VALUES ($1, 0, $2, $3, $4)
      ON CONFLICT (id) DO UPDATE SET disabled_at = excluded.disabled_at, disabled_by = excluded.disabled_by,
        disabled_why = excluded.disabled_why WHERE endpoints.disabled_at IS NULL
      """, .text(endpoint), .moment(at), .text(by), .text(why)) == 1
  }

  func enable(endpoint: String) throws(StoreError) -> Bool {
    try run(
      """
      UPDATE endpoints SET disabled_at = NULL, disabled_by = NULL, disabled_why = NULL, failing_since = NULL,
        failures = 0 WHERE id = $1 AND disabled_at IS NOT NULL
      """, .text(endpoint)) == 1
  }

  func hold(reader: String, channel: DeliveryChannel, reason: String, at: Moment) throws(StoreError) -> Int {
    try run(
      """
      UPDATE deliveries SET held = $1, changed_at = $2 WHERE channel = $3 AND reader = $4
        AND state IN ('pending', 'deferred') AND held IS NULL
      """, .text(reason), .moment(at), .text(channel.rawValue), .text(reader))
  }

  func letGo(reader: String, channel: DeliveryChannel, reason: String, at: Moment) throws(StoreError) -> Int {
    try run(
      "UPDATE deliveries SET held = NULL, changed_at = $2 WHERE channel = $3 AND reader = $4 AND held = $1",
      .text(reason), .moment(at), .text(channel.rawValue), .text(reader))
  }

  func waiting(reader: String, channel: DeliveryChannel) throws(StoreError) -> Int {
    let sql = """
      SELECT COUNT(*) FROM deliveries WHERE state IN ('pending', 'leased', 'deferred') AND channel = $1 AND reader = $2
      """
    return Int(try number(sql, .text(channel.rawValue), .text(reader)) ?? 0)
  }

  func secrets(endpoint: String?, now: Moment) throws(StoreError) -> [SealedSecret] {
    let sql = """
      SELECT endpoint, number, kind, sealed, key_id, created_at, retires_at FROM endpoint_secrets
      WHERE endpoint = COALESCE($1, endpoint) AND COALESCE(retires_at, $2 + 1) > $2 ORDER BY endpoint, number DESC
      """
    return try all(sql, .text(endpoint), .moment(now)) { row in
      SealedSecret(
        endpoint: row.text(0), number: row.count(1), kind: row.text(2), sealed: row.bytes(3), keyID: row.text(4),
        createdAt: row.moment(5), retiresAt: row.optionalMoment(6))
    }
  }

  func dependsOnSecret() throws(StoreError) -> Bool {
    // Without an index: asked only where the key is missing.
    let sql = """
      SELECT CASE WHEN EXISTS (SELECT 1 FROM endpoint_secrets)
        OR EXISTS (SELECT 1 FROM deliveries WHERE attempts > 0 AND channel <> 'webhook') THEN 1 ELSE 0 END
      """
    return try number(sql) == 1
  }

  func secretsStamp() throws(StoreError) -> String {
    let sql = """
      SELECT COUNT(*), COALESCE(MAX(number), 0), COALESCE(MAX(created_at), 0), COALESCE(MAX(retires_at), 0),
        COUNT(retires_at) FROM endpoint_secrets
      """
    return try first(sql) { row in (0..<5).map { String(row.integer($0)) }.joined(separator: " ") } ?? ""
  }

  func nextSecret(endpoint: String) throws(StoreError) -> Int {
    Int(
      try number("SELECT COALESCE(MAX(number), 0) + 1 FROM endpoint_secrets WHERE endpoint = $1", .text(endpoint)) ?? 1)
  }

  func insert(secret: SealedSecret) throws(StoreError) {
    try run(
      """
      INSERT INTO endpoint_secrets (endpoint, number, kind, sealed, key_id, created_at, retires_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      """, .text(secret.endpoint), .integer(secret.number), .text(secret.kind), .bytes(secret.sealed),
      .text(secret.keyID), .moment(secret.createdAt), .moment(secret.retiresAt))
  }

  func retireSecrets(endpoint: String, kind: String, at: Moment, now: Moment) throws(StoreError) {
    try run(
      """
      UPDATE endpoint_secrets SET retires_at = $1 WHERE endpoint = $2 AND kind = $3
        AND COALESCE(retires_at, $1 + 1) > $1
      """, .moment(at), .text(endpoint), .text(kind))
    try run(
      "DELETE FROM endpoint_secrets WHERE endpoint = $1 AND retires_at IS NOT NULL AND retires_at <= $2",
      .text(endpoint), .moment(now))
  }
}
