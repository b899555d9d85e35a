// One run of a worker, turn by turn, on one thread: gather receipts and composed rows, choose what begins next, commit
// all of it with the next claim in one transaction, hand over. Carries out; what a failure means is Outbox's.

import Foundation
import Mail
import Outbox
import Store

struct DispatchRun {
  /// Rows claimed and not yet begun, composed or not: enough for the ledger to stay ahead of the loop.
  private static let stockLimit = 512
  /// What is claimed lengthens the commit, and while that lasts the loop has no more than a window to send.
  private static let claimBatch = 64
  /// Few outcomes wait up to so many milliseconds for company, while the loop has work: a commit costs a sync.
  private static let patience: Int64 = 2

  private let worker: DispatchWorker
  private let once: Bool
  private var stock: DispatchStock
  private var window: SendingWindow
  /// Begun, by number.
  private var begun: [Int64: PreparedRow] = [:]
  private var outcomes: [DeliveryOutcome] = []
  private var alerts: [RelayAlert] = []
  private var refusals = MessageRefusals()
  private var rated = RateDeferrals()
  private var claimAt: Moment
  private var housekeepAt: Moment
  private var renewAt: Moment
  private var urgentAt: Moment
  private var reportAt: Moment
  private var stops = RunStops()
  private var foundNothing = false
  private var cameEmpty = false
  private var isQuiet = false
  private var quietCheckedAt: Moment?
  private(set) var summary = DispatchSummary()
  private var heartbeat: Heartbeat

  init(_ worker: DispatchWorker, once: Bool) {
    self.worker = worker
    self.once = once
    stock = DispatchStock(worker.settings.relays)
    window = SendingWindow(connections: worker.loop.connections)
    let now = worker.now()
    claimAt = now
    housekeepAt = now
    renewAt = now
    urgentAt = now
    reportAt = now
    heartbeat = Heartbeat(worker.settings.worker, relays: worker.settings.relays.map(\.name), startedAt: now)
  }

  private var identity: String { worker.settings.worker }

  /// Rows of workers of this machine that died: at once, without waiting for their leases to end. And what is stopped
  /// is stopped from the start.
  mutating func recover() throws {
    let now = worker.now()
    let identity = identity
    _ = try stops.look(worker.preparer, once: once, now: now)
    let pauses = try worker.store.write { session in
      try DispatchWorker.takeOver(session, besides: identity, now: now)
      try session.forgetWorkers(seenBefore: now - Heartbeat.memory)
      return try session.pauses()
    }
    housekept(pauses, now)
  }

  /// One turn; false when the work is done or the worker is to stop.
  mutating func turn() throws -> Bool {
    if worker.isStopping { return false }
    worker.wakeup.clear()
    try gather()
    waitForCompany()
    let now = worker.now()
    let standings = RelayClass.allCases.map(worker.loop.standing)
    returnStranded(standings, now)
    keepQuiet(now)
    let kept = worker.settings.reserved > 0 ? 2 * worker.settings.reserved : 1
    let sending = outcomes.prefix(SendingWindow.batch).count { $0.begun }
    let choice =
      stops.isHalted
      ? DispatchStock.Choice()
      : stock.choose(room: window.room(withOutcomes: sending), kept: kept, at: now) { least in
        if case .ready(let relay) = standings[least.rawValue] { relay } else { nil }
      }
    for (row, until) in choice.late {
      outcomes.append(DispatchOutcomes.late(row.row, until: until, domain: row.domain, now: now))
      rated.note(row, until: until)
    }
    let order = claimOrder(standings, now)
    let rates = stock.rateOrders(at: now)
    if outcomes.isEmpty, choice.begin.isEmpty, order == nil, rates.isEmpty, alerts.isEmpty, now < housekeepAt,
      !stops.hasFailed
    {
      worker.loop.setDemand(SmtpLoop.Demand(counts: stock.counts, urgent: stock.urgent))
      if isDone { return false }
      worker.wakeup.wait(waitingTime(now))
      return true
    }
    try commit(begin: choice.begin, order, rates, now)
    tellProgress(now)
    return true
  }

