// The worker for webhooks: as DispatchWorker for mail, on a transport of its own. Claim, have each attempt decided anew
// and signed, commit `sending_since`, send, record.
//
// Promises (delivery.md): no byte of a request leaves before its mark is committed, with all earlier outcomes of the
// batch; at most connections + 64 rows are marked without a recorded outcome; outcomes are recorded 64 at most at a
// time; an endpoint that fails does not slow the others. It reads no clock, decides no policy and knows no secret.

import Foundation
package import Outbox
package import Store
import Synchronization

package final class WebhookWorker: Sendable {
  let identity: String
  let settings: WebhookSettings
  let store: any UnitOfWork
  let preparer: any AttemptPreparer
  let now: @Sendable () -> Moment
  let report: @Sendable (DispatchReport) -> Void
  let wakeup: Wakeup
  let loop: WebhookLoop
  let preparing: PreparingThread<SignedRow>
  let lease: Moment.Span
  let poll: Moment.Span
  let isAlone: Bool
  private let stopping = Atomic<Bool>(false)

  /// - Parameters:
  ///   - worker: as `DispatchWorker.identity` gives it; another one than that of the worker for mail.
  ///   - isAlone: no worker for mail is beside it: it says in the ledger that it is there before it has any work.
  ///   - now: the site's clock.
  ///   - report: called on the thread of `run`.
  /// - Returns: nil when the process has no descriptors left.
  package init?(
    worker: String, _ settings: WebhookSettings, store: any UnitOfWork, preparer: any AttemptPreparer,
    lease: Moment.Span = .minutes(15), poll: Moment.Span = Moment.Span(milliseconds: 500),
    isAlone: Bool = false,
    now: @escaping @Sendable () -> Moment, report: @escaping @Sendable (DispatchReport) -> Void = { _ in }
  ) {
    guard let wakeup = Wakeup() else { return nil }
    let listener: @Sendable () -> Void = { wakeup.wake() }
    guard let loop = WebhookLoop(settings, listener: listener),
      let preparing = PreparingThread(preparer, now: now, listener: listener, answer: SignedRow.answer)
    else { return nil }
    identity = worker
    self.settings = settings
    self.store = store
    self.preparer = preparer
    self.now = now
    self.report = report
    self.wakeup = wakeup
    self.loop = loop
    self.preparing = preparing
    self.lease = lease
    self.poll = poll
    self.isAlone = isAlone
  }

  /// From any thread: finish what is under way, record it, give the rest back, return from `run`.
  package func stop() {
    stopping.store(true, ordering: .releasing)
    wakeup.wake()
  }
  var isStopping: Bool { stopping.load(ordering: .acquiring) }

  /// Works until nothing is due (`once`) or until stopped; called once. Blocks.
  /// - Throws: what the store or the preparer threw; everything under way is then recorded as far as the store lets.
  package func run(once: Bool) throws -> DispatchProgress {
    var run = WebhookRun(self, once: once)
    loop.start()
    preparing.start()
    do {
      try run.recover()
      while try run.turn() {}
      try run.finish()
    } catch {
      try? run.finish()
      throw error
    }
    report(.progress(run.progress))
    return run.progress
  }
}
