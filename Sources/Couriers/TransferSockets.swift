// The sockets that libcurl waits for, watched through Linux' epoll: libcurl says what it wants to know of which, and is
// called for those where it happened, so that a turn does not look at every transfer.
//
// A request that ends lets go of its socket and the next one takes it up again: the kernel hears of it only when no
// request has done so before the next wait. Reads no clock. libcurl says how long it may be left alone, counted from
// when it said so; a wait is never longer than a tenth of a second while it counts, and every turn lets it look at its
// own clock.

import CCurl
import CEpoll

#if canImport(Glibc)
  import Glibc
#endif

/// Used by the loop's thread alone; outlives the multi handle.
final class TransferSockets {
  private struct Socket {
    /// What libcurl wants to know, as epoll's bits; 0: nothing.
    var wanted: UInt32 = 0
    /// What the kernel was told; 0: nothing.
    var asked: UInt32 = 0
  }

  private let epoll: Int32
  private let wakeup: Wakeup
  /// By descriptor.
  private var sockets: [Socket] = []
  /// Let go of since the last wait.
  private var released: [Int32] = []
  private var events = Array(repeating: epoll_event(), count: few)
  /// Milliseconds after which libcurl wants to be called; 0 now, negative never.
  private var timer = -1

  /// Of one turn: what ended is told, and what waits begins, before the others are looked at.
  private static let few = 8

  /// - Returns: nil when the process has no descriptors left.
  init?(_ multi: UnsafeMutableRawPointer, wakeup: Wakeup) {
    epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard epoll >= 0 else { return nil }
    self.wakeup = wakeup
    want(wakeup.readEnd, EPOLLIN.rawValue)
    let own = Unmanaged.passUnretained(self).toOpaque()
    revere_curl_multi_set_pointer(multi, CURLMOPT_SOCKETDATA, own)
    revere_curl_multi_set_socket(multi) { _, descriptor, what, context, _ in
      guard let context else { return 0 }
      var events: UInt32 = 0
      if what != CURL_POLL_REMOVE {
        if what & CURL_POLL_IN != 0 { events |= EPOLLIN.rawValue }
        if what & CURL_POLL_OUT != 0 { events |= EPOLLOUT.rawValue }
      }
      TransferSockets.of(context).want(descriptor, events)
      return 0
    }
    revere_curl_multi_set_pointer(multi, CURLMOPT_TIMERDATA, own)
    revere_curl_multi_set_timer(multi) { _, milliseconds, context in
      if let context { TransferSockets.of(context).timer = milliseconds }
      return 0
    }
  }

  deinit { close(epoll) }

  private static func of(_ context: UnsafeMutableRawPointer) -> TransferSockets {
    Unmanaged<TransferSockets>.fromOpaque(context).takeUnretainedValue()
  }

  /// A socket was opened under this number; what the kernel knew of an earlier one went when that was closed.
  func opened(_ descriptor: Int32) {
    guard sockets.indices.contains(Int(descriptor)) else { return }
    sockets[Int(descriptor)].asked = 0
    // libcurl does not repeat itself for a number that it knows.
    ask(descriptor, sockets[Int(descriptor)].wanted)
  }

  private func want(_ descriptor: Int32, _ events: UInt32) {
    guard descriptor >= 0 else { return }
    let missing = Int(descriptor) + 1 - sockets.count
    if missing > 0 { sockets += Array(repeating: Socket(), count: missing) }
    sockets[Int(descriptor)].wanted = events
    if events == 0 { released.append(descriptor) } else { ask(descriptor, events) }
  }

  private func ask(_ descriptor: Int32, _ events: UInt32) {
    let known = sockets[Int(descriptor)].asked
    guard known != events else { return }
    var event = epoll_event(events: events, data: epoll_data_t(fd: descriptor))
    func tell(_ change: Int32) -> Bool { epoll_ctl(epoll, change, descriptor, &event) == 0 }
    if events == 0 { _ = tell(EPOLL_CTL_DEL) }
    // One that was closed is gone without a word. Should the kernel refuse, the request's time limit ends it.
    let isTold = events != 0 && (known == 0 ? tell(EPOLL_CTL_ADD) : tell(EPOLL_CTL_MOD) || tell(EPOLL_CTL_ADD))
    sockets[Int(descriptor)].asked = isTold ? events : 0
  }

  /// Lets libcurl go on with what is due, waits at most `limit` milliseconds for something to happen, and lets it go on
  /// with some of that.
  func turn(_ multi: UnsafeMutableRawPointer, atMost limit: Int) {
    var running: Int32 = 0
    func actOnTime() {
      timer = -1
      curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running)
    }
    // Transfers that were just added; they take up sockets that others let go of. Some may have ended by that: no wait.
    let isDue = timer == 0
    if isDue { actOnTime() }
    for descriptor in released where sockets[Int(descriptor)].wanted == 0 { ask(descriptor, 0) }
    released.removeAll(keepingCapacity: true)
    let wait = isDue ? 0 : timer < 0 ? limit : min(limit, timer, 100)
    let count = epoll_wait(epoll, &events, Int32(Self.few), Int32(wait))
    var hasActed = false
    for index in 0..<Int(max(0, count)) {
      let event = events[index]
      if event.data.fd == wakeup.readEnd {
        wakeup.clear()
        continue
      }
      // Let go of by what happened on another.
      guard sockets[Int(event.data.fd)].wanted != 0 else { continue }
      var mask: Int32 = 0
      if event.events & EPOLLIN.rawValue != 0 { mask |= CURL_CSELECT_IN }
      if event.events & EPOLLOUT.rawValue != 0 { mask |= CURL_CSELECT_OUT }
      // 0, for errors and ends: libcurl looks itself.
      curl_multi_socket_action(multi, event.data.fd, mask, &running)
      hasActed = true
    }
    if timer > 0, !hasActed { actOnTime() }
  }
}
