// The release: check, decide, allocate the serial, render, write the ledger. One transaction: either all of it
// happened or none, a serial included. Nothing is sent here.

import Authoring
import Bulletins
package import Distribution
import Mail
package import Markings
import Outbox
import Rendering
package import Store

package enum ReleaseBulletin {
  /// - Parameters:
  ///   - carriers: what the center can send by.
  ///   - clock: asked before the check, and again for the release's time once nobody else can write: of two people who
  ///     release at once, the second to be in the ledger is the later one.
  ///   - progress: called now and then with the rows written so far.
  /// - Throws: `ReleaseRefusal` when it may not be released, `StoreError`, `LayoutProblem`; nothing was changed then.
  package static func run(
    _ file: BulletinFile, in workspace: Workspace, order: ReleaseOrder, carriers: Carriers, store: some UnitOfWork,
    now clock: @autoclosure () -> Instant, progress: (Int) -> Void = { _ in }
  ) throws -> ReleaseSummary {
    do {
      let now = clock()
      let around = try store.read { session in
        CheckSurroundings(
          carriers: try carriers.serving(
            order.kind, workspace.lists, disabled: EndpointDirectory.disabled(session)),
          recorded: RecordedDecisions.effective(
            try session.recordedDecisions(revisionHash: file.hash), authorities: workspace.site.releaseAuthorities,
            now: now
          ).joined(order.decisions),
          lastIssues: try LastIssues.of(workspace, session))
      }
      try ReleaseGates.check(file, in: workspace, order: order, around: around, now: now)
    } catch let refusal as ReleaseRefusal where refusal.code == .spillage {
      try store.write {
        try $0.audit(
          actor: order.by, action: "spillage-refused", subject: file.stem, detail: refusal.message,
          at: Moment(seconds: clock().seconds))
      }
      throw refusal
    }
    guard let layouts = workspace.layouts else {
      throw ReleaseRefusal(.findings, "templates/layouts or templates/notices cannot be used")
    }
    return try store.write { session in
      let now = clock()
      let carriers = try carriers.serving(
        order.kind, workspace.lists, disabled: EndpointDirectory.disabled(session))
      let before = RecordedDecisions.effective(
        try session.recordedDecisions(revisionHash: file.hash), authorities: workspace.site.releaseAuthorities,
        now: now)
      let (revision, ignored) = RevisionBuilding.revision(
        file, in: workspace, recorded: before.joined(order.decisions), now: now)
      try ReleaseGates.refuseLostDecisions(revision, of: file.stem, order, in: workspace, session, now: now)
      var draft = try ReleaseDraft(file, revision, workspace, layouts, order, session, now: now)
      try draft.refuseHollow(carriers)
      try draft.refuseGap(session)
      var summary = try draft.write(carriers, session, progress: progress)
      summary.ignored = ignored
      return summary
    }
  }
}

/// One release while its transaction is open.
private struct ReleaseDraft {
  let file: BulletinFile
  let workspace: Workspace
  let order: ReleaseOrder
  let now: Instant
  let moment: Moment
  let release: NewRelease
  let assembly: ProductAssembly
  /// The digest that it can wait for; nil where nobody's waits.
  let digest: Moment?
  /// Earlier versions, and those of the bulletin whose place it takes: what of them has not gone out never will.
  let superseded: [Int64]
  /// `not-before` is still to come.
  private let isScheduled: Bool
  private let replacement: Replacement?
  /// Who may hold one of them.
  private let copies: EarlierCopies
  private let layouts: Layouts
  private var stored: [String: (id: Int64, line: ReleaseSummary.Line)] = [:]
  private var decisions: [SharedDecision: Int64] = [:]
  private var summary: ReleaseSummary

