// One run of the worker for webhooks, turn by turn, on one thread: gather receipts and signed rows, choose what begins
// next, commit all of it with the next claim in one transaction, hand over. Carries out; what a failure means is
// Outbox's.

import Foundation
import Outbox
import Store

struct WebhookRun {
  /// Rows claimed and not yet begun, signed or not.
  private static let stockLimit = 512
  private static let claimBatch = 64
  /// Few outcomes wait up to so many milliseconds for company, while the loop has work: a commit costs a sync.
  private static let patience: Int64 = 2

  private let worker: WebhookWorker
  private let once: Bool
  private var stock: [[SignedRow]] = Lane.allCases.map { _ in [] }
  private var window: SendingWindow
  /// Begun, by number.
  private var begun: [Int64: SignedRow] = [:]
  private var underWay: [String: Int] = [:]
  private var outcomes: [WebhookOutcome] = []
  private var disabled: Set<String> = []
  private var failing: Set<String> = []
  private var claimAt: Moment
  private var housekeepAt: Moment
  private var renewAt: Moment
  private var urgentAt: Moment
  private var reportAt: Moment
  private var stops = RunStops()
  private var foundNothing = false
  private var cameEmpty = false
  private var heartbeat: Heartbeat
  /// By endpoint, in the place of a relay.
  private var meter = OutcomeMeter()
  private(set) var progress = DispatchProgress()

  init(_ worker: WebhookWorker, once: Bool) {
    self.worker = worker
    self.once = once
    window = SendingWindow(connections: worker.settings.connections)
    let now = worker.now()
    claimAt = now
    housekeepAt = now
    renewAt = now
    urgentAt = now
    reportAt = now
    heartbeat = Heartbeat(worker.identity, relays: [], startedAt: now)
  }

  /// A site without webhooks need not hear of them.
  private var hasSomethingToSay: Bool { worker.isAlone || window.carried > 0 || !meter.outcomes.isEmpty }
  private var stocked: Int { stock.reduce(0) { $0 + $1.count } }

  /// Rows of workers of this machine that died: at once, without waiting for their leases to end.
  mutating func recover() throws {
    let (now, identity) = (worker.now(), worker.identity)
    _ = try stops.look(worker.preparer, once: once, now: now)
    try worker.store.write { session in
      for owner in try session.leaseHoldings().map(\.owner) where owner != identity && DispatchWorker.isDead(owner) {
        _ = try session.lapseLeases(ofWorker: owner, now: now) { Double.random(in: 0..<1) }
      }
    }
  }

  /// One turn; false when the work is done or the worker is to stop.
  mutating func turn() throws -> Bool {
    if worker.isStopping { return false }
    worker.wakeup.clear()
    try gather()
    waitForCompany()
    let now = worker.now()
    let begins = stops.isHalted ? [] : choose(now)
    let order = claimOrder(now)
    if outcomes.isEmpty, begins.isEmpty, order == nil, now < housekeepAt, !stops.hasFailed {
      if isDone { return false }
      worker.wakeup.wait(waitingTime(now))
      return true
    }
    try commit(begin: begins, order, now)
    if now >= reportAt {
      reportAt = now + Moment.Span(milliseconds: 100)
      progress.inFlight = window.carried
      worker.report(.progress(progress))
    }
    return true
  }

  /// Ends the loop, records everything, gives the rest back.
  mutating func finish() throws {
    worker.loop.stop()
    worker.preparing.stop()
    // Others may have at once what has not begun.
    if stocked + worker.preparing.held > 0 {
      let identity = worker.identity
      stock = Lane.allCases.map { _ in [] }
      worker.preparing.clear()
      progress.handedBack += try worker.store.write { try $0.handBack(worker: identity) }
    }
    while !worker.loop.isFinished || !begun.isEmpty || !outcomes.isEmpty {
      worker.wakeup.clear()
      takeReceipts(worker.now())
      if outcomes.isEmpty {
        // A parcel without a receipt cannot be; should it, its lease decides.
        if worker.loop.isFinished { break }
        worker.wakeup.wait(1000)
      } else {
        try commit(begin: [], nil, worker.now())
      }
    }
    let (identity, last) = (worker.identity, hasSomethingToSay ? heartbeat.last(worker.now(), meter) : nil)
    progress.handedBack += try worker.store.write {
      if let last { try $0.report(last) }
      return try $0.handBack(worker: identity)
    }
    progress.inFlight = window.carried
  }

