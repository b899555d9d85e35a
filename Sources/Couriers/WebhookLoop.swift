// One event loop for all webhook requests of a worker: a thread, libcurl's multi interface driven by its sockets,
// connections kept and shared. It takes parcels and gives one receipt for each, whatever happens. It decides nothing:
// what a failure means is Outbox's, who may be sent to was decided before.

import CCurl
import Foundation
import Outbox
import Synchronization

package final class WebhookLoop: @unchecked Sendable {
  private struct Shared {
    var submitted: [WebhookParcel] = []
    var receipts: [WebhookReceipt] = []
    var stopping = false
    /// What waits is wanted back.
    var recalls = false
    var finished = false
  }

  private let shared = Mutex(Shared())
  private let settings: WebhookSettings
  private let listener: @Sendable () -> Void
  /// Used by the loop's thread alone.
  private let multi: UnsafeMutableRawPointer
  private let sockets: TransferSockets
  private let wakeup: Wakeup
  /// So many receipts are handed out together, unless nothing follows soon: whoever takes them commits them.
  private static let company = 32

  /// - Parameter listener: told when receipts or the end are there; called from the loop's thread, must not block.
  /// - Returns: nil when libcurl cannot be started, or the process has no descriptors left.
  package init?(_ settings: WebhookSettings, listener: @escaping @Sendable () -> Void) {
    guard CurlSession.isReady, let wakeup = Wakeup(), let multi = curl_multi_init() else { return nil }
    self.multi = multi
    sockets = TransferSockets(multi, wakeup: wakeup)
    self.wakeup = wakeup
    self.settings = settings
    self.listener = listener
    revere_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, settings.connections)
    revere_curl_multi_set_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, settings.connections)
  }

  deinit { curl_multi_cleanup(multi) }

  package func start() {
    let thread = Thread { self.run() }
    thread.name = "webhooks"
    thread.stackSize = 1 << 20
    thread.start()
  }

  package func submit(_ parcels: [WebhookParcel]) {
    shared.withLock { $0.submitted.append(contentsOf: parcels) }
    wakeup.wake()
  }

  package func receipts() -> [WebhookReceipt] {
    shared.withLock { shared in
      defer { shared.receipts = [] }
      return shared.receipts
    }
  }

  /// What is not under way is returned: a person has stopped something.
  package func recall() {
    shared.withLock { $0.recalls = true }
    wakeup.wake()
  }

  /// What waits is returned, what is under way ends within its time limit, and the thread ends.
  package func stop() {
    shared.withLock { $0.stopping = true }
    wakeup.wake()
  }
  package var isFinished: Bool { shared.withLock { $0.finished } }

  // MARK: The thread

  /// What waits, the immediate lane first.
  private struct Queue {
    var urgent: [WebhookParcel] = []
    var others: [WebhookParcel] = []
    private var heads = (0, 0)

    var count: Int { urgent.count + others.count - heads.0 - heads.1 }
    mutating func add(_ parcels: [WebhookParcel]) {
      for parcel in parcels { if parcel.isUrgent { urgent.append(parcel) } else { others.append(parcel) } }
    }
    mutating func next(room: Int, reserved: Int) -> WebhookParcel? {
      if heads.0 < urgent.count, room > 0 {
        heads.0 += 1
        return urgent[heads.0 - 1]
      }
      guard heads.1 < others.count, room > reserved else { return nil }
      heads.1 += 1
      return others[heads.1 - 1]
    }
    mutating func tidy() {
      urgent.removeFirst(heads.0)
      others.removeFirst(heads.1)
      heads = (0, 0)
    }
    mutating func empty() -> [WebhookParcel] {
      tidy()
      defer { self = Queue() }
      return urgent + others
    }
  }

  private func run() {
    var free: [WebhookTransfer] = []
    var active = 0
    var waiting = Queue()
    var done: [WebhookReceipt] = []
    let reserved = max(0, min(settings.reserved, settings.connections - 1))
    while true {
      let (submitted, stopping, recalls) = shared.withLock { shared in
        defer {
          shared.submitted = []
          shared.recalls = false
        }
        return (shared.submitted, shared.stopping, shared.recalls)
      }
      waiting.add(submitted)
      if stopping || recalls { done += waiting.empty().map { WebhookReceipt(number: $0.number, what: .returned) } }
      while let parcel = waiting.next(room: settings.connections - active, reserved: reserved) {
        guard let transfer = free.popLast() ?? WebhookTransfer(settings),
          transfer.begin(parcel, on: multi)
        else {
          done.append(WebhookReceipt(number: parcel.number, what: .returned))
          break
        }
        // Held by libcurl's private pointer until its message comes.
        _ = Unmanaged.passRetained(transfer)
        active += 1
      }
      waiting.tidy()
      // Nothing more is coming: out with what there is.
      if publish(done, atLeast: active == 0 ? 1 : Self.company, ends: stopping && active == 0) { done = [] }
      if stopping, active == 0 { return }
      let isQuiet = !sockets.turn(multi, atMost: done.isEmpty ? 1_000 : 1)
      if isQuiet, publish(done, atLeast: 1) { done = [] }
      var left: Int32 = 0
      while let message = curl_multi_info_read(multi, &left) {
        guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle else { continue }
        let code = revere_curl_message_result(message)
        var context: UnsafeMutableRawPointer?
        revere_curl_get_pointer(handle, CURLINFO_PRIVATE, &context)
        curl_multi_remove_handle(multi, handle)
        guard let context else { continue }
        let transfer = Unmanaged<WebhookTransfer>.fromOpaque(context).takeRetainedValue()
        if let receipt = transfer.finish(code) { done.append(receipt) }
        free.append(transfer)
        active -= 1
      }
    }
  }

  /// - Returns: whether the receipts were handed out.
  private func publish(_ receipts: [WebhookReceipt], atLeast least: Int, ends: Bool = false) -> Bool {
    guard ends || receipts.count >= least else { return false }
    shared.withLock { shared in
      shared.receipts += receipts
      shared.finished = ends
    }
    listener()
    return true
  }
}