  init(
    _ file: BulletinFile, _ revision: Revision, _ workspace: Workspace, _ layouts: Layouts, _ order: ReleaseOrder,
    _ session: any StoreSession, now: Instant
  ) throws {
    self.file = file
    self.workspace = workspace
    self.order = order
    self.now = now
    moment = Moment(seconds: now.seconds)
    let site = workspace.site
    let front = revision.document.frontMatter
    let window = revision.window(in: site)
    isScheduled = (window.notBefore?.seconds ?? 0) > now.seconds
    self.layouts = layouts
    let own = try session.releases(bulletin: file.stem)
    replacement = try Replacement.named(by: file, own: own, session)
    copies = try EarlierCopies(file.stem, replacing: replacement?.bulletin, session)
    let earlier = own.filter(\.kind.bringsRevision)
    superseded = copies.releases.map(\.id)
    let succession = try Succession(own, order: order, hash: file.hash, zone: site.zone, now: now)
    let serial = try succession.serial(
      prefix: site.serialPrefix, template: revision.template, year: CivilTime(now, in: site.zone).date.year, session)
    let snapshot = try SiteImport.store(workspace, session, by: order.by, at: moment)
    let lane = Lane(front.urgency ?? revision.template.urgency)
    let hold = workspace.settings.delivery.hold[front.urgency ?? revision.template.urgency] ?? 0
    assembly = ProductAssembly(
      revision, pictures: file.pictures, workspace: workspace, layouts: layouts, serial: serial.description,
      releasedAt: now, relation: replacement?.relation ?? succession.relation)
    let whole = RollUp.banner(assembly.decider.labels.portions.flatMap(\.marks), scheme: front.scheme)
    release = NewRelease(
      bulletin: file.stem, series: front.series, revisionHash: file.hash,
      files: [StoredFile(name: file.stem + ".md", hash: RevisionHash.sha256(file.bytes), bytes: file.bytes)]
        + file.files.map { StoredFile(name: $0.name, hash: RevisionHash.sha256($0.bytes), bytes: $0.bytes) },
      serial: serial, version: earlier.count + 1, kind: order.kind, predecessor: earlier.last?.id,
      replaces: replacement?.bulletin, by: order.by, second: order.second, at: moment, reason: order.reason,
      title: front.shortTitle.text, banner: whole?.text ?? "",
      lane: lane, onUncertain: revision.template.onUncertain == .resend ? .resend : .hold,
      startsAt: Moment(seconds: max(now.seconds + Int64(hold), window.notBefore?.seconds ?? 0)),
      lifetimeEnd: Moment(seconds: window.expires?.seconds ?? now.seconds), policyName: workspace.policy.name,
      policyVersion: workspace.policy.version, policyHash: workspace.policy.hash, snapshot: snapshot)
    let next = workspace.settings.delivery.digestAt.next(from: release.startsAt, workspace.settings.clock)
    // A digest is one message of many bulletins and has no reader's link: what must be acknowledged goes alone.
    let goesAlone = AcknowledgementLink.base(site, revision.template) != nil
    digest = !goesAlone && DigestTime.waits(lane, at: next, lifetimeEnd: release.lifetimeEnd) ? next : nil
    summary = ReleaseSummary(
      serial: serial.description, replaces: replacement?.serial, release: 0, at: moment, startsAt: release.startsAt,
      lines: [],
      withheld: [:], readers: 0, ignored: [])
  }

  /// At once means that nobody may be left with a hollow variant unless a person accepted the section (D05).
  func refuseHollow(_ carriers: Carriers) throws {
    guard release.lane == .immediate else { return }
    let accepted = assembly.decider.revision.decisions.acceptHollow
    var hollow: [String: Int] = [:]
    for row in planner(carriers).rows(workspace.lists.readers(), now: max(now, start)) {
      for reason in row.decision.reasons where reason.code == .hollow {
        if let section = reason.argument, !accepted.contains(section) { hollow[section, default: 0] += 1 }
      }
    }
    guard let first = hollow.keys.sorted().first else { return }
    throw ReleaseRefusal(
      .hollow, "urgency immediate, and \(hollow[first] ?? 0) readers of its lists would get an empty section \(first)",
      hint:
        "write a tear line, or accept it with --accept-hollow \(hollow.keys.sorted().joined(separator: " --accept-hollow "))"
    )
  }

  /// What waits of an earlier version is cancelled by this release, and this one goes only later: between the two its
  /// readers would have neither. A correction may leave them so: what it mends must not go any more.
  func refuseGap(_ session: any StoreSession) throws {
    guard isScheduled, order.kind != .correction else { return }
    var waiting = 0
    for earlier in copies.releases where earlier.startsAt < release.startsAt {
      try session.deliveries(release: earlier.id, states: [.pending, .leased, .deferred]) { row in
        // What is held waits for a person, and goes no sooner.
        if row.held == nil { waiting += 1 }
        return true
      }
    }
    guard waiting > 0 else { return }
    throw ReleaseRefusal(
      .gap,
      "\(waiting) deliveries of an earlier version still wait; they would be cancelled now, and this version goes "
        + "only at \(start.rfc3339(in: workspace.site.zone))",
      hint: "release it when they have gone (`revere status`), or without `not-before`; if what they bring must not go "
        + "any more, make it a correction")
  }