  // MARK: Gathering

  private mutating func gather() throws {
    let now = worker.now()
    takeReceipts(now)
    for answer in try stops.take(from: worker.preparing, once: once) {
      switch answer {
      case .ready(let signed): stock[signed.row.lane.rawValue].append(signed)
      case .withhold(let row, let decision):
        outcomes.append(
          WebhookOutcome(DeliveryOutcome(row, begun: false, event: .withhold, at: now, decision: decision)))
      case .expire(let row):
        outcomes.append(WebhookOutcome(DeliveryOutcome(row, begun: false, event: .expire, at: now)))
      case .unsendable(let row, let failure):
        let outcome = WebhookOutcome.failed(
          row, failure, begun: false, now: now, random: Double.random(in: 0..<1))
        outcomes.append(WebhookOutcome(outcome))
        worker.report(.failed(delivery: row.id, reader: row.reader, event: outcome.event, failure))
      }
    }
  }

  private mutating func takeReceipts(_ now: Moment) {
    for receipt in worker.loop.receipts() {
      guard let signed = begun.removeValue(forKey: receipt.number) else { continue }
      let endpoint = signed.post.endpoint
      if let count = underWay[endpoint] { underWay[endpoint] = count > 1 ? count - 1 : nil }
      let (settled, failure) = WebhookOutcome.of(signed, receipt, now: now) { Double.random(in: 0..<1) }
      outcomes.append(settled)
      if let failure {
        worker.report(
          .failed(delivery: signed.row.id, reader: signed.row.reader, event: settled.outcome.event, failure))
      }
    }
  }

  private mutating func waitForCompany() {
    // A third of what may be marked: while it is recorded and its place filled, the loop has the others to send.
    let company = window.limit / 3
    // Only while the loop is busy with more than what has come back.
    guard !worker.isStopping, !outcomes.isEmpty, outcomes.count < company,
      window.carried - outcomes.count > worker.settings.connections
    else { return }
    defer { worker.loop.expectCompany(1) }
    let limit = worker.now() + Moment.Span(milliseconds: Self.patience)
    // Signed rows end a wait too; counted, because the clock may be one that stands still.
    for _ in 0..<8 where outcomes.count < company && worker.now() < limit {
      worker.loop.expectCompany(company - outcomes.count)
      worker.wakeup.wait(1)
      takeReceipts(worker.now())
    }
  }

  /// What begins now, lanes in order; a row whose endpoint has enough under way stays, one of a disabled endpoint goes
  /// back and waits there.
  private mutating func choose(_ now: Moment) -> [SignedRow] {
    let room = window.room(withOutcomes: outcomes.prefix(SendingWindow.batch).count { $0.outcome.begun })
    let kept = max(1, 2 * worker.settings.reserved)
    var chosen: [SignedRow] = []
    for lane in Lane.allCases where !stock[lane.rawValue].isEmpty {
      let limit = lane == .immediate ? room : room - kept
      var passed: [SignedRow] = []
      var taken = 0
      for signed in stock[lane.rawValue] {
        guard chosen.count < limit else { break }
        taken += 1
        let endpoint = signed.post.endpoint
        if disabled.contains(endpoint) {
          outcomes.append(
            WebhookOutcome(signed, DispatchOutcomes.handBack(signed.row, begun: false, now: now), .disabled))
        } else if now - signed.post.signedAt > RunStops.freshness {
          // A receiver refuses a timestamp that is five minutes old.
          outcomes.append(WebhookOutcome(DispatchOutcomes.handBack(signed.row, begun: false, now: now)))
        } else if underWay[endpoint, default: 0] >= worker.settings.perEndpoint {
          passed.append(signed)
        } else {
          underWay[endpoint, default: 0] += 1
          chosen.append(signed)
        }
      }
      stock[lane.rawValue].replaceSubrange(..<taken, with: passed)
    }
    return chosen
  }

