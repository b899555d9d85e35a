// What a person does with partner systems: give one a credential, renew it, take it back, end a lock-out, look at how all
// stand. What opens access is ordered by a release authority, as a release is. Words and exit codes are made elsewhere. A
// secret leaves here once, with what made it.

package import Distribution
package import Outbox
package import Store

/// Nothing was changed.
package struct PartnerProblem: Error, Hashable, Sendable {
  package enum Code: String, Hashable, Sendable, CaseIterable {
    /// No such reader, partner, credential or feed.
    case unknown
    case inactive
    case noCredential = "no-credential"
    case severalScopes = "several-scopes"
    case notLocked = "not-locked"
    /// Whoever orders it may not.
    case notAnAuthority = "not-an-authority"
  }
  package var code: Code
  package var message: String
  package var hint: String
  package init(_ code: Code, _ message: String, hint: String = "") {
    self.code = code
    self.message = message
    self.hint = hint
  }
}

package struct PartnerStanding: Sendable {
  package var partner: PartnerRecord
  /// nil: no reader of the lists any more; then it sees nothing.
  package var reader: Reader?
  /// The oldest first.
  package var credentials: [CredentialRecord]
}

/// A name or an address that gets 429 for now: too many wrong secrets.
package struct LockOut: Hashable, Sendable {
  /// `credential ab12..` or `address 192.0.2.7`.
  package var key: String
  package var credential: String?
  /// nil of an address, and of a name that no credential has.
  package var partner: String?
  package var until: Moment
  /// In a row: each is longer.
  package var times: Int
}

package struct CredentialOrder: Hashable, Sendable {
  /// Slugs; nil: every feed.
  package var feeds: [String]?
  package var allowsTaxii: Bool
  package var lifetime: Moment.Span
  /// nil: as it is, or the usual.
  package var requestsPerMinute: Int?
  package var by: String

  package init(
    feeds: [String]?, allowsTaxii: Bool, lifetime: Moment.Span, requestsPerMinute: Int? = nil, by: String
  ) {
    self.feeds = feeds
    self.allowsTaxii = allowsTaxii
    self.lifetime = lifetime
    self.requestsPerMinute = requestsPerMinute
    self.by = by
  }

  package static let usualRate = 600
}