  /// Decisions are made for the time when the first message may go.
  private var start: Instant { Instant(seconds: release.startsAt.seconds) }

  private func planner(_ carriers: Carriers) -> PushPlanner {
    PushPlanner(assembly.decider, lists: workspace.lists.lists.map(\.list), carriers: carriers)
  }

  mutating func write(
    _ carriers: Carriers, _ session: any StoreSession, progress: (Int) -> Void
  ) throws -> ReleaseSummary {
    let id = try session.insert(release: release)
    summary.release = id
    for earlier in superseded { summary.cancelled += try session.cancel(release: earlier, at: moment) }
    if let replacement {
      try session.audit(
        actor: order.by, action: "replaced", subject: replacement.serial,
        detail: "\(summary.serial) takes its place, \(summary.cancelled) rows cancelled", at: moment)
    }
    if order.decisions != .none || !order.acceptedRules.isEmpty { try record(session) }
    let at = max(now, start)
    let readers = workspace.lists.readers()
    let rows = planner(carriers).rows(readers, now: at)
    let round = assembly.decider.round(at: at)
    // Who may hold an earlier version and is not sent this one is told that it does not count any more.
    let disabled = try EndpointDirectory.disabled(.expiry, workspace.lists, session)
    let life = try LifeNotices(
      copies, in: workspace, layouts: layouts,
      carriers: carriers.serving(.expiry, workspace.lists, disabled: Set(disabled.values.map(\.id))),
      disabled: disabled, session)
    var notices = NoticeRows(life, .withdrawn, release: id, policy: workspace.policy, now: now)
    let unlisted = unlisted(rows, readers)
    var gone = unlisted[...]
    var waiting: ArraySlice<NewDelivery> = []
    var index = 0
    _ = try session.enqueue(release: id, decidedAt: moment) {
      while waiting.isEmpty, index < rows.count {
        let row = rows[index]
        index += 1
        if index % 5_000 == 0 { progress(index) }
        guard isLeftBehind(row) else { return try delivery(row, round, id, carriers, session) }
        waiting =
          try notices.deliveries(for: row.reader.id, row.reader, because: row.decision.reasons.sorted(), session)[...]
      }
      while waiting.isEmpty, let (id, reader) = gone.popFirst() {
        waiting = try notices.deliveries(for: id, reader, session)[...]
      }
      return waiting.popFirst()
    }
    try notices.hold(session)
    summary.leftBehind = notices.readers
    summary.readers = rows.count + unlisted.count
    for (reasons, count) in notices.unreachable { summary.withheld[reasons, default: 0] += count }
    summary.lines = (stored.values.map(\.line) + notices.lines.values)
      .sorted { ($0.kind.rawValue, $1.readers) > ($1.kind.rawValue, $0.readers) }
    try session.audit(
      actor: order.by, action: release.kind.rawValue, subject: summary.serial,
      detail: "\(file.stem) \(file.hash), \(rows.count) readers"
        + (order.second.map { ", with \($0)" } ?? "") + ". \(order.reason)", at: moment)
    return summary
  }

  /// Is sent nothing of this version, may hold an earlier one, and has not been told yet that it does not count.
  private func isLeftBehind(_ row: PushRow) -> Bool {
    guard row.endpoint == nil || !row.decision.reasons.isEmpty else { return false }
    return copies.newest(of: row.reader.id) != nil && !copies.knowsOfTheEnd(row.reader.id)
  }

  /// The same of those whom the lists do not bring any more.
  private func unlisted(_ rows: [PushRow], _ readers: [Reader]) -> [(id: String, reader: Reader?)] {
    let holders = copies.readers
    guard !holders.isEmpty else { return [] }
    let pushed = Set(rows.lazy.map(\.reader.id))
    let known = Dictionary(readers.map { ($0.id, $0) }) { first, _ in first }
    return holders.filter { !pushed.contains($0) && !copies.knowsOfTheEnd($0) }.map { (id: $0, reader: known[$0]) }
  }

