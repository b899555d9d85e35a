// The worker for webhooks beside the one for mail: on a thread of its own, started and stopped with it.

import Couriers
import Foundation
import Outbox
import Store
import Synchronization

final class WebhookDispatch: Sendable {
  private let worker: WebhookWorker
  private let outcome = Mutex<Result<DispatchProgress, any Error>?>(nil)
  private let ended = DispatchSemaphore(value: 0)

  /// - Parameters:
  ///   - worker: of the worker for mail.
  ///   - isAlone: there is no worker for mail.
  init?(
    worker identity: String, _ settings: WebhookSettings, store: any UnitOfWork, preparer: any AttemptPreparer,
    isAlone: Bool, now: @escaping @Sendable () -> Moment, _ reporter: DispatchReporter, _ beside: MetricsBeside?
  ) {
    let report: @Sendable (DispatchReport) -> Void = { report in
      // One line on the terminal, and it is mail's; what stops both is told once.
      switch report {
      case .progress: break
      case .halted, .unusableSite: if isAlone { reporter.take(report) }
      case .settled:
        beside?.take(report)
        reporter.take(report)
      default: reporter.take(report)
      }
    }
    guard
      let worker = WebhookWorker(
        worker: identity + WorkerReport.webhooks, settings, store: store, preparer: preparer, isAlone: isAlone,
        now: now, report: report)
    else { return nil }
    self.worker = worker
  }

  /// - Parameter failed: called when it ends by an error.
  func start(once: Bool, failed: @escaping @Sendable () -> Void) {
    let thread = Thread { [self] in
      let result = Result { try worker.run(once: once) }
      outcome.withLock { $0 = result }
      if case .failure = result { failed() }
      ended.signal()
    }
    thread.name = "webhook-ledger"
    thread.stackSize = 8 << 20
    thread.start()
  }

  func stop() { worker.stop() }

  /// Until it has ended.
  func wait() throws -> DispatchProgress {
    ended.wait()
    return try outcome.withLock { $0 }?.get() ?? DispatchProgress()
  }
}
