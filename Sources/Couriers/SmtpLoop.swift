// One event loop for all SMTP connections of a worker: a thread, poll() on the sockets, no thread per connection.
// It takes consignments, opens connections as work asks for them (blocking handshakes run beside it), keeps every
// connection busy and gives one receipt per consignment, whatever happens. It decides nothing about readers: what a
// failure means is Outbox's, who may be sent to was decided before.

import Foundation
import Mail
package import Outbox
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

package final class SmtpLoop: Sendable {
  package typealias TimeSource = @Sendable () -> Moment

  /// What the threads share.
  private struct Shared {
    var submitted: [Consignment] = []
    var receipts: [Receipt] = []
    var opened: [Opened] = []
    var alerts: [RelayAlert] = []
    var stopping = false
    var finished = false
    /// For each class: the relay it goes by now, and whether a connection to it is open.
    var standing: [Standing] = []
    var demand = Demand()
    var paused: Set<String> = []
    /// When a resting relay is tried again.
    var retryAt: Moment?
  }
  private struct Opened {
    let relay: Int
    let isReserved: Bool
    let result: Result<CurlSession, SmtpFailure>
  }

  /// How things stand for a class of messages.
  package enum Standing: Hashable, Sendable {
    /// A connection is open: what is begun now goes out now.
    case ready(relay: Int)
    /// The relay is thought to be up; no connection is open yet.
    case possible(relay: Int)
    /// No relay of this class is up.
    case down
  }

  /// Messages that wait outside, so that connections are opened before rows are begun.
  package struct Demand: Hashable, Sendable {
    /// By class.
    package var counts: [Int]
    /// Of all, those of the immediate lane.
    package var urgent: Int
    package init(counts: [Int] = [0, 0], urgent: Int = 0) {
      self.counts = counts
      self.urgent = urgent
    }
  }

  private let shared: Mutex<Shared>
  private let wakeup: Wakeup
  /// Told when receipts, alerts or the end are there.
  private let listener: @Sendable () -> Void
  private let relays: [Relay]
  private let reserved: Int
  private let timeouts: SmtpTimeouts
  private let now: TimeSource

  /// - Parameters:
  ///   - relays: in order of preference.
  ///   - reserved: connections of each relay that only the immediate lane uses; at least one is left to the others.
  ///   - listener: called from the loop's thread; must not block.
  /// - Returns: nil when the process has no descriptors left.
  package init?(
    relays: [Relay], reserved: Int = 0, timeouts: SmtpTimeouts = SmtpTimeouts(), now: @escaping TimeSource,
    listener: @escaping @Sendable () -> Void
  ) {
    guard let wakeup = Wakeup() else { return nil }
    self.wakeup = wakeup
    self.relays = relays
    self.reserved = max(0, reserved)
    self.timeouts = timeouts
    self.now = now
    self.listener = listener
    let pool = RelayPool(relays)
    let moment = now()
    var start = Shared()
    start.standing = RelayClass.allCases.map { least in
      pool.relay(for: least, at: moment).map { .possible(relay: $0) } ?? .down
    }
    shared = Mutex(start)
  }

  /// All connections that may be open at once.
  package var connections: Int { relays.reduce(0) { $0 + $1.maxConnections } }

  /// Starts the thread.
  package func start() {
    let thread = Thread { self.run() }
    thread.name = "smtp"
    thread.stackSize = 1 << 20
    thread.start()
  }

  package func submit(_ consignments: [Consignment]) {
    shared.withLock { $0.submitted.append(contentsOf: consignments) }
    wakeup.wake()
  }

  /// Takes up to `limit` receipts, oldest first.
  package func receipts(limit: Int = .max) -> [Receipt] {
    shared.withLock { shared in
      let taken = Array(shared.receipts.prefix(limit))
      shared.receipts.removeFirst(taken.count)
      return taken
    }
  }

  package func alerts() -> [RelayAlert] {
    shared.withLock { shared in
      defer { shared.alerts = [] }
      return shared.alerts
    }
  }

  package func standing(of least: RelayClass) -> Standing { shared.withLock { $0.standing[least.rawValue] } }
  package var isEverythingDown: Bool { shared.withLock { $0.standing.allSatisfy { $0 == .down } } }
  package func setDemand(_ demand: Demand) {
    let changed = shared.withLock { shared in
      defer { shared.demand = demand }
      return shared.demand != demand && demand.counts.contains { $0 > 0 }
    }
    if changed { wakeup.wake() }
  }
  /// Relays that nothing is to be sent by until they are resumed, by name.
  package func setPaused(_ relays: Set<String>) {
    let changed = shared.withLock { shared in
      defer { shared.paused = relays }
      return shared.paused != relays
    }
    if changed { wakeup.wake() }
  }
  /// When a resting relay is tried again.
  package var retryAt: Moment? { shared.withLock { $0.retryAt } }

  /// What waits is returned, what is under way is finished (at most `timeouts.stopping`), QUIT, and the thread ends.
  package func stop() {
    shared.withLock { $0.stopping = true }
    wakeup.wake()
  }
  package var isFinished: Bool { shared.withLock { $0.finished } }

  // MARK: The thread

  /// The loop's own state; no other thread sees it.
  private struct State {
    var pool: RelayPool
    var wires: [SmtpWire] = []
    /// Per class, per lane; `heads` because removing first is slow.
    var waiting: [[Deque]]
    /// Openings under way per relay: open to all, reserved.
    var opening: [(all: Int, reserved: Int)]
    var proven: [Bool]
    var settled: [SmtpWire.Settled] = []
    var receipts: [Receipt] = []
    var alerts: [RelayAlert] = []
    var stopping = false
    var stopBy: Moment?
    /// For each class the relay by which its messages go now; nil while none is up.
    var active: [Int?] = []
    var waitingCount = 0
    var demand = Demand()
  }

  private struct Deque {
    private var items: [Consignment?] = []
    private var head = 0
    var count: Int { items.count - head }
    mutating func append(_ item: Consignment) { items.append(item) }
    mutating func popFirst() -> Consignment? {
      guard head < items.count else { return nil }
      let item = items[head]
      items[head] = nil
      head += 1
      if head == items.count || head > 1024 {
        items.removeFirst(head)
        head = 0
      }
      return item
    }
  }

  private func run() {
    var state = State(
      pool: RelayPool(relays),
      waiting: RelayClass.allCases.map { _ in Lane.allCases.map { _ in Deque() } },
      opening: relays.map { _ in (0, 0) }, proven: relays.map { _ in false })
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 16)
    defer { buffer.deallocate() }
    var entries: [pollfd] = []
    while true {
      let moment = now()
      takeShared(&state, moment)
      distribute(&state, moment)
      publish(&state, moment)
      if state.stopping, state.wires.isEmpty { break }
      wait(&entries, state, moment)
      wakeup.clear()
      serve(entries, &state, buffer)
    }
    shared.withLock { shared in
      shared.receipts += shared.submitted.map { Receipt(number: $0.number, what: .returned, relay: nil) }
      shared.submitted = []
      shared.finished = true
    }
    listener()
  }

  private func takeShared(_ state: inout State, _ moment: Moment) {
    let (submitted, opened, stopping) = shared.withLock { shared in
      defer {
        shared.submitted = []
        shared.opened = []
      }
      state.demand = shared.demand
      state.pool.paused = shared.paused
      return (shared.submitted, shared.opened, shared.stopping)
    }
    for item in submitted { enqueue(item, &state) }
    for result in opened { take(result, &state, moment) }
    if stopping, !state.stopping {
      state.stopping = true
      state.stopBy = moment + Moment.Span(milliseconds: Int64(timeouts.stopping))
      for wire in state.wires { wire.finish(now: moment) }
    }
  }

  private func enqueue(_ item: Consignment, _ state: inout State) {
    state.waiting[item.least.rawValue][item.lane.rawValue].append(item)
    state.waitingCount += 1
  }

  private func take(_ opened: Opened, _ state: inout State, _ moment: Moment) {
    if opened.isReserved { state.opening[opened.relay].reserved -= 1 } else { state.opening[opened.relay].all -= 1 }
    switch opened.result {
    case .success(let session):
      guard !state.stopping else { return }
      state.proven[opened.relay] = true
      state.wires.append(
        SmtpWire(
          session, relay: opened.relay, settings: relays[opened.relay], isReserved: opened.isReserved,
          timeouts: timeouts, now: moment))
    case .failure(let failure): fail(opened.relay, failure, &state, moment)
    }
  }

  /// An opening failed, or a session ended without having taken a message.
  private func fail(_ relay: Int, _ failure: SmtpFailure, _ state: inout State, _ moment: Moment) {
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

  // MARK: Work to connections

  private func distribute(_ state: inout State, _ moment: Moment) {
    reap(&state, moment)
    state.active = RelayClass.allCases.map { state.pool.relay(for: $0, at: moment) }
    for wire in state.wires { fill(wire, &state, moment) }
    if state.stopping {
      returnAll(&state) { _ in true }
    } else {
      let active = state.active
      if state.waitingCount > 0 { returnAll(&state) { active[$0] == nil } }
      if state.waitingCount > 0 || state.demand.counts.contains(where: { $0 > 0 }) { openMore(&state, moment) }
    }
  }

  /// Offers what waits while the wire wants it, and writes all of it at once.
  private func fill(_ wire: SmtpWire, _ state: inout State, _ moment: Moment) {
    while !state.stopping, wire.wantsMessage, let item = next(for: wire, &state) {
      wire.offer(item, now: moment, &state.settled)
    }
    wire.flush(now: moment, &state.settled)
    if !state.settled.isEmpty { settle(wire, &state) }
  }

  private func next(for wire: SmtpWire, _ state: inout State) -> Consignment? {
    guard state.waitingCount > 0 else { return nil }
    for lane in Lane.allCases where !wire.isReserved || lane == .immediate {
      for least in RelayClass.allCases where state.active[least.rawValue] == wire.relay {
        if let item = state.waiting[least.rawValue][lane.rawValue].popFirst() {
          state.waitingCount -= 1
          return item
        }
      }
    }
    return nil
  }

  private func returnAll(_ state: inout State, where isStranded: (Int) -> Bool) {
    for least in state.waiting.indices where isStranded(least) {
      for lane in state.waiting[least].indices {
        while let item = state.waiting[least][lane].popFirst() {
          state.waitingCount -= 1
          state.receipts.append(Receipt(number: item.number, what: .returned, relay: nil))
        }
      }
    }
  }

  /// Opens as many connections as work waits for, within the relay's limit; one alone until the relay has answered
  /// (a wrong password must not be tried twenty times at once).
  private func openMore(_ state: inout State, _ moment: Moment) {
    for relay in Set(state.active.compactMap { $0 }) where state.pool.opensAt(relay, now: moment) == nil {
      let classes = RelayClass.allCases.map(\.rawValue).filter { state.active[$0] == relay }
      let total = classes.reduce(0) { sum, least in
        sum + state.waiting[least].reduce(0) { $0 + $1.count } + state.demand.counts[least]
      }
      let urgent = classes.reduce(state.demand.urgent) { $0 + state.waiting[$1][Lane.immediate.rawValue].count }
      let limit = relays[relay].maxConnections
      let kept = min(reserved, limit - 1)
      let all = state.wires.count { $0.relay == relay && !$0.isReserved } + state.opening[relay].all
      let special = state.wires.count { $0.relay == relay && $0.isReserved } + state.opening[relay].reserved
      let idle = state.wires.count { $0.relay == relay && $0.wantsMessage }
      var more = min(total - state.opening[relay].all - idle, limit - kept - all)
      var specialMore = more < urgent ? min(urgent - state.opening[relay].reserved, kept - special) : 0
      if !state.proven[relay] {
        more = min(more, 1 - state.opening[relay].all)
        specialMore = 0
      }
      for _ in 0..<max(0, more) { open(relay, isReserved: false, &state) }
      for _ in 0..<max(0, specialMore) { open(relay, isReserved: true, &state) }
    }
  }

  private func open(_ relay: Int, isReserved: Bool, _ state: inout State) {
    if isReserved { state.opening[relay].reserved += 1 } else { state.opening[relay].all += 1 }
    let thread = Thread {
      let result: Result<CurlSession, SmtpFailure>
      do throws(SmtpFailure) {
        result = .success(try CurlSession.open(self.relays[relay], timeout: self.timeouts.opening))
      } catch {
        result = .failure(error)
      }
      self.shared.withLock { $0.opened.append(Opened(relay: relay, isReserved: isReserved, result: result)) }
      self.wakeup.wake()
    }
    thread.name = "smtp-open"
    thread.stackSize = 1 << 20
    thread.start()
  }

  // MARK: Connections to receipts

  private func settle(_ wire: SmtpWire, _ state: inout State) {
    if wire.hasWorked { state.pool.succeeded(wire.relay) }
    for (consignment, outcome) in state.settled {
      heed(outcome, on: wire, &state)
      if case .passedOver = outcome, consignment.passes < 3, !state.stopping {
        // Nothing of it left, and it is marked already: another connection takes it.
        var again = consignment
        again.passes += 1
        enqueue(again, &state)
        continue
      }
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
  private func heed(_ outcome: SmtpOutcome, on wire: SmtpWire, _ state: inout State) {
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
  private func reap(_ state: inout State, _ moment: Moment) {
    guard state.wires.contains(where: \.isOver) else { return }
    let over = state.wires.filter(\.isOver)
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
      let changed = !receipts.isEmpty || !alerts.isEmpty || shared.standing != standing
      shared.receipts.append(contentsOf: receipts)
      shared.alerts.append(contentsOf: alerts)
      shared.standing = standing
      shared.retryAt = retryAt
      return changed
    }
    state.receipts.removeAll(keepingCapacity: true)
    state.alerts.removeAll()
    if changed { listener() }
  }

  private func wait(_ entries: inout [pollfd], _ state: State, _ moment: Moment) {
    entries.removeAll(keepingCapacity: true)
    entries.append(pollfd(fd: wakeup.readEnd, events: Int16(POLLIN), revents: 0))
    var due: Moment? = state.stopBy
    func sooner(_ other: Moment?) {
      guard let other else { return }
      due = due.map { min($0, other) } ?? other
    }
    for wire in state.wires {
      let events = POLLIN | (wire.wantsWrite ? POLLOUT : 0)
      entries.append(pollfd(fd: wire.session.socket, events: Int16(events), revents: 0))
      sooner(wire.isLost || wire.isOver ? moment : wire.dueAt)
    }
    for relay in relays.indices {
      if let at = state.pool.opensAt(relay, now: moment) { sooner(at) }
    }
    let span = due.map { max(0, ($0 - moment).milliseconds) } ?? 60_000
    _ = poll(&entries, nfds_t(entries.count), Int32(min(span, 60_000)))
  }

  private func serve(_ entries: [pollfd], _ state: inout State, _ buffer: UnsafeMutableRawBufferPointer) {
    let moment = now()
    for (index, wire) in state.wires.enumerated() {
      if entries[index + 1].revents != 0 || wire.isLost {
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
  init(_ failure: SmtpFailure) {
    self.init(
      stage: Stage(rawValue: failure.stage.rawValue) ?? .mail, code: failure.code,
      enhanced: failure.enhanced?.description, text: failure.text)
  }
}
