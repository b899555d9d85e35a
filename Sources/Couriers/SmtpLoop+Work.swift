// What waits goes to the connections that want it, in the order of lanes; and connections are opened as work asks.

import Foundation
import Mail
import Outbox
import Synchronization

extension SmtpLoop {
  /// The loop's own state; no other thread sees it.
  struct State {
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
    /// How often a session ended before the relay came to a consignment.
    var passes: [Int64: Int] = [:]
    var demand = Demand()
  }

  struct Deque {
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

  func distribute(_ state: inout State, _ moment: Moment) {
    reap(&state, moment)
    state.active = RelayClass.allCases.map { state.pool.relay(for: $0, at: moment) }
    for wire in state.wires { fill(wire, &state, moment) }
    if state.stopping {
      returnAll(&state) { _ in true }
    } else {
      let active = state.active
      if state.waitingCount > 0 { returnAll(&state) { active[$0] == nil } }
      let open = state.opening.reduce(state.wires.count) { $0 + $1.all + $1.reserved }
      if open < connections, state.waitingCount > 0 || state.demand.counts.contains(where: { $0 > 0 }) {
        openMore(&state, moment)
      }
    }
  }

  /// Offers what waits while the wire wants it, and writes all of it at once.
  func fill(_ wire: SmtpWire, _ state: inout State, _ moment: Moment) {
    while !state.stopping, wire.wantsMessage, let item = next(for: wire, &state) {
      wire.offer(item, now: moment, &state.settled)
    }
    wire.flush(now: moment, &state.settled)
    if !state.settled.isEmpty { settle(wire, &state) }
  }

  func next(for wire: SmtpWire, _ state: inout State) -> Consignment? {
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

  func returnAll(_ state: inout State, where isStranded: (Int) -> Bool) {
    for least in state.waiting.indices where isStranded(least) {
      for lane in state.waiting[least].indices {
        while let item = state.waiting[least][lane].popFirst() {
          state.waitingCount -= 1
          state.passes[item.number] = nil
          state.receipts.append(Receipt(number: item.number, what: .returned, relay: nil))
        }
      }
    }
  }

  /// Opens as many connections as work waits for, within the relay's limit; one alone until the relay has answered
  /// (a wrong password must not be tried twenty times at once).
  func openMore(_ state: inout State, _ moment: Moment) {
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

  func open(_ relay: Int, isReserved: Bool, _ state: inout State) {
    if isReserved { state.opening[relay].reserved += 1 } else { state.opening[relay].all += 1 }
    let thread = Thread {
      let result: Result<CurlSession, SmtpFailure>
      do throws(SmtpFailure) {
        let settings = self.relays[relay]
        let timeout = self.timeouts.capped(at: settings.replyTimeout).opening
        result = .success(try CurlSession.open(settings, timeout: timeout))
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
}
