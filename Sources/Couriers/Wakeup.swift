// Wakes a thread that waits in poll(): a pipe with at most one byte in it. Any thread may call `wake`; a wake-up
// before the wait is not lost.

import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

final class Wakeup: Sendable {
  let readEnd: Int32
  private let writeEnd: Int32
  private let pending = Atomic<Bool>(false)

  /// nil when the process has no descriptors left.
  init?() {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    readEnd = ends[0]
    writeEnd = ends[1]
  }

  deinit {
    close(readEnd)
    close(writeEnd)
  }

  func wake() {
    guard !pending.exchange(true, ordering: .acquiringAndReleasing) else { return }
    var byte: UInt8 = 1
    _ = write(writeEnd, &byte, 1)
  }

  /// Empties the pipe; to be called before looking at what the wake-up was for.
  func clear() {
    guard pending.load(ordering: .acquiring) else { return }
    var bytes = (UInt64(0), UInt64(0))
    _ = read(readEnd, &bytes, 16)
    // After the read: a waker that comes between finds `pending` and writes nothing, but we have yet to look.
    pending.store(false, ordering: .releasing)
  }

  /// Waits for a wake-up, at most `milliseconds` (negative: without limit).
  func wait(_ milliseconds: Int32) {
    var entry = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
    _ = poll(&entry, 1, milliseconds)
    clear()
  }
}