package enum PartnerVerbs {
  package typealias Made = (shown: PartnerCredential, record: CredentialRecord)

  /// A reader becomes a partner, or a partner gets one more credential.
  package static func add(
    _ id: String, _ order: CredentialOrder, in workspace: Workspace, store: some UnitOfWork, now: Moment
  ) throws -> Made {
    guard let reader = workspace.lists.readers().first(where: { $0.id == id }) else {
      throw PartnerProblem(
        .unknown, "no reader has the id `\(id)`",
        hint: "a partner system is a reader of distribution-lists/stakeholders.yaml, best with `mailbox: system`")
    }
    guard reader.stakeholder.status == .active else {
      throw PartnerProblem(
        .inactive, "\(id) is not active: it would see nothing", hint: "see its `status` in the distribution lists")
    }
    let slugs = Set(["all", "cap"]).union(workspace.templates.keys).union(workspace.vocabulary.vocabulary.sectors)
    if let wrong = order.feeds?.first(where: { !slugs.contains($0) }) {
      throw PartnerProblem(
        .unknown, "there is no feed `\(wrong)`", hint: "feeds are all, cap, and the slugs of series and sectors")
    }
    try checkAuthority(order.by, in: workspace)
    let made = PartnerCredential.random()
    let feeds = order.feeds?.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    let record = try made.record(
      partner: id, feeds: feeds, allowsTaxii: order.allowsTaxii, by: order.by, at: now,
      expiresAt: now + order.lifetime)
    try store.write { session in
      let known = try session.partners().first { $0.id == id }
      let rate = order.requestsPerMinute ?? known?.requestsPerMinute ?? CredentialOrder.usualRate
      _ = try session.add(partner: id, requestsPerMinute: rate, by: order.by, at: now)
      try session.insert(credential: record)
      try session.audit(
        actor: order.by, action: known == nil ? "partner-added" : "partner-credential-added", subject: id,
        detail: "credential \(record.id) for \(scope(record)), \(rate) requests a minute", at: now)
    }
    return (made, record)
  }

  /// A new credential with the scope of those that it replaces, which go on beside it for the overlap.
  /// - Parameter name: a credential's id, to replace that one; or a partner's, to replace all that are open, which must
  ///   have one scope.
  package static func rotate(
    _ name: String, overlap: Moment.Span, lifetime: Moment.Span, by: String, in workspace: Workspace,
    store: some UnitOfWork, now: Moment
  ) throws -> Made {
    try checkAuthority(by, in: workspace)
    let made = PartnerCredential.random()
    // Once outside of the transaction: nobody waits for the hash.
    let hashed = try made.record(
      partner: name, feeds: nil, allowsTaxii: false, by: by, at: now, expiresAt: now + lifetime)
    return try store.write { session in
      let replaced = try named(name, session, now: now)
      guard let newest = replaced.last, replaced.allSatisfy({ $0.hasScope(of: newest) }) else {
        // One credential in the place of several would take feeds from some systems and open them to others.
        let scopes = replaced.map { "\($0.id) for \(scope($0))" }.joined(separator: "; ")
        throw PartnerProblem(
          .severalScopes, "\(name) has open credentials for different feeds: \(scopes)",
          hint: "renew each by its own id: `revere partners rotate CREDENTIAL`")
      }
      var record = hashed
      record.partner = newest.partner
      record.feeds = newest.feeds
      record.allowsTaxii = newest.allowsTaxii
      for credential in replaced { _ = try session.expire(credential: credential.id, at: now + overlap) }
      try session.insert(credential: record)
      try session.audit(
        actor: by, action: "partner-credential-rotated", subject: record.partner,
        detail: "credential \(record.id) for \(scope(record)); \(replaced.map(\.id).joined(separator: ", ")) "
          + "until \(overlap.milliseconds / 1_000) s later at most", at: now)
      return (made, record)
    }
  }

  /// - Parameter name: a credential's id, or a partner's for all that are open.
  /// - Returns: the credentials that were open.
  package static func revoke(
    _ name: String, by: String, reason: String, store: some UnitOfWork, now: Moment
  ) throws -> [CredentialRecord] {
    try store.write { session in
      let found = try named(name, session, now: now)
      for credential in found {
        _ = try session.revoke(credential: credential.id, by: by, at: now)
        try session.audit(
          actor: by, action: "partner-credential-revoked", subject: credential.partner,
          detail: "credential \(credential.id). \(reason)", at: now)
      }
      return found
    }
  }

  /// The same, but it ends at a time; one that ends sooner stays so.
  package static func expire(
    _ name: String, at end: Moment, by: String, store: some UnitOfWork, now: Moment
  ) throws -> [CredentialRecord] {
    try store.write { session in
      try named(name, session, now: now).map { credential in
        var credential = credential
        guard try session.expire(credential: credential.id, at: end) else { return credential }
        credential.expiresAt = end
        try session.audit(
          actor: by, action: "partner-credential-expires", subject: credential.partner,
          detail: "credential \(credential.id) ends at \(end.seconds)", at: now)
        return credential
      }
    }
  }

  /// Ends what a lock-out locks; whoever guessed may begin anew.
  /// - Parameter name: a partner's id for all its credentials, a credential's, or an address.
  /// - Returns: the lock-outs that are over.
  package static func unlock(
    _ name: String, by: String, in workspace: Workspace, store: some UnitOfWork, now: Moment
  ) throws -> [LockOut] {
    try checkAuthority(by, in: workspace)
    return try store.write { session in
      let address = "address \(PartnerGate.network(of: name))"
      let found = try lockOuts(session, now: now).filter {
        $0.partner == name || $0.credential == name || $0.key == address || $0.key == "address \(name)"
      }
      guard !found.isEmpty else {
        throw PartnerProblem(.notLocked, "`\(name)` is not locked out", hint: "see `revere partners list`")
      }
      for lockOut in found {
        _ = try session.lift(lockOut: lockOut.key, at: now)
        try session.audit(
          actor: by, action: "partner-unlocked", subject: lockOut.partner ?? "-", detail: lockOut.key, at: now)
      }
      return found
    }
  }

  /// Those that last, in order of key.
  package static func lockOuts(store: some UnitOfWork, now: Moment) throws -> [LockOut] {
    try store.read { try lockOuts($0, now: now) }
  }

  private static func lockOuts(_ session: any StoreSession, now: Moment) throws -> [LockOut] {
    try session.accessFailures().compactMap { entry in
      guard let until = entry.lockedUntil, now < until else { return nil }
      let prefix = "credential "
      let credential = entry.key.hasPrefix(prefix) ? String(entry.key.dropFirst(prefix.count)) : nil
      return LockOut(
        key: entry.key, credential: credential, partner: try credential.flatMap { try session.credential($0)?.partner },
        until: until, times: entry.lockOuts)
    }
  }

  /// The rule of `revere release` and `revere recall`: what is released, or given to a partner, is read by others.
  private static func checkAuthority(_ by: String, in workspace: Workspace) throws {
    do {
      try ReleaseGates.checkPersons(by: by, second: nil, in: workspace)
    } catch let refusal as ReleaseRefusal {
      throw PartnerProblem(.notAnAuthority, refusal.message, hint: refusal.hint)
    }
  }

  /// In order of id.
  package static func standings(_ workspace: Workspace, store: some UnitOfWork) throws -> [PartnerStanding] {
    let (partners, credentials) = try store.read { session in
      (try session.partners(), Dictionary(grouping: try session.credentials(partner: nil), by: \.partner))
    }
    let wanted = Set(partners.map(\.id))
    let readers = Dictionary(
      workspace.lists.readers().filter { wanted.contains($0.id) }.map { ($0.id, $0) }
    ) { first, _ in first }
    return partners.map {
      PartnerStanding(partner: $0, reader: readers[$0.id], credentials: credentials[$0.id] ?? [])
    }
  }

  private static func open(
    _ partner: String, _ session: any StoreSession, now: Moment
  ) throws -> [CredentialRecord] {
    guard try session.partners().contains(where: { $0.id == partner }) else {
      throw PartnerProblem(.unknown, "there is no partner `\(partner)`", hint: "see `revere partners list`")
    }
    return try session.credentials(partner: partner).filter { $0.isOpen(at: now) }
  }

  private static func named(
    _ name: String, _ session: any StoreSession, now: Moment
  ) throws -> [CredentialRecord] {
    let found: [CredentialRecord]
    if let credential = try session.credential(name) {
      found = credential.isOpen(at: now) ? [credential] : []
    } else {
      found = try open(name, session, now: now)
    }
    guard !found.isEmpty else {
      throw PartnerProblem(
        .noCredential, "`\(name)` has no credential that is open", hint: "see `revere partners list`")
    }
    return found
  }

  private static func scope(_ credential: CredentialRecord) -> String {
    (credential.feeds?.joined(separator: ", ") ?? "every feed") + (credential.allowsTaxii ? ", TAXII" : "")
  }
}

extension CredentialRecord {
  fileprivate func hasScope(of other: CredentialRecord) -> Bool {
    allowsTaxii == other.allowsTaxii && feeds.map(Set.init) == other.feeds.map(Set.init)
  }
}
