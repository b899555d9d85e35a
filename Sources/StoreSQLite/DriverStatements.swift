// What SQLite says differently. The driver of PostgreSQL comes later (Documentation/decisions/0001), with a file of this
// name.

package import Store

extension DriverStatements {
  // OR FAIL: without it SQLite copies each page that a claim changes, to take back the statement alone. Who fails here
  // takes back the transaction.
  package static let sqlite = DriverStatements(
    // One writer at a time: the lock is taken at once, so that nobody claims what another is claiming.
    beginWrite: "BEGIN IMMEDIATE",
    beginRead: "BEGIN DEFERRED",
    claim: claim(around: ""),
    claimAroundPauses: claim(around: aroundPauses), claimDigest: claimDigest(around: ""),
    claimDigestAroundPauses: claimDigest(around: aroundPauses))

  private static func claim(around pauses: String) -> String {
    """
    UPDATE OR FAIL deliveries
    SET state = 'leased', lease_owner = $1, lease_until = $2, changed_at = $3, next_attempt_at = NULL
    WHERE id IN (
      SELECT id FROM deliveries
      WHERE state IN ('pending', 'deferred') AND held IS NULL AND digest_at IS NULL AND channel = $4 AND lane = $5
        AND next_attempt_at <= $3 \(pauses)
      ORDER BY next_attempt_at, id LIMIT $6)
    RETURNING id, release_id, reader, address, format, variant_id, attempts, decision_hash
    """
  }

  private static func claimDigest(around pauses: String) -> String {
    """
    UPDATE OR FAIL deliveries
    SET state = 'leased', lease_owner = $1, lease_until = $2, changed_at = $3, next_attempt_at = NULL
    WHERE reader = $4 AND channel = $5 AND digest_at = $6 AND state IN ('pending', 'deferred') AND held IS NULL
      AND next_attempt_at <= $3 \(pauses)
    RETURNING id, release_id, reader, address, format, variant_id, attempts, decision_hash
    """
  }
}
