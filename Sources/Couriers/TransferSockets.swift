// The sockets that libcurl waits for, kept in the order that poll() reads them: libcurl says what it wants to know of
// which, and is called for those where it happened, so that a turn does not look at every transfer.
//
// Reads no clock. libcurl says how long it may be left alone, counted from when it said so; a wait is never longer than
// a tenth of a second while it counts, and every turn lets it look at its own clock.

import CCurl

#if canImport(Glibc)
  import Glibc
#endif

/// Used by the loop's thread alone; outlives the multi handle.
final class TransferSockets {
  private let wakeup: Wakeup
  /// What poll() is asked; the first is the wake-up's.
  private var entries: [pollfd]
  /// The place of each descriptor in it; 0: none.
  private var places: [Int] = []
  /// Of the turn: what happened, before libcurl changes the entries.
  private var happened: [pollfd] = []
  /// Milliseconds after which libcurl wants to be called; 0 now, negative never.
  private var timer = -1

  init(_ multi: UnsafeMutableRawPointer, wakeup: Wakeup) {
    self.wakeup = wakeup
    entries = [pollfd(fd: wakeup.readEnd, events: Int16(POLLIN), revents: 0)]
    let own = Unmanaged.passUnretained(self).toOpaque()
    revere_curl_multi_set_pointer(multi, CURLMOPT_SOCKETDATA, own)
    revere_curl_multi_set_socket(multi) { _, descriptor, what, context, _ in
      if let context { TransferSockets.of(context).want(descriptor, what) }
      return 0
    }
    revere_curl_multi_set_pointer(multi, CURLMOPT_TIMERDATA, own)
    revere_curl_multi_set_timer(multi) { _, milliseconds, context in
      if let context { TransferSockets.of(context).timer = milliseconds }
      return 0
    }
  }

  private static func of(_ context: UnsafeMutableRawPointer) -> TransferSockets {
    Unmanaged<TransferSockets>.fromOpaque(context).takeUnretainedValue()
  }

  private func want(_ descriptor: Int32, _ what: Int32) {
    guard descriptor >= 0 else { return }
    let missing = Int(descriptor) + 1 - places.count
    if missing > 0 { places += [Int](repeating: 0, count: missing) }
    let place = places[Int(descriptor)]
    if what == CURL_POLL_REMOVE {
      guard place > 0 else { return }
      places[Int(descriptor)] = 0
      // The last one takes its place.
      let last = entries.removeLast()
      guard last.fd != descriptor else { return }
      entries[place] = last
      places[Int(last.fd)] = place
      return
    }
    var events: Int32 = 0
    if what & CURL_POLL_IN != 0 { events |= POLLIN }
    if what & CURL_POLL_OUT != 0 { events |= POLLOUT }
    if place > 0 {
      entries[place].events = Int16(events)
    } else {
      places[Int(descriptor)] = entries.count
      entries.append(pollfd(fd: descriptor, events: Int16(events), revents: 0))
    }
  }

  /// Waits until something happens, at most `limit` milliseconds, and lets libcurl go on with it.
  /// - Returns: false when nothing happened in that time.
  func turn(_ multi: UnsafeMutableRawPointer, atMost limit: Int) -> Bool {
    let wait = timer < 0 ? limit : min(limit, timer, 100)
    let count = poll(&entries, nfds_t(entries.count), Int32(wait))
    happened.removeAll(keepingCapacity: true)
    if count > 0 { happened.append(contentsOf: entries.lazy.filter { $0.revents != 0 }) }
    var running: Int32 = 0
    var hasActed = false
    for entry in happened {
      if entry.fd == wakeup.readEnd {
        wakeup.clear()
        continue
      }
      // Closed by what happened on another.
      guard places[Int(entry.fd)] > 0 else { continue }
      var mask: Int32 = 0
      if Int32(entry.revents) & POLLIN != 0 { mask |= CURL_CSELECT_IN }
      if Int32(entry.revents) & POLLOUT != 0 { mask |= CURL_CSELECT_OUT }
      // 0, for errors and ends: libcurl looks itself.
      curl_multi_socket_action(multi, entry.fd, mask, &running)
      hasActed = true
    }
    // What is due by time; transfers that were just added are.
    if timer == 0 || (timer > 0 && !hasActed) {
      timer = -1
      curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running)
    }
    return count > 0
  }
}
