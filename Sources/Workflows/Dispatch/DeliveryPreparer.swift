// Before every attempt: is the site's data still what was imported, does the decision still hold, and what message does
// this reader get? (release-policy.md: evaluated at every send attempt, never frozen.) Composes; never sends.

import Bulletins
package import Distribution
import Mail
import Markings
package import Outbox
import Rendering
package import Store
import Synchronization

package final class DeliveryPreparer: AttemptPreparer {
  private let files: FolderOnDisk
  private let store: any UnitOfWork
  private let carriers: Carriers
  private let keys: EndpointKeys
  private let secret: SiteSecret
  private let state: Mutex<State>
  private let look: Mutex<Look>

  private struct State {
    /// nil: its files could not be used when it began.
    var site: SiteState?
    var releases: [Int64: any PreparedRows] = [:]
    var digests: DigestComposer?

    func usable() throws -> SiteState {
      guard let site else { throw FindingsFailure("the site's files cannot be used", []) }
      return site
    }
  }

  /// What attempts were decided by at the last look.
  private struct Look {
    var number = 0
    var files: FolderFingerprint
    var suppressions: SuppressionMark?
    var problem: (found: UnusableSite, at: Moment)?
  }
  /// Files that cannot be used are read again after so long even if they look the same: permissions may have changed.
  private static let patience = Moment.Span.seconds(10)

  /// - Parameters:
  ///   - keys: those that sign for webhook endpoints; nil makes them of the secret.
  ///   - secret: the site's.
  ///   - waitsForSite: files that cannot be used are told by `grounds`, until they can, in place of an error now.
  /// - Throws: `FindingsFailure` when lists, policy or templates have errors: the store then knows that sending has
  ///   stopped.
  package init(
    files: FolderOnDisk, store: any UnitOfWork, carriers: Carriers, keys: EndpointKeys? = nil,
    secret: SiteSecret, waitsForSite: Bool = false, now: Moment
  ) throws {
    self.files = files
    self.store = store
    self.carriers = carriers
    self.keys = keys ?? EndpointKeys(store: store, files: files) { secret }
    self.secret = secret
    var look = Look(files: FolderFingerprint(files))
    var site: SiteState?
    do {
      let read = try SiteState(files, store, secret, now: now)
      try self.keys.importMissing(read.workspace.lists.endpoints.map(\.value), now: now)
      site = read
    } catch {
      guard waitsForSite, let found = UnusableSite(error) else { throw error }
      look.problem = (found, now)
    }
    state = Mutex(State(site: site))
    self.look = Mutex(look)
  }

  /// Whether the site has an endpoint for webhooks, or may have one.
  package var hasEndpoints: Bool { state.withLock { $0.site?.workspace.lists.endpoints.isEmpty != true } }

  package func grounds(now: Moment) throws -> Int {
    let seen = FolderFingerprint(files)
    let suppressions = try store.read { try $0.suppressionMark() }
    return try look.withLock { look in
      if suppressions != look.suppressions {
        look.suppressions = suppressions
        look.number += 1
      }
      let isOverdue = look.problem.map { now - $0.at >= Self.patience || now < $0.at } ?? false
      if seen != look.files || isOverdue {
        do {
          try state.withLock { state in
            // What an attempt has read meanwhile need not be read again.
            if state.site?.isOf(seen) != true || look.problem != nil {
              try take(SiteState(files, store, secret, now: now), &state, now: now)
            }
          }
          look.problem = nil
        } catch {
          guard let found = UnusableSite(error) else { throw error }
          look.problem = (found, now)
        }
        look.files = seen
        look.number += 1
      }
      if let problem = look.problem { throw problem.found }
      return look.number
    }
  }

  private func take(_ fresh: SiteState, _ state: inout State, now: Moment) throws {
    state.site = fresh
    state.releases = [:]
    state.digests = nil
    try keys.importMissing(fresh.workspace.lists.endpoints.map(\.value), now: now)
  }

  package func prepare(_ rows: [ClaimedDelivery], now: Moment) throws -> [PreparedAttempt] {
    do { return try prepared(rows, now: now) } catch { throw UnusableSite(error) ?? error }
  }

  private func prepared(_ rows: [ClaimedDelivery], now: Moment) throws -> [PreparedAttempt] {
    try state.withLock { state in
      if let fresh = try state.site?.refreshed(files, store, secret, now: now) { try take(fresh, &state, now: now) }
      let digests = try prepareDigests(rows.filter { $0.digest != nil }, &state, now: now)
      var answers: [PreparedAttempt] = []
      answers.reserveCapacity(rows.count)
      // Rows of one release stand together: each run is decided in one round.
      var start = 0
      while start < rows.count {
        if rows[start].digest != nil {
          answers.append(digests[rows[start].id] ?? .expire)
          start += 1
          continue
        }
        var end = start + 1
        while end < rows.count, rows[end].release == rows[start].release, rows[end].digest == nil { end += 1 }
        do {
          let release = try release(rows[start].release, &state)
          answers += try release.prepare(rows[start..<end], now: now, store: store)
        } catch let problem as UnusableRelease {
          // Its messages are held with the reason; other releases go on.
          let failure = Failure(stage: .compose, text: problem.message)
          answers += rows[start..<end].map { _ in .unsendable(failure) }
        }
        start = end
      }
      return try withoutSuppressed(answers, rows, state, now: now)
    }
  }

  /// Whatever is sent and why: an address that is out of use gets no mail, and the ledger says so; also what its reader
  /// holds and is now told nothing of.
  private func withoutSuppressed(
    _ answers: [PreparedAttempt], _ rows: [ClaimedDelivery], _ state: State, now: Moment
  ) throws -> [PreparedAttempt] {
    func address(_ answer: PreparedAttempt) -> String? { if case .send(let mail) = answer { mail.to } else { nil } }
    // Webhooks have no address: the store is not asked.
    guard answers.contains(where: { address($0) != nil }) else { return answers }
    let suppressed = try store.read {
      try $0.suppressions(among: { answers.compactMap { address($0).map(AddressKey.of) } }, at: now)
    }
    guard !suppressed.isEmpty else { return answers }
    let workspace = try state.usable().workspace
    return try zip(answers, rows).map { answer, row in
      guard let address = address(answer), let found = suppressed[AddressKey.of(address)] else { return answer }
      let why = Reason(.noChannel, words: SuppressionWords.of(found, zone: workspace.site.zone))
      var decision = SharedDecision(.withheld, row.channel, reasons: [why], by: workspace.policy)
      decision.add(state.releases[row.release]?.held(by: row.reader))
      return .withhold(decision: try store.write { try $0.insert(decision: decision, release: row.release) })
    }
  }

  private func leaveOutSuppressed(
    _ shares: inout [Int64: DigestShare], of rows: [ClaimedDelivery], _ state: State, now: Moment
  ) throws {
    let alone: [PreparedAttempt] = rows.map { row in
      switch shares[row.id] {
      case .part(_, let mail): .send(mail)
      case .other(let attempt): attempt
      case nil: .expire
      }
    }
    for (row, answer) in zip(rows, try withoutSuppressed(alone, rows, state, now: now)) {
      if case .part = shares[row.id], case .send = answer { continue }
      shares[row.id] = .other(answer)
    }
  }

  private func release(_ id: Int64, _ state: inout State) throws -> any PreparedRows {
    if let known = state.releases[id] { return known }
    let release = try PreparedRelease.rows(of: id, site: state.usable(), store: store, carriers: carriers, keys: keys)
    state.releases[id] = release
    return release
  }

  /// Each row is decided as if it went alone; what is left goes together.
  /// - Returns: by the id of a digest's first row.
  private func prepareDigests(
    _ digests: [ClaimedDelivery], _ state: inout State, now: Moment
  ) throws -> [Int64: PreparedAttempt] {
    guard !digests.isEmpty else { return [:] }
    var shares: [Int64: DigestShare] = [:]
    for (id, rows) in Dictionary(grouping: digests.flatMap(\.rows), by: \.release) {
      do {
        let release = try release(id, &state)
        for (row, share) in zip(rows, try release.digestParts(rows[...], now: now, store: store)) {
          shares[row.id] = share
        }
      } catch let problem as UnusableRelease {
        for row in rows { shares[row.id] = .other(.unsendable(Failure(stage: .compose, text: problem.message))) }
      }
    }
    try leaveOutSuppressed(&shares, of: digests.flatMap(\.rows), state, now: now)
    let composer = try state.digests ?? DigestComposer(state.usable())
    state.digests = composer
    var attempts: [Int64: PreparedAttempt] = [:]
    for digest in digests {
      var parts: [PreparedPart] = []
      var carried: [DigestComposer.Carried] = []
      func alone(_ row: ClaimedDelivery, _ attempt: PreparedAttempt) {
        if let single = ClaimedDelivery(together: [row]) { parts.append(PreparedPart(single, attempt)) }
      }
      for row in digest.rows {
        switch shares[row.id] {
        case .part(let part, let mail): carried.append(DigestComposer.Carried(row: row, part: part, alone: mail))
        case .other(let attempt): alone(row, attempt)
        case nil: alone(row, .expire)
        }
      }
      if !carried.isEmpty, let reader = try state.usable().readers[digest.reader] {
        do {
          parts += try composer.prepare(carried, for: reader)
        } catch let error as LayoutProblem {
          for one in carried { alone(one.row, .unsendable(Failure(layout: error))) }
        }
      }
      attempts[digest.id] = .split(parts)
    }
    return attempts
  }
}