  private func claimOrder(_ now: Moment) -> ClaimOrder? {
    guard !stops.isHalted else { return nil }
    let held = stocked + worker.preparing.held
    let lanes: [Lane]
    if held <= Self.stockLimit - Self.claimBatch, now >= claimAt {
      lanes = Lane.allCases
    } else if now >= urgentAt, held <= 2 * Self.stockLimit {
      lanes = [.immediate]
    } else {
      return nil
    }
    return ClaimOrder(
      worker: worker.identity, now: now, leaseUntil: now + worker.lease, limit: Self.claimBatch, channels: [.webhook],
      lanes: lanes)
  }

  private var isDone: Bool {
    once && (foundNothing || stops.isHalted) && stocked == 0 && worker.preparing.held == 0 && window.carried == 0
  }

  private func waitingTime(_ now: Moment) -> Int32 {
    var until = min(housekeepAt, now + Moment.Span(milliseconds: 100))
    if begun.isEmpty, claimAt > now { until = min(until, claimAt) }
    return Int32(max(1, (until - now).milliseconds))
  }

  // MARK: The transaction

  private mutating func commit(begin rows: [SignedRow], _ order: ClaimOrder?, _ now: Moment) throws {
    let batch = Array(outcomes.prefix(SendingWindow.batch))
    let numbers = rows.map(\.row.id)
    let (housekeeps, renews) = (now >= housekeepAt || stops.hasFailed, now >= renewAt)
    let isOutdated = housekeeps ? try stops.look(worker.preparer, once: once, now: now) : false
    let order = stops.isHalted ? nil : order
    let (identity, lease, stops, failing) = (worker.identity, worker.lease, stops, failing)
    let beat = hasSomethingToSay ? heartbeat.due(now, inFlight: window.carried, meter) : nil
    let result = try worker.store.write { session in
      _ = try session.record(batch.map(\.outcome), worker: identity)
      if let beat { try session.report(beat) }
      let closed = try Self.note(batch, failing: failing, by: identity, now, session)
      let pauses = housekeeps ? try session.pauses() : nil
      let states = housekeeps ? try session.endpointStates() : nil
      // What was claimed before a pause must not go after it, nor what was decided by other facts: all is given back and
      // claimed anew, by its rules.
      let givesBack = isOutdated || pauses.map(stops.differs) == true
      if givesBack { _ = try session.handBack(worker: identity) }
      if renews {
        _ = try session.lapseLeases(now: now) { Double.random(in: 0..<1) }
        _ = try session.expireRows(now: now)
        _ = try session.renew(worker: identity, now: now, until: now + lease)
      }
      let begun = numbers.isEmpty ? [] : try session.begin(numbers, worker: identity, now: now)
      let claimed = try order.map { try session.claim($0) }
      return (begun: begun, claimed: claimed, pauses: pauses, states: states, givesBack: givesBack, closed: closed)
    }
    // First of all: the loop waits for it.
    window.committed(outcomes: batch.count { $0.outcome.begun }, marked: result.begun.count)
    send(rows, result.begun)
    outcomes.removeFirst(batch.count)
    if !batch.isEmpty || !result.begun.isEmpty { progress.commits += 1 }
    if !batch.isEmpty {
      worker.report(
        .settled(
          batch.map { entry in
            var settled = entry.outcome.settled
            // Counted together: an endpoint is a reader's affair.
            settled.relay = "webhooks"
            return settled
          }))
    }
    for settled in batch {
      progress.note(settled.outcome.event, nextAttempt: settled.outcome.nextAttempt)
      if settled.outcome.relay != nil { meter.note(settled.outcome.settled) }
      if settled.outcome.event == .handBack, !worker.isStopping { (foundNothing, claimAt) = (false, now) }
      switch settled.news {
      case .failure(let text):
        self.failing.insert(settled.endpoint)
        meter.noteAlert(relay: settled.endpoint, text: text, at: now)
      case .success: self.failing.remove(settled.endpoint)
      case .gone: meter.noteAlert(relay: settled.endpoint, text: "410 Gone", at: now)
      case .none, .disabled: break
      }
    }
    for (endpoint, why) in result.closed {
      disabled.insert(endpoint)
      worker.report(.endpointDisabled(endpoint, why: why))
    }
    if result.givesBack { forgetPrepared(now) }
    if let order, let claimed = result.claimed { took(claimed, order, now) }
    if renews { renewAt = now + min(Moment.Span(milliseconds: lease.milliseconds / 3), .minutes(1)) }
    if let pauses = result.pauses, let states = result.states { housekept(pauses, states, now) }
  }

