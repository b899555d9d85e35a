// One event loop for all webhook requests of a worker: a thread, libcurl's multi interface driven by its sockets,
// connections kept and shared. It takes parcels and gives one receipt for each, whatever happens. It decides nothing:
// what a failure means is Outbox's, who may be sent to was decided before.

import CCurl
import Foundation
import Outbox
import Store
import Synchronization
import Webhooks

package final class WebhookLoop: @unchecked Sendable {
  private struct Shared {
    var submitted: [WebhookParcel] = []
    var receipts: [WebhookReceipt] = []
    /// So many receipts are worth a word.
    var company = 1
    var stopping = false
    /// Parcels whose endpoints' addresses are known now; they are under way.
    var judged: [(WebhookParcel, EndpointAddress)] = []
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

  /// - Parameter listener: told when receipts or the end are there; called from the loop's thread, must not block.
  /// - Returns: nil when libcurl cannot be started, or the process has no descriptors left.
  package init?(_ settings: WebhookSettings, listener: @escaping @Sendable () -> Void) {
    revere_keep_freed_memory()
    guard CurlSession.isReady, let wakeup = Wakeup(), let multi = curl_multi_init() else { return nil }
    guard let sockets = TransferSockets(multi, wakeup: wakeup) else {
      curl_multi_cleanup(multi)
      return nil
    }
    self.multi = multi
    self.sockets = sockets
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

  /// Until called again the listener is told of receipts only when there are so many, or nothing is under way.
  func expectCompany(_ count: Int) { shared.withLock { $0.company = count } }

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
      let (submitted, judged, stopping, recalls) = shared.withLock { shared in
        defer {
          shared.submitted = []
          shared.judged = []
          shared.recalls = false
        }
        return (shared.submitted, shared.judged, shared.stopping, shared.recalls)
      }
      waiting.add(submitted)
      if stopping || recalls { done += waiting.empty().map { WebhookReceipt(number: $0.number, what: .returned) } }
      while let parcel = waiting.next(room: settings.connections - active, reserved: reserved) {
        active += 1
        if settings.proxy != nil {
          judge(parcel)
        } else if !begin(parcel, nil, &free) {
          done.append(WebhookReceipt(number: parcel.number, what: .returned))
          active -= 1
          break
        }
      }
      for (parcel, address) in judged {
        switch address {
        case .refused(let failure):
          done.append(WebhookReceipt(number: parcel.number, what: .failed(failure, retryAfter: nil)))
        case .judged(let address):
          if begin(parcel, address, &free) { continue }
          done.append(WebhookReceipt(number: parcel.number, what: .returned))
        }
        active -= 1
      }
      waiting.tidy()
      publish(&done, isIdle: active == 0, ends: stopping && active == 0)
      if stopping, active == 0 { return }
      sockets.turn(multi, atMost: 1_000)
      active -= settle(&done, &free)
    }
  }

  /// Takes what ended.
  /// - Returns: how many places are free now.
  private func settle(_ done: inout [WebhookReceipt], _ free: inout [WebhookTransfer]) -> Int {
    var count = 0
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
      count += 1
    }
    return count
  }

  /// - Parameter address: what the proxy is to dial.
  private func begin(_ parcel: WebhookParcel, _ address: NetworkAddress?, _ free: inout [WebhookTransfer]) -> Bool {
    guard let transfer = free.popLast() ?? WebhookTransfer(settings, sockets),
      transfer.begin(parcel, address, on: multi)
    else { return false }
    // Held by libcurl's private pointer until its message comes.
    _ = Unmanaged.passRetained(transfer)
    return true
  }

  /// A look-up may take long: beside the loop.
  private func judge(_ parcel: WebhookParcel) {
    DispatchQueue.global().async { [self] in
      let address = EndpointAddress.of(parcel.post.url, settings)
      shared.withLock { $0.judged.append((parcel, address)) }
      wakeup.wake()
    }
  }

  /// Hands receipts out; whoever takes them is told when there are enough, or when no more are coming.
  private func publish(_ done: inout [WebhookReceipt], isIdle: Bool, ends: Bool) {
    let isNews = shared.withLock { shared in
      shared.receipts += done
      shared.finished = ends
      return ends || !shared.receipts.isEmpty && (isIdle || shared.receipts.count >= shared.company)
    }
    done.removeAll(keepingCapacity: true)
    if isNews { listener() }
  }
}
