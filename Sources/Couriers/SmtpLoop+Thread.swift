// The thread of the SMTP loop: wait, serve the sockets that have something, hand out work, publish what became of it.
// All of its state is a value that no other thread sees.

import Foundation
package import Mail
package import Outbox
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

extension SmtpLoop {
  func run() {
    var state = State(
      pool: RelayPool(relays),
      waiting: RelayClass.allCases.map { _ in Lane.allCases.map { _ in Deque() } },
      opening: relays.map { _ in (0, 0) }, proven: relays.map { _ in false })
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 16)
    defer { buffer.deallocate() }
    while true {
      let moment = now()
      takeShared(&state, moment)
      distribute(&state, moment)
      publish(&state, moment)
      if state.stopping, state.wires.isEmpty { break }
      wait(state, moment)
      serve(&state, buffer)
    }
    shared.withLock { shared in
      shared.receipts += shared.submitted.map { Receipt(number: $0.number, what: .returned, relay: nil) }
      shared.submitted = []
      shared.finished = true
    }
    listener()
  }

  private func takeShared(_ state: inout State, _ moment: Moment) {
    let (submitted, opened, stopping, recalls) = shared.withLock { shared in
      defer {
        shared.submitted = []
        shared.opened = []
        shared.recalls = false
      }
      state.demand = shared.demand
      state.pool.paused = shared.paused
      return (shared.submitted, shared.opened, shared.stopping, shared.recalls)
    }
    for item in submitted { enqueue(item, &state) }
    if recalls { returnAll(&state) { _ in true } }
    for result in opened { take(result, &state, moment) }
    if stopping, !state.stopping {
      state.stopping = true
      state.stopBy = moment + Moment.Span(milliseconds: Int64(timeouts.stopping))
      for wire in state.wires { wire.finish(now: moment) }
    }
  }

  func enqueue(_ item: Consignment, _ state: inout State) {
    state.waiting[item.least.rawValue][item.lane.rawValue].append(item)
    state.waitingCount += 1
  }

  func take(_ opened: Opened, _ state: inout State, _ moment: Moment) {
    if opened.isReserved { state.opening[opened.relay].reserved -= 1 } else { state.opening[opened.relay].all -= 1 }
    switch opened.result {
    case .success(let session):
      guard !state.stopping else { return }
      state.proven[opened.relay] = true
      state.wires.append(
        SmtpWire(
          session, relay: opened.relay, settings: relays[opened.relay], isReserved: opened.isReserved,
          timeouts: timeouts.capped(at: relays[opened.relay].replyTimeout), now: moment))
    case .failure(let failure): fail(opened.relay, failure, &state, moment)
    }
  }

  /// An opening failed, or a session ended without having taken a message.
  func fail(_ relay: Int, _ failure: SmtpFailure, _ state: inout State, _ moment: Moment) {
    let working = state.wires.contains { $0.relay == relay && $0.hasWorked && !$0.isOver }
    if !working { state.proven[relay] = false }
    let wasResting = state.pool.isResting(relay, at: moment)
    state.pool.failed(
      relay, at: moment, lasting: FailurePolicy.verdict(on: Failure(failure)).permanence == .permanent,
      working: working)
    if !working, !wasResting, state.pool.isResting(relay, at: moment) {
      state.alerts.append(RelayAlert(relay: relays[relay].name, failure: failure))
    }
  }

  // MARK: Connections to receipts

  func settle(_ wire: SmtpWire, _ state: inout State) {
    if wire.hasWorked { state.pool.succeeded(wire.relay) }
    for (consignment, outcome) in state.settled {
      heed(outcome, on: wire, &state)
      if case .passedOver = outcome, state.passes[consignment.number, default: 0] < 3, !state.stopping {
        // Nothing of it left, and it is marked already: another connection takes it.
        state.passes[consignment.number, default: 0] += 1
        enqueue(consignment, &state)
        continue
      }
      if !state.passes.isEmpty { state.passes[consignment.number] = nil }
      if case .passedOver = outcome {
        state.receipts.append(Receipt(number: consignment.number, what: .returned, relay: nil))
      } else {
        state.receipts.append(
          Receipt(number: consignment.number, what: .outcome(outcome), relay: relays[wire.relay].name))
      }
    }
    state.settled.removeAll(keepingCapacity: true)
  }

  /// A refusal may say more than its recipient's fate: that the relay wants another login, or the session is over.
  func heed(_ outcome: SmtpOutcome, on wire: SmtpWire, _ state: inout State) {
    guard case .refused(let failure) = outcome else { return }
    let verdict = FailurePolicy.verdict(on: Failure(failure))
    guard verdict.endsSession, failure.code != 421 else { return }
    let moment = now()
    wire.finish(now: moment)
    guard verdict.scope == .relay else { return }
    state.pool.failed(wire.relay, at: moment, lasting: true)
    state.alerts.append(RelayAlert(relay: relays[wire.relay].name, failure: failure))
  }

  /// Lets go of wires that are over.
  func reap(_ state: inout State, _ moment: Moment) {
    guard state.wires.contains(where: \.isOver) else { return }
    let over = state.wires.filter(\.isOver)
    for wire in over { sockets.forget(wire.session.socket) }
    state.wires.removeAll(where: \.isOver)
    for wire in over where !wire.hasWorked {
      if case .failed(let failure)? = wire.machine.ending { fail(wire.relay, failure, &state, moment) }
    }
  }

  private func publish(_ state: inout State, _ moment: Moment) {
    let retryAt = relays.indices.compactMap { state.pool.restsUntil($0) }.filter { $0 > moment }.min()
    let standing: [Standing] = state.active.map { relay in
      guard let relay else { return .down }
      return state.wires.contains { $0.relay == relay && !$0.isOver && !$0.isFinishing && !$0.isReserved }
        ? .ready(relay: relay) : .possible(relay: relay)
    }
    let (receipts, alerts) = (state.receipts, state.alerts)
    let changed = shared.withLock { shared in
      shared.receipts.append(contentsOf: receipts)
      let enough = !receipts.isEmpty && shared.receipts.count >= shared.company
      let changed = enough || !alerts.isEmpty || shared.standing != standing
      shared.alerts.append(contentsOf: alerts)
      shared.standing = standing
      shared.retryAt = retryAt
      return changed
    }
    state.receipts.removeAll(keepingCapacity: true)
    state.alerts.removeAll()
    if changed { listener() }
  }

  private func wait(_ state: State, _ moment: Moment) {
    var due: Moment? = state.stopBy
    func sooner(_ other: Moment?) {
      guard let other else { return }
      due = due.map { min($0, other) } ?? other
    }
    for wire in state.wires {
      // Should the kernel refuse it, its deadline ends it.
      sockets.ask(wire.session.socket, write: wire.wantsWrite)
      sooner(wire.isLost || wire.isOver ? moment : wire.dueAt)
    }
    for relay in relays.indices {
      if let at = state.pool.opensAt(relay, now: moment) { sooner(at) }
    }
    let span = due.map { max(0, ($0 - moment).milliseconds) } ?? 60_000
    sockets.wait(milliseconds: Int32(min(span, 60_000)))
  }

  private func serve(_ state: inout State, _ buffer: UnsafeMutableRawBufferPointer) {
    let moment = now()
    for wire in state.wires {
      if sockets.hasHappened(on: wire.session.socket) || wire.isLost {
        wire.read(into: buffer, now: moment, &state.settled)
        wire.settleLoss(&state.settled)
        if !state.settled.isEmpty { settle(wire, &state) }
        fill(wire, &state, moment)
      }
      if !wire.isOver, moment >= wire.dueAt {
        wire.expire(now: moment, &state.settled)
        settle(wire, &state)
      }
      if let stopBy = state.stopBy, moment >= stopBy, !wire.isOver {
        wire.abandon(&state.settled)
        settle(wire, &state)
      }
    }
  }
}

extension Failure {
  /// Outbox's neutral form.
  package init(_ failure: SmtpFailure) {
    self.init(
      stage: Stage(rawValue: failure.stage.rawValue) ?? .mail, code: failure.code,
      enhanced: failure.enhanced?.description, text: failure.text)
  }
}
