// The end of a bulletin by a person's order: recalled (it was wrong, or should not have gone out) or expired before its
// time. One transaction: whatever has not gone out is cancelled, and a notice is written for everybody who was sent a
// version or may have been. Nothing is sent here.

import Bulletins
package import Distribution
package import Markings
import Outbox
package import Store

package struct EndOrder: Hashable, Sendable {
  /// `recall` or `expiry`.
  package var kind: ReleaseKind
  /// A release authority's reader id.
  package var by: String
  /// A second person, who must be another one.
  package var second: String?
  package var reason: String
  package init(_ kind: ReleaseKind, by: String, second: String? = nil, reason: String) {
    self.kind = kind
    self.by = by
    self.second = second
    self.reason = reason
  }
}

package struct EndSummary: Hashable, Sendable {
  /// The bulletin's, without a version.
  package var serial: String
  package var release: Int64
  /// Rows of versions and notices that had not gone out and never will.
  package var cancelled: Int
  /// Readers who hold a version or may, or hold one of a bulletin whose place it took.
  package var holders: Int
  /// Partner systems that pulled a version, by its title at least.
  package var pulledBy: Int
  /// Those of them, by id, whose feeds will not tell them that it is over: a person must. The feeds of the others say so.
  package var untold: [String: FeedHindrance] = [:]
  package var lines: [ReleaseSummary.Line]
  /// Holders who cannot be told by what hinders it: a person must see to them.
  package var unreachable: [String: Int]
  /// Holders whose endpoint is disabled: their notice for it is held until a person enables it.
  package var held: Int
}

package enum EndBulletin {
  /// - Parameters:
  ///   - name: a serial, or the bulletin's name. A serial of the first or the newest version means the bulletin with
  ///     all its versions.
  ///   - clock: asked once nobody else can write, as by `ReleaseBulletin`.
  /// - Throws: `StoreError` `notFound`; `ReleaseRefusal` when it may not be ended; nothing was changed then.
  package static func run(
    _ name: String, in workspace: Workspace, order: EndOrder, carriers: Carriers, store: some UnitOfWork,
    now clock: @autoclosure () -> Instant, progress: (Int) -> Void = { _ in }
  ) throws -> EndSummary {
    try ReleaseGates.checkPersons(by: order.by, second: order.second, in: workspace)
    guard !order.reason.allSatisfy(\.isWhitespace) else {
      throw ReleaseRefusal(
        .noReason, "a \(order.kind == .recall ? "recall" : "bulletin that is ended early") needs a reason",
        hint: "give it with --reason \"..\"; it is kept in the audit log and never sent")
    }
    guard let layouts = workspace.layouts else {
      throw ReleaseRefusal(.findings, "templates/layouts or templates/notices cannot be used")
    }
    var (ended, pulledBy, at) = try store.write { session in
      let now = clock()
      let standing = try Standing(named: name, session)
      try standing.check(order.kind, zone: workspace.site.zone, now: now)
      let copies = try EarlierCopies(standing.newest.bulletin, session)
      let disabled = try EndpointDirectory.disabled(order.kind, workspace.lists, session)
      let carriers = carriers.serving(order.kind, workspace.lists, disabled: Set(disabled.values.map(\.id)))
      let life = try LifeNotices(
        copies, in: workspace, layouts: layouts, carriers: carriers, disabled: disabled, session)
      return try write(standing, order, workspace, life, session, now: now, progress: progress)
    }
    // The end stands whatever becomes of this.
    ended.untold = FeedHindrance.found(of: pulledBy, serial: ended.serial, in: workspace, store: store, now: at)
    return ended
  }

  private static func write(
    _ standing: Standing, _ order: EndOrder, _ workspace: Workspace, _ life: LifeNotices, _ session: any StoreSession,
    now: Instant, progress: (Int) -> Void
  ) throws -> (EndSummary, pulledBy: Set<String>, at: Instant) {
    let moment = Moment(seconds: now.seconds)
    let newest = standing.newest
    let isRecall = order.kind == .recall
    guard let serial = Serial(life.copies.serial) else {
      throw StoreError(.corrupt, detail: "`\(life.copies.serial)` is no serial")
    }
    let snapshot = try SiteImport.store(workspace, session, by: order.by, at: moment)
    let release = try session.insert(
      release: NewRelease(
        bulletin: newest.bulletin, series: newest.series, revisionHash: newest.revisionHash, files: [], serial: serial,
        version: newest.version, kind: order.kind, predecessor: standing.last.id, by: order.by, second: order.second,
        at: moment, reason: order.reason, title: newest.title, banner: newest.banner,
        // A recall overtakes everything, and better twice than never.
        lane: isRecall ? .immediate : newest.lane, onUncertain: isRecall ? .resend : newest.onUncertain,
        startsAt: moment, lifetimeEnd: max(newest.lifetimeEnd, moment + .hours(7 * 24)),
        policyName: workspace.policy.name, policyVersion: workspace.policy.version,
        policyHash: workspace.policy.hash, snapshot: snapshot))
    var cancelled = 0
    var pulledBy: Set<String> = []
    for earlier in standing.all {
      pulledBy.formUnion(try session.pulls(release: earlier.id).filter { !$0.kind.isEnd }.map(\.partner))
      cancelled += try session.cancel(release: earlier.id, at: moment)
      // What a pause of an earlier version held is cancelled; what tells of its end must not wait for it.
      try session.resume(scope: .release, name: earlier.serial)
    }
    let readers = Dictionary(workspace.lists.readers().map { ($0.id, $0) }) { first, _ in first }
    var rows = NoticeRows(
      life, isRecall ? .recalled : .expired, release: release, policy: workspace.policy, now: now)
    var holders = life.copies.holders[...]
    var waiting: ArraySlice<NewDelivery> = []
    _ = try session.enqueue(release: release, decidedAt: moment) {
      while waiting.isEmpty, let holder = holders.popFirst() {
        waiting = try rows.deliveries(for: holder, readers[holder], session)[...]
        if rows.readers % 5_000 == 0 { progress(rows.readers) }
      }
      return waiting.popFirst()
    }
    try rows.hold(session)
    try session.audit(
      actor: order.by, action: isRecall ? "recall" : "expire", subject: life.copies.serial,
      detail:
        "\(newest.bulletin) as \(newest.serial), \(cancelled) rows cancelled, \(rows.readers) readers to be told, "
        + "pulled by \(pulledBy.count) partner systems"
        + (order.second.map { ", with \($0)" } ?? "") + ". \(order.reason)", at: moment)
    let summary = EndSummary(
      serial: life.copies.serial, release: release, cancelled: cancelled, holders: rows.readers,
      pulledBy: pulledBy.count,
      lines: rows.lines.values.sorted { ($1.readers, $0.key) < ($0.readers, $1.key) }, unreachable: rows.unreachable,
      held: rows.waiting.count)
    return (summary, pulledBy, now)
  }
}
