// The loop of a worker: claim, have each attempt decided anew and composed, commit `sending_since`, send, record.
//
// Promises (delivery.md): no row's MAIL leaves before its mark is committed, with all earlier outcomes of the batch;
// at most connections + 64 rows are marked without a recorded outcome; outcomes are recorded 64 at most at a time;
// a stop finishes what is under way, says QUIT and gives the rest back. Three threads, whatever the number of
// connections: this one (the ledger), one that composes, one that sends. It reads no clock and decides no policy.

import Foundation
import Mail
package import Outbox
package import Store
import Synchronization

package final class DispatchWorker: Sendable {
  package struct Settings: Sendable {
    /// Unique to this run: `DispatchWorker.identity()`.
    package var worker: String
    /// In order of preference.
    package var relays: [Relay]
    /// Connections of each relay for the immediate lane alone.
    package var reserved = 0
    package var timeouts = SmtpTimeouts()
    package var lease: Moment.Span = .minutes(15)
    /// How often a worker without work looks for some.
    package var poll = Moment.Span(milliseconds: 500)
    /// When the quiet hours that a moment lies in end, in which routine mail waits; nil outside of them.
    package var quietUntil: @Sendable (Moment) -> Moment? = { _ in nil }

    package init(worker: String, relays: [Relay]) {
      self.worker = worker
      self.relays = relays
    }
  }

  let settings: Settings
  let store: any UnitOfWork
  let preparer: any AttemptPreparer
  let now: @Sendable () -> Moment
  let report: @Sendable (DispatchReport) -> Void
  let wakeup: Wakeup
  let loop: SmtpLoop
  let preparing: PreparingThread<PreparedRow>
  private let stopping = Atomic<Bool>(false)
  private let meter = Mutex(OutcomeMeter())

  /// - Parameters:
  ///   - now: the site's clock.
  ///   - report: called on the thread of `run`.
  /// - Returns: nil when the process has no descriptors left.
  package init?(
    _ settings: Settings, store: any UnitOfWork, preparer: any AttemptPreparer,
    now: @escaping @Sendable () -> Moment, report: @escaping @Sendable (DispatchReport) -> Void = { _ in }
  ) {
    guard let wakeup = Wakeup() else { return nil }
    let listener: @Sendable () -> Void = { wakeup.wake() }
    guard
      let loop = SmtpLoop(
        relays: settings.relays, reserved: settings.reserved, timeouts: settings.timeouts, now: now,
        listener: listener),
      let preparing = PreparingThread(preparer, now: now, listener: listener, answer: PreparedRow.answer)
    else { return nil }
    self.settings = settings
    self.store = store
    self.preparer = preparer
    self.now = now
    self.report = report
    self.wakeup = wakeup
    self.loop = loop
    self.preparing = preparing
  }

  /// From any thread: finish what is under way, record it, give the rest back, return from `run`.
  package func stop() {
    stopping.store(true, ordering: .releasing)
    wakeup.wake()
  }
  var isStopping: Bool { stopping.load(ordering: .acquiring) }

  /// Works until nothing is due (`once`) or until stopped; called once. Blocks.
  /// - Throws: what the store or the preparer threw; everything under way is then recorded as far as the store lets.
  package func run(once: Bool) throws -> DispatchSummary {
    var run = DispatchRun(self, once: once)
    loop.start()
    preparing.start()
    do {
      try run.recover()
      while try run.turn() {}
      try run.finish()
    } catch {
      // The loop gives a receipt for everything before it ends; what the store still takes is recorded.
      try? run.finish()
      throw error
    }
    report(.progress(run.summary.progress))
    return run.summary
  }

  // MARK: Figures

  /// What this worker has done so far; from any thread.
  package var figures: OutcomeMeter { meter.withLock { $0 } }

  func note(_ settled: [SettledDelivery]) {
    meter.withLock { for one in settled { $0.note(one) } }
    report(.settled(settled))
  }
  func note(_ alert: RelayAlert, at: Moment) {
    meter.withLock { $0.noteAlert(relay: alert.relay, text: alert.failure.text, at: at) }
    report(.alert(alert))
  }

  // MARK: Identity

  /// `host/namespace/process/start`, so that another run on the machine can tell whether its owner is dead.
  package static func identity(startedAt: Moment) -> String {
    "\(machine)/\(ProcessInfo.processInfo.processIdentifier)/\(startedAt.milliseconds)"
  }

  private static var machine: String {
    // Process ids mean something only within their namespace: containers of one host name must not judge each other.
    let namespace = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")) ?? ""
    // Not ProcessInfo.hostName, which asks DNS.
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, 255)
    let host = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    return "\(host.filter { $0 != "/" })/\(namespace.filter(\.isNumber))"
  }

  /// What workers of this machine held that are gone.
  static func takeOver(_ session: any StoreSession, besides identity: String, now: Moment) throws {
    _ = try session.recount(now: now)
    for owner in try session.leaseHoldings().map(\.owner) where owner != identity && isDead(owner) {
      _ = try session.lapseLeases(ofWorker: owner, now: now) { Double.random(in: 0..<1) }
    }
  }

  /// An owner of this machine whose process is gone.
  package static func isDead(_ owner: String) -> Bool {
    let parts = owner.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 4, owner.hasPrefix(machine + "/"), let process = Int32(parts[2]), process > 0 else {
      return false
    }
    return kill(process, 0) == -1 && errno == ESRCH
  }
}
