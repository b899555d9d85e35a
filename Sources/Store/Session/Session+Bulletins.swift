// Bulletins, revisions, files, serials, releases and recorded decisions.

import Outbox

extension SQLSession: BulletinStore {
  func allocateNumber(series: String, year: Int) throws(StoreError) -> Int {
    let sql = """
      INSERT INTO serial_counters (series, year, last) VALUES ($1, $2, 1)
      ON CONFLICT (series, year) DO UPDATE SET last = serial_counters.last + 1 RETURNING last
      """
    guard let number = try number(sql, .text(series), .integer(year)) else {
      throw StoreError(.other, detail: "no serial for \(series) \(year)", place: place)
    }
    return Int(number)
  }

  func insert(release new: NewRelease) throws(StoreError) -> Int64 {
    _ = try foundFeeds(now: new.at)
    let bulletin = try id(
      """
      INSERT INTO bulletins (stem, series) VALUES ($1, $2)
      ON CONFLICT (stem) DO UPDATE SET series = excluded.series RETURNING id
      """, .text(new.bulletin), .text(new.series))
    if new.kind.bringsRevision, let earlier = try release(revisionHash: new.revisionHash) {
      throw StoreError(.alreadyReleased, detail: earlier.serial, place: place)
    }
    let revision = try revision(of: new, bulletin: bulletin)
    let replaces = try new.replaces.flatMap { (stem) throws(StoreError) in
      try number("SELECT id FROM bulletins WHERE stem = $1", .text(stem))
    }
    let release = try id(
      """
      INSERT INTO releases (bulletin_id, revision_id, series, year, number, serial, version, kind, predecessor_id,
        released_by, released_at, reason, title, banner, lane, on_uncertain, starts_at, lifetime_end, policy_name,
        policy_version, policy_hash, snapshot_id, seconded_by, replaces_id)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
        $23, $24)
      RETURNING id
      """, .integer(bulletin), .integer(revision), .text(new.series), .integer(new.serial.year),
      .integer(new.serial.number), .text(new.serial.description), .integer(new.version), .text(new.kind.rawValue),
      .integer(new.predecessor), .text(new.by), .moment(new.at), .text(new.reason), .text(new.title),
      .text(new.banner), .integer(new.lane.rawValue), .text(new.onUncertain.rawValue), .moment(new.startsAt),
      .moment(new.lifetimeEnd), .text(new.policyName), .text(new.policyVersion), .text(new.policyHash),
      .integer(new.snapshot), .text(new.second), .integer(replaces))
    try keepFeeds(
      FeedEvent(
        release: release, bulletin: bulletin, kind: new.kind, serial: new.serial.description, at: new.at,
        startsAt: new.startsAt, replaces: replaces))
    return release
  }

  private func revision(of new: NewRelease, bulletin: Int64) throws(StoreError) -> Int64 {
    if let stored = try number("SELECT id FROM revisions WHERE hash = $1", .text(new.revisionHash)) { return stored }
    let revision = try id(
      "INSERT INTO revisions (bulletin_id, hash, stored_at) VALUES ($1, $2, $3) RETURNING id", .integer(bulletin),
      .text(new.revisionHash), .moment(new.at))
    for (position, file) in new.files.enumerated() {
      try run(
        "INSERT INTO revision_files (revision_id, position, name, blob_id) VALUES ($1, $2, $3, $4)",
        .integer(revision), .integer(position), .text(file.name), .integer(try blob(file)))
    }
    return revision
  }

  /// Content is stored once; the hash is the caller's and is trusted as such.
  func blob(_ file: StoredFile) throws(StoreError) -> Int64 {
    if let stored = try number("SELECT id FROM blobs WHERE hash = $1", .text(file.hash)) { return stored }
    return try id(
      "INSERT INTO blobs (hash, bytes) VALUES ($1, $2) RETURNING id", .text(file.hash), .bytes(file.bytes))
  }

  func id(_ sql: String, _ values: SQLValue...) throws(StoreError) -> Int64 {
    let statement = try bound(sql, values)
    defer { statement.reset() }
    guard try statement.step() else { throw StoreError(.other, detail: "no id returned", place: place) }
    let id = statement.integer(0)
    while try statement.step() {}
    return id
  }

  func insert(recorded: RecordedDecision) throws(StoreError) {
    try run(
      """
      INSERT INTO recorded_decisions (bulletin, revision_hash, public_release, private_release, foreign_release,
        consents, accept_hollow, accept_rules, decided_by, decided_at, reason)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
      """, .text(recorded.bulletin), .text(recorded.revisionHash), .flag(recorded.publicRelease),
      .flag(recorded.privateRelease), .lines(recorded.foreignRelease), .lines(recorded.consents),
      .lines(recorded.acceptHollow), .lines(recorded.acceptRules), .text(recorded.by), .moment(recorded.at),
      .text(recorded.reason))
  }

