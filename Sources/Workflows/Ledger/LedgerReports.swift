// What the ledger tells people: how releases stand, and the rows of one of them.

package import Store

package enum LedgerReports {
  /// The newest releases first.
  package static func statuses(limit: Int, in store: some UnitOfWork) throws -> [ReleaseStatus] {
    try store.read { session in
      try session.releases(limit: limit).compactMap { try session.status(release: $0.id) }
    }
  }

  /// One release, and the recall or early end of its bulletin after it.
  /// - Throws: `notFound`.
  package static func statuses(named name: String, in store: some UnitOfWork) throws -> [ReleaseStatus] {
    let release = try release(named: name, in: store)
    return try store.read { session in
      let ends = try session.releases(bulletin: release.bulletin).filter {
        !$0.kind.bringsRevision && $0.id > release.id
      }
      return try ([release] + ends).compactMap { try session.status(release: $0.id) }
    }
  }

  /// - Parameter name: a serial (`CFC-OS-2026-0042`, with `-U1` for one version, with `-recall` or `-expiry` for the
  ///   notices of its end) or a bulletin's file stem, then its newest release.
  /// - Throws: `notFound`.
  package static func release(named name: String, in store: some UnitOfWork) throws -> ReleaseRecord {
    try store.read { session in
      if let release = try session.release(serial: name) { return release }
      if let release = try session.releases(bulletin: name).last { return release }
      for kind in [ReleaseKind.recall, .expiry] where name.hasSuffix("-\(kind.rawValue)") {
        guard let version = try session.release(serial: String(name.dropLast(kind.rawValue.count + 1))) else {
          continue
        }
        if let end = try session.releases(bulletin: version.bulletin).last(where: { $0.kind == kind }) { return end }
      }
      throw StoreError(.notFound, detail: "no release named \(name)")
    }
  }
}

extension ReleaseRecord {
  /// By which people name it: the serial; for a recall or an early end, whose serial is the bulletin's, with its kind.
  package var name: String { kind.bringsRevision ? serial : "\(serial)-\(kind.rawValue)" }
}
