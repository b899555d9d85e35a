// The descriptors that a loop waits for, through Linux' epoll: what is asked of each is told once and not at every
// wait, which for twenty busy connections is most of what a wait costs.

import CEpoll

#if canImport(Glibc)
  import Glibc
#endif

/// Used by its loop's thread alone, hence @unchecked Sendable.
final class SocketWatch: @unchecked Sendable {
  private let handle: Int32
  private let wakeup: Wakeup
  /// By descriptor: what it is asked for; 0 is not watched.
  private var asked: [UInt32] = []
  /// By descriptor: something happened in the last wait.
  private var happened: [Bool] = []
  private var events: [epoll_event]

  private static let readable = EPOLLIN.rawValue
  private static let writable = EPOLLOUT.rawValue
  /// Of one wait; the rest comes with the next.
  private static let batch = 64

  /// - Returns: nil when the process has no descriptors left.
  init?(_ wakeup: Wakeup) {
    handle = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard handle >= 0 else { return nil }
    self.wakeup = wakeup
    events = Array(repeating: epoll_event(), count: Self.batch)
    guard ask(wakeup.readEnd, write: false) else {
      close(handle)
      return nil
    }
  }

  deinit { close(handle) }

  /// For reading, and for writing too where that is wanted; free when it is asked for that already.
  /// - Returns: false when the kernel refuses: the descriptor is closed, or there is no memory.
  @discardableResult
  func ask(_ descriptor: Int32, write: Bool) -> Bool {
    let index = Int(descriptor)
    guard index >= 0 else { return false }
    if index >= asked.count {
      asked += Array(repeating: 0, count: index + 1 - asked.count)
      happened += Array(repeating: false, count: index + 1 - happened.count)
    }
    let wanted = Self.readable | (write ? Self.writable : 0)
    guard asked[index] != wanted else { return true }
    var event = epoll_event(events: wanted, data: epoll_data_t(fd: descriptor))
    let change = asked[index] == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD
    guard epoll_ctl(handle, change, descriptor, &event) == 0 else { return false }
    asked[index] = wanted
    return true
  }

  /// Before it is closed: its number may come again for another.
  func forget(_ descriptor: Int32) {
    let index = Int(descriptor)
    guard asked.indices.contains(index), asked[index] != 0 else { return }
    var event = epoll_event()
    _ = epoll_ctl(handle, EPOLL_CTL_DEL, descriptor, &event)
    asked[index] = 0
    happened[index] = false
  }

  /// Waits until something happens on a descriptor, the wake-up is called or the time is over.
  func wait(milliseconds: Int32) {
    let count = epoll_wait(handle, &events, Int32(Self.batch), milliseconds)
    for event in events.prefix(Int(max(0, count))) { happened[Int(event.data.fd)] = true }
    if hasHappened(on: wakeup.readEnd) { wakeup.clear() }
  }

  /// Something may be read or written, or it ended; asked once after a wait.
  func hasHappened(on descriptor: Int32) -> Bool {
    guard happened.indices.contains(Int(descriptor)), happened[Int(descriptor)] else { return false }
    happened[Int(descriptor)] = false
    return true
  }
}