  func recordedDecisions(revisionHash: String) throws(StoreError) -> [RecordedDecision] {
    let sql = """
      SELECT bulletin, revision_hash, public_release, private_release, foreign_release, consents, accept_hollow,
        accept_rules, decided_by, decided_at, reason FROM recorded_decisions WHERE revision_hash = $1 ORDER BY id
      """
    return try all(sql, .text(revisionHash)) { row in
      RecordedDecision(
        bulletin: row.text(0), revisionHash: row.text(1), publicRelease: row.flag(2), privateRelease: row.flag(3),
        foreignRelease: row.lines(4), consents: row.lines(5), acceptHollow: row.lines(6), acceptRules: row.lines(7),
        by: row.text(8), at: row.moment(9), reason: row.text(10))
    }
  }

  func files(release: Int64) throws(StoreError) -> [StoredFile] {
    let sql = """
      SELECT f.name, b.hash, b.bytes FROM releases r JOIN revision_files f ON f.revision_id = r.revision_id
      JOIN blobs b ON b.id = f.blob_id WHERE r.id = $1 ORDER BY f.position
      """
    return try all(sql, .integer(release)) { row in
      StoredFile(name: row.text(0), hash: row.text(1), bytes: row.bytes(2))
    }
  }

  private static let selectRelease = """
    SELECT r.id, b.stem, r.series, v.hash, r.serial, r.year, r.number, r.version, r.kind, r.predecessor_id,
      r.released_by, r.released_at, r.reason, r.title, r.banner, r.lane, r.on_uncertain, r.starts_at, r.lifetime_end,
      r.policy_name, r.policy_version, r.policy_hash, r.snapshot_id, r.seconded_by, o.stem,
      (SELECT p.serial FROM releases p WHERE p.bulletin_id = r.replaces_id ORDER BY p.id LIMIT 1),
      (SELECT s.serial FROM releases s WHERE s.replaces_id = r.bulletin_id)
    FROM releases r JOIN bulletins b ON b.id = r.bulletin_id JOIN revisions v ON v.id = r.revision_id
      LEFT JOIN bulletins o ON o.id = r.replaces_id
    """

  private func release(_ row: any PreparedSQL) throws(StoreError) -> ReleaseRecord {
    var replaced: ReleaseRecord.Replaced?
    if let stem = row.optionalText(24) {
      replaced = ReleaseRecord.Replaced(bulletin: stem, serial: row.optionalText(25) ?? "")
    }
    return ReleaseRecord(
      id: row.integer(0), bulletin: row.text(1), series: row.text(2), revisionHash: row.text(3), serial: row.text(4),
      year: row.count(5), number: row.count(6), version: row.count(7),
      kind: try word(row.text(8), as: ReleaseKind.self),
      predecessor: row.optionalInteger(9), replaces: replaced, replacedBy: row.optionalText(26), by: row.text(10),
      at: row.moment(11), reason: row.text(12),
      title: row.text(13), banner: row.text(14), lane: try lane(row.integer(15)),
      onUncertain: try word(row.text(16), as: OnUncertain.self), startsAt: row.moment(17),
      lifetimeEnd: row.moment(18), policyName: row.text(19), policyVersion: row.text(20), policyHash: row.text(21),
      snapshot: row.optionalInteger(22), second: row.optionalText(23))
  }

  func lane(_ value: Int64) throws(StoreError) -> Lane {
    guard let lane = Lane(rawValue: Int(clamping: value)) else {
      throw StoreError(.corrupt, detail: "unknown lane \(value)", place: place)
    }
    return lane
  }

  func release(_ id: Int64) throws(StoreError) -> ReleaseRecord? {
    try first(Self.selectRelease + " WHERE r.id = $1", .integer(id)) { (row) throws(StoreError) in try release(row) }
  }
  /// The release, update or correction of that serial; a recall or expiry is found by its id.
  func release(serial: String) throws(StoreError) -> ReleaseRecord? {
    let sql = Self.selectRelease + " WHERE r.serial = $1 AND r.kind IN ('release', 'update', 'correction')"
    return try first(sql, .text(serial)) { (row) throws(StoreError) in try release(row) }
  }
  func release(revisionHash: String) throws(StoreError) -> ReleaseRecord? {
    let sql = Self.selectRelease + " WHERE v.hash = $1 AND r.kind IN ('release', 'update', 'correction')"
    return try first(sql, .text(revisionHash)) { (row) throws(StoreError) in try release(row) }
  }
  func releases(bulletin: String) throws(StoreError) -> [ReleaseRecord] {
    try all(Self.selectRelease + " WHERE b.stem = $1 ORDER BY r.id", .text(bulletin)) { (row) throws(StoreError) in
      try release(row)
    }
  }
  func releases(limit: Int) throws(StoreError) -> [ReleaseRecord] {
    try all(Self.selectRelease + " ORDER BY r.id DESC LIMIT $1", .integer(limit)) { (row) throws(StoreError) in
      try release(row)
    }
  }
}
