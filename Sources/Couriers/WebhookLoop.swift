// One event loop for all webhook requests of a worker: a thread, libcurl's multi interface, connections kept and
// shared. It takes parcels and gives one receipt for each, whatever happens. It decides nothing: what a failure means
// is Outbox's, who may be sent to was decided before.

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
  /// Used by the loop's thread; `curl_multi_wakeup` alone by others.
  private let multi: UnsafeMutableRawPointer
  private let isAwake = Atomic<Bool>(false)

  /// - Parameter listener: told when receipts or the end are there; called from the loop's thread, must not block.
  /// - Returns: nil when libcurl cannot be started.
  package init?(_ settings: WebhookSettings, listener: @escaping @Sendable () -> Void) {
    guard CurlSession.isReady, let multi = curl_multi_init() else { return nil }
    self.multi = multi
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
    wake()
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
    wake()
  }

  /// What waits is returned, what is under way ends within its time limit, and the thread ends.
  package func stop() {
    shared.withLock { $0.stopping = true }
    wake()
  }
  package var isFinished: Bool { shared.withLock { $0.finished } }

  private func wake() {
    if !isAwake.exchange(true, ordering: .acquiringAndReleasing) { curl_multi_wakeup(multi) }
  }

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
    let reserved = max(0, min(settings.reserved, settings.connections - 1))
    while true {
      isAwake.store(false, ordering: .sequentiallyConsistent)
      var done: [WebhookReceipt] = []
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
        guard let transfer = free.popLast() ?? WebhookTransfer(settings) else {
          done.append(WebhookReceipt(number: parcel.number, what: .returned))
          break
        }
        transfer.load(parcel)
        guard curl_multi_add_handle(multi, transfer.handle) == CURLM_OK else {
          done.append(WebhookReceipt(number: parcel.number, what: .returned))
          break
        }
        // Held by libcurl's private pointer until its message comes.
        _ = Unmanaged.passRetained(transfer)
        active += 1
      }
      waiting.tidy()
      var running: Int32 = 0
      curl_multi_perform(multi, &running)
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
      let ends = stopping && active == 0
      if !done.isEmpty || ends {
        shared.withLock { shared in
          shared.receipts += done
          shared.finished = ends
        }
        listener()
      }
      if ends { return }
      // A place came free while parcels wait: on without a pause.
      if !done.isEmpty, waiting.count > 0 { continue }
      curl_multi_poll(multi, nil, 0, 1_000, nil)
    }
  }
}
