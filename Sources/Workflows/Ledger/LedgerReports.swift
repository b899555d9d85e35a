// What the ledger tells people: how releases stand, and the rows of one of them.

package import Store

package enum LedgerReports {
  /// The newest releases first.
  package static func statuses(limit: Int, in store: some UnitOfWork) throws -> [ReleaseStatus] {
    try store.read { session in
      try session.releases(limit: limit).compactMap { try session.status(release: $0.id) }
    }
  }

  /// - Parameter name: a serial (`CFC-OS-2026-0042`, with `-U1` for one version) or a bulletin's file stem, then its
  ///   newest release.
  /// - Throws: `notFound`.
  package static func release(named name: String, in store: some UnitOfWork) throws -> ReleaseRecord {
    try store.read { session in
      if let release = try session.release(serial: name) { return release }
      if let release = try session.releases(bulletin: name).last { return release }
      throw StoreError(.notFound, detail: "no release named \(name)")
    }
  }
}