  private func record(_ session: any StoreSession) throws {
    let decided = order.decisions
    try session.insert(
      recorded: RecordedDecision(
        bulletin: file.stem, revisionHash: file.hash, publicRelease: decided.publicRelease,
        privateRelease: decided.privateRelease, foreignRelease: decided.foreignRelease.sorted(),
        consents: decided.consents.sorted(), acceptHollow: decided.acceptHollow.sorted(),
        acceptRules: order.acceptedRules.sorted(), by: order.by, at: moment, reason: order.reason))
  }

  private mutating func delivery(
    _ row: PushRow, _ round: DecisionRound, _ release: Int64, _ carriers: Carriers, _ session: any StoreSession
  ) throws -> NewDelivery {
    let hasPortal = row.reader.stakeholder.channels.contains(.portal)
    let channel = row.endpoint.flatMap { DeliveryChannel(rawValue: $0.channel.rawValue) } ?? .none
    var variant: Int64?
    var outcome = SharedDecision.Outcome.withheld
    switch (row.decision, row.endpoint) {
    case (.full(let key), .some(let endpoint)):
      variant = try store(key, endpoint, hasPortal: hasPortal, release, session)
      outcome = .full
    case (.notice(let why), .some(let endpoint)):
      if let content = round.notice(why, to: row.reader, endpoint.channel) {
        variant = try store(content, hasPortal: hasPortal, release, session)
        outcome = .notice
      }
    default: break
    }
    let reasons = row.decision.reasons.sorted()
    if outcome == .withheld {
      summary.withheld[reasons.map(\.machine).joined(separator: ", "), default: 0] += 1
    }
    let decision = SharedDecision(
      outcome: outcome, channel: channel, variant: variant, reasons: reasons.map(\.machine),
      words: reasons.map(\.words), policyName: workspace.policy.name, policyVersion: workspace.policy.version,
      policyHash: workspace.policy.hash)
    let id: Int64
    if let known = decisions[decision] {
      id = known
    } else {
      id = try session.insert(decision: decision, release: release)
      decisions[decision] = id
    }
    let hook = channel == .webhook ? carriers.webhooks[row.reader.id]?.id : nil
    return NewDelivery(
      reader: row.reader.id, address: hook ?? row.reader.stakeholder.email ?? "",
      format: row.reader.stakeholder.format == .text ? .text : .html, decision: id,
      decisionHash: round.digest(
        row.reader, row.endpoint ?? Endpoint(.emailPlain), listCeiling: row.listCeiling),
      digest: outcome != .withheld && channel.isEmail && row.reader.stakeholder.pace == .digest ? digest : nil)
  }

  private mutating func store(
    _ key: VariantKey, _ endpoint: Endpoint, hasPortal: Bool, _ release: Int64, _ session: any StoreSession
  ) throws -> Int64 {
    let name = StoredProduct.key(key, assembly.decider, hasPortal: hasPortal)
    if let known = stored[name] { return count(name, known.id) }
    guard let made = try assembly.variant(key, channel: endpoint.channel, hasPortal: hasPortal) else {
      throw ReleaseRefusal(.nobody, "a variant without a title was decided", hint: "this is a fault of revere")
    }
    let content = StoredProduct.content(
      key: name, kind: .variant, cut: key.cut, titleForm: made.variant.titleForm.rawValue,
      subject: assembly.decider.subject(key, endpoint.channel).title, made.rendered)
    return try keep(content, release, session)
  }

  private mutating func store(
    _ notice: NoticeContent, hasPortal: Bool, _ release: Int64, _ session: any StoreSession
  ) throws -> Int64 {
    let name = StoredProduct.key(notice, hasPortal: hasPortal)
    if let known = stored[name] { return count(name, known.id) }
    let content = StoredProduct.content(
      key: name, kind: .notice, cut: false, titleForm: notice.title.form.rawValue, subject: notice.title.title,
      try assembly.notice(notice, hasPortal: hasPortal))
    return try keep(content, release, session)
  }

  private mutating func keep(_ content: VariantContent, _ release: Int64, _ session: any StoreSession) throws -> Int64 {
    let id = try session.insert(variant: content, release: release)
    stored[content.key] = (
      id,
      ReleaseSummary.Line(
        key: content.key, kind: content.kind, banner: content.banner, cut: content.cut, readers: 1)
    )
    return id
  }

  private mutating func count(_ name: String, _ id: Int64) -> Int64 {
    stored[name]?.line.readers += 1
    return id
  }
}

extension Lane {
  init(_ urgency: Urgency) {
    switch urgency {
    case .immediate: self = .immediate
    case .priority: self = .priority
    case .routine: self = .routine
    }
  }
}