  /// Ends the loop, records everything, gives the rest back.
  mutating func finish() throws {
    worker.loop.stop()
    worker.preparing.stop()
    let isRated = once && (rated.last != nil || stock.nextDue != nil)
    // Others may have at once what has not begun: a relay that is silent keeps this worker for a minute.
    if stock.count + worker.preparing.held > 0 {
      let identity = identity
      stock.clear()
      worker.preparing.clear()
      summary.progress.handedBack += try worker.store.write { try $0.handBack(worker: identity) }
    }
    while !worker.loop.isFinished || !begun.isEmpty || !outcomes.isEmpty || !alerts.isEmpty {
      worker.wakeup.clear()
      takeReceipts(worker.now())
      if outcomes.isEmpty, alerts.isEmpty {
        // A consignment without a receipt cannot be; should it, its lease decides.
        if worker.loop.isFinished { break }
        worker.wakeup.wait(1000)
      } else {
        try commit(begin: [], nil, [:], worker.now())
      }
    }
    let identity = identity
    let standings = RelayClass.allCases.map(worker.loop.standing)
    let (last, leftovers, end) = (heartbeat.last(worker.now(), worker.figures), stock.leftovers, worker.now())
    summary.progress.handedBack += try worker.store.write { session in
      try session.report(last)
      if !leftovers.isEmpty { _ = try session.borrow(leftovers, now: end) }
      return try session.handBack(worker: identity)
    }
    summary.progress.inFlight = window.carried
    if isRated {
      let by = max(worker.now(), rated.last ?? worker.now())
      let channels = worker.settings.relays.map(\.relayClass).max()?.servedChannels ?? []
      let rows = try worker.store.read { try $0.waiting(channels: channels, by: by) }
      let cause: RatedRemainder.Cause = worker.isStopping ? .stopped : stops.isHalted ? .halted : .relayDown
      if rows > 0 { summary.remainder = RatedRemainder(rows: rows, cause: cause) }
    }
    // How it ends counts: a relay that was down for a while and came back is down no more.
    guard !stops.isHalted, !stops.pausesRelays else { return }
    let classes = RelayClass.allCases.filter { standings[$0.rawValue] == .down || once && summary.isRelayDown }
    let down = classes.flatMap(\.channels)
    let now = worker.now()
    let due = down.isEmpty ? nil : try worker.store.read { try $0.nextAttempt(channels: down) }
    summary.isRelayDown = due.map { $0 <= now } ?? false
  }

  // MARK: Gathering

  private mutating func gather() throws {
    let now = worker.now()
    takeReceipts(now)
    for answer in try stops.take(from: worker.preparing, once: once) {
      switch answer {
      case .ready(let row): stock.add([row])
      case .withhold(let row, let decision):
        outcomes.append(DeliveryOutcome(row, begun: false, event: .withhold, at: now, decision: decision))
      case .expire(let row): outcomes.append(DeliveryOutcome(row, begun: false, event: .expire, at: now))
      case .unsendable(let row, let failure):
        let outcome = DispatchOutcomes.outcome(
          of: row, failure, begun: false, now: now, random: Double.random(in: 0..<1))
        outcomes.append(outcome)
        worker.report(.failed(delivery: row.id, reader: row.reader, event: outcome.event, failure))
      }
    }
  }

  private mutating func takeReceipts(_ now: Moment) {
    for receipt in worker.loop.receipts() {
      guard let row = begun.removeValue(forKey: receipt.number) else { continue }
      let (outcome, failure) = DispatchOutcomes.outcome(of: row, receipt, now: now) { Double.random(in: 0..<1) }
      outcomes.append(outcome)
      note(outcome, failure, row)
    }
    for alert in worker.loop.alerts() {
      alerts.append(alert)
      summary.alerts.append(alert)
      worker.note(alert, at: now)
    }
  }

  private mutating func note(_ outcome: DeliveryOutcome, _ failure: Failure?, _ row: PreparedRow) {
    if outcome.event == .accept {
      refusals.accepted(row.row)
      return
    }
    guard let failure else { return }
    if outcome.event == .quarantine { refusals.refused(row.row) }
    worker.report(.failed(delivery: row.row.id, reader: row.row.reader, event: outcome.event, failure))
  }

  private mutating func waitForCompany() {
    // Only while the loop is busy with more than what has come back.
    // A third of what may be marked: while it is recorded and its place filled, the loop has the others to send.
    let company = window.limit / 3
    guard !worker.isStopping, !outcomes.isEmpty, outcomes.count < company,
      window.carried - outcomes.count > worker.loop.connections
    else { return }
    worker.loop.expectCompany(company - outcomes.count)
    defer { worker.loop.expectCompany(1) }
    let limit = worker.now() + Moment.Span(milliseconds: Self.patience)
    // Composed rows end a wait too; counted, because the clock may be one that stands still.
    for _ in 0..<8 where outcomes.count < company && worker.now() < limit {
      worker.wakeup.wait(1)
      takeReceipts(worker.now())
    }
  }