/// The workspace as it was imported, and how to tell that it changed.
struct SiteState {
  let workspace: Workspace
  let readers: [String: Reader]
  /// Of return paths and acknowledgement links.
  let secret: SiteSecret
  /// Its number in the store.
  let snapshot: Int64
  private let fingerprint: FolderFingerprint
  private var checkedAt: Moment

  init(_ files: FolderOnDisk, _ store: any UnitOfWork, _ secret: SiteSecret, now: Moment) throws {
    self.secret = secret
    // Taken before reading: a change during the reading is seen at the next look.
    fingerprint = FolderFingerprint(files)
    checkedAt = now
    do {
      let settings = try WorkspaceLoading.settings(files)
      workspace = try WorkspaceLoading.load(files, settings: settings)
      let refusals = workspace.refusals(now: Instant(seconds: now.seconds))
      guard refusals.isEmpty else {
        throw FindingsFailure("lists, policy or templates have errors: nothing is sent by them", refusals)
      }
    } catch {
      let why =
        switch error {
        case let failure as FindingsFailure: failure.summary
        case let problem as WorkspaceProblem: "\(problem.path): \(problem.message)"
        default: "the site's files cannot be read"
        }
      try store.write { try $0.set(importFailure: why, at: now) }
      throw error
    }
    let imported = workspace
    snapshot = try store.write { session in
      let snapshot = try SiteImport.store(imported, session, by: "dispatch", at: now)
      try session.set(importFailure: nil, at: now)
      return snapshot
    }
    readers = Dictionary(workspace.lists.readers().map { ($0.id, $0) }) { first, _ in first }
  }

  /// The files need not be looked at yet.
  func isFresh(at now: Moment) -> Bool { now - checkedAt < .seconds(1) && now >= checkedAt }

  /// It was read when the files looked like this.
  func isOf(_ files: FolderFingerprint) -> Bool { fingerprint == files }

  /// nil when nothing changed; looks at most once a second.
  mutating func refreshed(
    _ files: FolderOnDisk, _ store: any UnitOfWork, _ secret: SiteSecret, now: Moment
  ) throws -> SiteState? {
    if isFresh(at: now) { return nil }
    // A failure leaves the time of the last look as it was: the next attempt looks again and never falls back.
    let fresh = FolderFingerprint(files) == fingerprint ? nil : try SiteState(files, store, secret, now: now)
    checkedAt = now
    return fresh
  }
}
