// One event loop for all SMTP connections of a worker: a thread, epoll on the sockets, no thread per connection.
// It takes consignments, opens connections as work asks for them (blocking handshakes run beside it), keeps every
// connection busy and gives one receipt per consignment, whatever happens. It decides nothing about readers: what a
// failure means is Outbox's, who may be sent to was decided before.

import Foundation
import Mail
package import Outbox
import Synchronization

package final class SmtpLoop: Sendable {
  package typealias TimeSource = @Sendable () -> Moment

  /// What the threads share.
  struct Shared {
    var submitted: [Consignment] = []
    var receipts: [Receipt] = []
    /// So many receipts are worth a wake-up.
    var company = 1
    var opened: [Opened] = []
    var alerts: [RelayAlert] = []
    var stopping = false
    var finished = false
    /// For each class: the relay it goes by now, and whether a connection to it is open.
    var standing: [Standing] = []
    var demand = Demand()
    var paused: Set<String> = []
    /// What waits is wanted back.
    var recalls = false
    /// When a resting relay is tried again.
    var retryAt: Moment?
  }
  struct Opened {
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

  let shared: Mutex<Shared>
  let wakeup: Wakeup
  let sockets: SocketWatch
  /// Told when receipts, alerts or the end are there.
  let listener: @Sendable () -> Void
  let relays: [Relay]
  let reserved: Int
  let timeouts: SmtpTimeouts
  let now: TimeSource

  /// - Parameters:
  ///   - relays: in order of preference.
  ///   - reserved: connections of each relay that only the immediate lane uses; at least one is left to the others.
  ///   - listener: called from the loop's thread; must not block.
  /// - Returns: nil when the process has no descriptors left.
  package init?(
    relays: [Relay], reserved: Int = 0, timeouts: SmtpTimeouts = SmtpTimeouts(), now: @escaping TimeSource,
    listener: @escaping @Sendable () -> Void
  ) {
    guard let wakeup = Wakeup(), let sockets = SocketWatch(wakeup) else { return nil }
    self.wakeup = wakeup
    self.sockets = sockets
    self.relays = relays
    connections = relays.reduce(0) { $0 + $1.maxConnections }
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
  package let connections: Int

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

  /// Until called again the listener is told of receipts only when there are so many.
  func expectCompany(_ count: Int) { shared.withLock { $0.company = count } }

  /// Takes up to `limit` receipts, oldest first.
  package func receipts(limit: Int = .max) -> [Receipt] {
    shared.withLock { shared in
      if shared.receipts.count <= limit {
        defer { shared.receipts = [] }
        return shared.receipts
      }
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
  /// What no connection has begun with is returned: a person has stopped something.
  package func recall() {
    shared.withLock { $0.recalls = true }
    wakeup.wake()
  }
  /// When a resting relay is tried again.
  package var retryAt: Moment? { shared.withLock { $0.retryAt } }

  /// What waits is returned, what is under way is finished (at most `timeouts.stopping`), QUIT, and the thread ends.
  package func stop() {
    shared.withLock { $0.stopping = true }
    wakeup.wake()
  }
  package var isFinished: Bool { shared.withLock { $0.finished } }
}