  /// No relay of their class is up: given back, not begun, so that it does not count as an attempt.
  private mutating func returnStranded(_ standings: [SmtpLoop.Standing], _ now: Moment) {
    for least in RelayClass.allCases where standings[least.rawValue] == .down || stops.isHalted {
      for row in stock.take(least) {
        outcomes.append(DispatchOutcomes.handBack(row.row, begun: false, now: now))
        if !stops.isHalted, !stops.pausesRelays { summary.isRelayDown = true }
      }
    }
  }

  /// In quiet hours routine mail is not claimed, and what is claimed already goes back unsent.
  private mutating func keepQuiet(_ now: Moment) {
    if quietCheckedAt.map({ now - $0 >= worker.settings.poll || now < $0 }) ?? true {
      quietCheckedAt = now
      isQuiet = worker.settings.quietUntil(now).map { $0 > now } ?? false
    }
    guard isQuiet else { return }
    for row in stock.take(where: { QuietHours.concern($0.row.lane) }) {
      outcomes.append(DispatchOutcomes.handBack(row.row, begun: false, now: now))
    }
  }

  private func claimOrder(_ standings: [SmtpLoop.Standing], _ now: Moment) -> ClaimOrder? {
    let channels = RelayClass.allCases.filter { standings[$0.rawValue] != .down }.flatMap(\.channels)
    guard !channels.isEmpty, !stops.isHalted else { return nil }
    let held = stock.count + worker.preparing.held
    let urgentHeld = stock.urgent + worker.preparing.urgentHeld
    let lanes: [Lane]
    if held <= Self.stockLimit - Self.claimBatch, now >= claimAt {
      lanes = Lane.allCases.filter { !isQuiet || !QuietHours.concern($0) }
    } else if now >= urgentAt, urgentHeld <= Self.stockLimit - Self.claimBatch {
      // However much of the other lanes is held.
      lanes = [.immediate]
    } else {
      return nil
    }
    return ClaimOrder(
      worker: identity, now: now, leaseUntil: now + worker.settings.lease, limit: Self.claimBatch, channels: channels,
      lanes: lanes)
  }

  private var isDone: Bool {
    guard once, stock.count == 0, worker.preparing.held == 0, window.carried == 0 else { return false }
    if stops.isHalted || worker.loop.isEverythingDown { return true }
    return foundNothing
      && !RelayClass.allCases.contains { rated.isAwaited($0) && worker.loop.standing(of: $0) != .down }
  }

  private func waitingTime(_ now: Moment) -> Int32 {
    var until = min(housekeepAt, now + Moment.Span(milliseconds: 100))
    if let due = stock.nextDue { until = min(until, due) }
    if begun.isEmpty, claimAt > now { until = min(until, claimAt) }
    return Int32(max(1, (until - now).milliseconds))
  }

  // MARK: The transaction

  private mutating func commit(
    begin rows: [PreparedRow], _ order: ClaimOrder?, _ rates: [RateLimits.Key: RateOrder], _ now: Moment
  ) throws {
    let batch = Array(outcomes.prefix(SendingWindow.batch))
    let numbers = rows.filter { $0.row.riders.isEmpty }.map(\.row.id)
    let digests = rows.filter { !$0.row.riders.isEmpty }.map { $0.row.rows.map(\.id) }
    let housekeeps = now >= housekeepAt || stops.hasFailed
    let renews = now >= renewAt
    let isOutdated = housekeeps ? try stops.look(worker.preparer, once: once, now: now) : false
    let order = stops.isHalted ? nil : order
    let (alerts, identity, lease, stops, refusals) = (alerts, identity, worker.settings.lease, stops, refusals)
    let beat = heartbeat.due(now, inFlight: window.carried, worker.figures)
    let result = try worker.store.write { session in
      _ = try session.record(batch, worker: identity)
      try refusals.hold(in: session, worker: identity, at: now)
      for alert in alerts {
        let failure = alert.failure
        let code = failure.code.map { "\($0) " } ?? ""
        try session.audit(
          actor: identity, action: "relay-alert", subject: alert.relay,
          detail: "\(failure.stage.rawValue): \(code)\(failure.text)", at: now)
      }
      if let beat { try session.report(beat) }
      let pauses = housekeeps ? try session.pauses() : nil
      // What was claimed before a pause must not go after it, nor what was decided by other facts: all is given back and
      // claimed anew, by its rules.
      let givesBack = isOutdated || pauses.map(stops.differs) == true
      if givesBack { _ = try session.handBack(worker: identity) }
      if renews {
        try DispatchWorker.takeOver(session, besides: identity, now: now)
        _ = try session.lapseLeases(now: now) { Double.random(in: 0..<1) }
        _ = try session.expireRows(now: now)
        try session.forgetRates(before: now - .hours(1))
        _ = try session.renew(worker: identity, now: now, until: now + lease)
      }
      var begun = numbers.isEmpty ? [] : try session.begin(numbers, worker: identity, now: now)
      for digest in digests where try session.begin(together: digest, worker: identity, now: now) {
        begun.append(digest[0])
      }
      let claimed = try order.map { try session.claim($0) }
      let grants = try rates.mapValues { try session.borrow([$0], now: now).first }
      return (begun: begun, claimed: claimed, pauses: pauses, givesBack: givesBack, grants: grants)
    }
    window.committed(outcomes: batch.count { $0.begun }, marked: result.begun.count)
    send(rows, result.begun, now)
    outcomes.removeFirst(batch.count)
    for (key, order) in rates {
      if let grant = result.grants[key] ?? nil { stock.granted(key, grant, of: order, at: now) }
    }
    self.alerts = []
    self.refusals.committed()
    var settled: [SettledDelivery] = []
    settled.reserveCapacity(batch.count)
    for whole in batch {
      whole.forEachRow { outcome in
        if rated.recorded(outcome) {
          summary.progress.putOff += 1
        } else {
          summary.progress.note(outcome.event, nextAttempt: outcome.nextAttempt)
        }
        if outcome.event == .handBack, !worker.isStopping { (foundNothing, claimAt) = (false, now) }
        settled.append(outcome.settled)
      }
    }
    if !settled.isEmpty { worker.note(settled) }
    if !batch.isEmpty || !result.begun.isEmpty { summary.progress.commits += 1 }
    if result.givesBack { forgetPrepared(now) }
    if let order, let claimed = result.claimed { took(claimed, order, now) }
    if renews { renewAt = now + min(Moment.Span(milliseconds: lease.milliseconds / 3), .minutes(1)) }
    if let pauses = result.pauses { housekept(pauses, now) }
  }

