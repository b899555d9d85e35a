// Snapshots of the site's files, pauses, the kill switch.

import Outbox

extension SQLSession: StakeholderStore {
  func insert(
    snapshotHash: String, policyName: String, policyVersion: String, policyHash: String, files: [StoredFile],
    at: Moment
  ) throws(StoreError) -> Int64 {
    let number: Int64
    if let stored = try self.number("SELECT id FROM snapshots WHERE hash = $1", .text(snapshotHash)) {
      number = stored
    } else {
      number = try id(
        """
        INSERT INTO snapshots (hash, policy_name, policy_version, policy_hash, imported_at)
        VALUES ($1, $2, $3, $4, $5) RETURNING id
        """, .text(snapshotHash), .text(policyName), .text(policyVersion), .text(policyHash), .moment(at))
      for (position, file) in files.enumerated() {
        try run(
          "INSERT INTO snapshot_files (snapshot_id, position, name, blob_id) VALUES ($1, $2, $3, $4)",
          .integer(number), .integer(position), .text(file.name), .integer(try blob(file)))
      }
    }
    try set("snapshot", to: String(number), at: at)
    return number
  }

  func snapshot(_ number: Int64) throws(StoreError) -> SiteSnapshot? {
    let files = try all(
      """
      SELECT f.name, b.hash, b.bytes FROM snapshot_files f JOIN blobs b ON b.id = f.blob_id
      WHERE f.snapshot_id = $1 ORDER BY f.position
      """, .integer(number)
    ) { row in StoredFile(name: row.text(0), hash: row.text(1), bytes: row.bytes(2)) }
    let sql = "SELECT id, hash, imported_at, policy_name, policy_version, policy_hash FROM snapshots WHERE id = $1"
    return try first(sql, .integer(number)) { row in
      SiteSnapshot(
        number: row.integer(0), hash: row.text(1), importedAt: row.moment(2), policyName: row.text(3),
        policyVersion: row.text(4), policyHash: row.text(5), files: files)
    }
  }

  func currentSnapshot() throws(StoreError) -> Int64? { try setting("snapshot").flatMap { Int64($0) } }

  func set(importFailure: String?, at: Moment) throws(StoreError) {
    try set("import-failure", to: importFailure, at: at)
  }
  func importFailure() throws(StoreError) -> String? { try setting("import-failure") }

  func setting(_ key: String) throws(StoreError) -> String? {
    try first("SELECT value FROM settings WHERE key = $1", .text(key)) { $0.text(0) }
  }

  func set(_ key: String, to value: String?, at: Moment) throws(StoreError) {
    guard let value else {
      try run("DELETE FROM settings WHERE key = $1", .text(key))
      return
    }
    try run(
      """
      INSERT INTO settings (key, value, set_at) VALUES ($1, $2, $3)
      ON CONFLICT (key) DO UPDATE SET value = excluded.value, set_at = excluded.set_at
      """, .text(key), .text(value), .moment(at))
  }

  func set(pause: Pause) throws(StoreError) {
    try run(
      """
      INSERT INTO pauses (scope, name, set_by, set_at, reason) VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (scope, name) DO NOTHING
      """, .text(pause.scope.rawValue), .text(pause.name), .text(pause.by), .moment(pause.at), .text(pause.reason))
  }

  func resume(scope: Pause.Scope, name: String) throws(StoreError) {
    try run("DELETE FROM pauses WHERE scope = $1 AND name = $2", .text(scope.rawValue), .text(name))
  }

  func pauses() throws(StoreError) -> [Pause] {
    let sql = "SELECT scope, name, set_by, set_at, reason FROM pauses ORDER BY scope, name"
    return try all(sql) { (row) throws(StoreError) in
      Pause(
        scope: try word(row.text(0), as: Pause.Scope.self), name: row.text(1), by: row.text(2), at: row.moment(3),
        reason: row.text(4))
    }
  }
}