  /// What a batch says of endpoints; those that it closed, with the reason.
  private static func note(
    _ batch: [WebhookOutcome], failing: Set<String>, by: String, _ now: Moment, _ session: any StoreSession
  ) throws -> [(String, String)] {
    var closed: [(String, String)] = []
    var failing = failing
    for settled in batch {
      var why: String?
      switch settled.news {
      case .none: continue
      case .success: if failing.remove(settled.endpoint) != nil { try session.noteSuccess(endpoint: settled.endpoint) }
      case .gone: why = "it answered 410 Gone"
      case .disabled:
        _ = try session.hold(reader: settled.reader, channel: .webhook, reason: EndpointState.held, at: now)
      case .failure(let text):
        failing.insert(settled.endpoint)
        let since = try session.noteFailure(endpoint: settled.endpoint, text: text, at: now)
        if now - since >= FailurePolicy.longestEndpointFailure { why = "it has failed for 120 hours; last: \(text)" }
      }
      guard let why, try session.disable(endpoint: settled.endpoint, by: by, why: why, at: now) else { continue }
      let waiting = try session.hold(reader: settled.reader, channel: .webhook, reason: EndpointState.held, at: now)
      try session.audit(
        actor: by, action: "webhook-disabled", subject: settled.endpoint,
        detail: "\(why); \(waiting) deliveries wait for a person", at: now)
      closed.append((settled.endpoint, why))
    }
    return closed
  }

  private mutating func send(_ rows: [SignedRow], _ numbers: [Int64]) {
    guard !rows.isEmpty else { return }
    // Rows that may not begin were cancelled meanwhile, or their lease ended: they are somebody else's now.
    let allowed = numbers.count == rows.count ? nil : Set(numbers)
    var parcels: [WebhookParcel] = []
    parcels.reserveCapacity(numbers.count)
    for signed in rows {
      if allowed?.contains(signed.row.id) ?? true {
        begun[signed.row.id] = signed
        parcels.append(
          WebhookParcel(number: signed.row.id, post: signed.post, isUrgent: signed.row.lane == .immediate))
      } else if let count = underWay[signed.post.endpoint] {
        underWay[signed.post.endpoint] = count > 1 ? count - 1 : nil
      }
    }
    worker.loop.submit(parcels)
  }

  private mutating func took(_ claimed: [ClaimedDelivery], _ order: ClaimOrder, _ now: Moment) {
    worker.preparing.submit(claimed)
    urgentAt = now + Moment.Span(milliseconds: 200)
    guard order.lanes.count > 1 else { return }
    // Rows that the worker's other half gave back a moment ago may bear a time after this claim's: asked once more.
    let isFirst = claimed.isEmpty && !cameEmpty
    cameEmpty = claimed.isEmpty
    foundNothing = claimed.isEmpty && !isFirst
    // A full batch: there is more.
    claimAt = claimed.count == order.limit ? now : now + (once && (!claimed.isEmpty || isFirst) ? .zero : worker.poll)
  }

  private mutating func housekept(_ pauses: [Pause], _ states: [EndpointState], _ now: Moment) {
    housekeepAt = now + worker.poll
    for news in stops.take(pauses) { worker.report(news) }
    disabled = Set(states.filter(\.isDisabled).map(\.id))
    failing = Set(states.filter { $0.failures > 0 }.map(\.id))
  }

  /// Their leases were given back.
  private mutating func forgetPrepared(_ now: Moment) {
    stock = Lane.allCases.map { _ in [] }
    worker.preparing.clear()
    worker.loop.recall()
    (foundNothing, claimAt) = (false, now)
  }
}