  private mutating func send(_ rows: [PreparedRow], _ numbers: [Int64], _ now: Moment) {
    worker.loop.setDemand(SmtpLoop.Demand(counts: stock.counts, urgent: stock.urgent))
    // Rows that may not begin were cancelled meanwhile, or their lease ended: they are somebody else's now.
    let allowed = numbers.count == rows.count ? nil : Set(numbers)
    if let allowed {
      // What is left of a digest is given back, to be composed anew without them.
      for row in rows where !row.row.riders.isEmpty && !allowed.contains(row.row.id) {
        outcomes.append(DispatchOutcomes.handBack(row.row, begun: false, now: now))
      }
    }
    guard !numbers.isEmpty else { return }
    let sent = allowed.map { allowed in rows.filter { allowed.contains($0.consignment.number) } } ?? rows
    worker.loop.submit(sent.map(\.consignment))
    for row in sent { begun[row.consignment.number] = row }
  }

  private mutating func took(_ claimed: [ClaimedDelivery], _ order: ClaimOrder, _ now: Moment) {
    worker.preparing.submit(claimed)
    // A full batch of it: there is more.
    urgentAt =
      claimed.count == order.limit && claimed.last?.lane == .immediate ? now : now + Moment.Span(milliseconds: 200)
    guard order.lanes.count > 1 else { return }
    // Rows that the worker's other half gave back a moment ago may bear a time after this claim's: asked once more.
    let isFirst = claimed.isEmpty && !cameEmpty
    cameEmpty = claimed.isEmpty
    foundNothing = claimed.isEmpty && !isFirst
    if foundNothing { rated.foundNothing(of: order.channels, at: now) }
    // A full batch: there is more.
    claimAt =
      claimed.count == order.limit ? now : now + (once && (!claimed.isEmpty || isFirst) ? .zero : worker.settings.poll)
  }

  /// Their leases were given back.
  private mutating func forgetPrepared(_ now: Moment) {
    stock.clear()
    worker.preparing.clear()
    worker.loop.recall()
    (foundNothing, claimAt) = (false, now)
  }

  private mutating func housekept(_ pauses: [Pause], _ now: Moment) {
    housekeepAt = now + worker.settings.poll
    worker.loop.setPaused(Set(pauses.filter { $0.scope == .relay }.map(\.name)))
    for news in stops.take(pauses) { worker.report(news) }
    for row in stock.take(where: { now - $0.preparedAt > RunStops.freshness }) {
      outcomes.append(DispatchOutcomes.handBack(row.row, begun: false, now: now))
    }
  }

  private mutating func tellProgress(_ now: Moment) {
    guard now >= reportAt else { return }
    reportAt = now + Moment.Span(milliseconds: 100)
    summary.progress.inFlight = window.carried
    worker.report(.progress(summary.progress))
  }
}
