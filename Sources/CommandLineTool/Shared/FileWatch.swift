// Tells that something was saved in some folders, by the kernel's inotify (man 7 inotify). Editors write in several
// steps (a new file, a rename, the old one gone); what comes within a breath of the first counts as one save.

import Foundation

/// One thread waits at a time.
final class FileWatch: Sendable {
  /// A save is over when nothing more comes for so long.
  private static let breath: Int32 = 15
  private let descriptor: Int32

  /// - Parameter folders: those that do not exist are left out; folders below them are not looked into.
  /// - Throws: the system gives no more watches.
  init(folders: [String]) throws {
    descriptor = inotify_init1(Int32(IN_CLOEXEC))
    let events = UInt32(IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CREATE)
    let watched = folders.filter { inotify_add_watch(descriptor, $0, events) >= 0 }
    guard descriptor >= 0, !watched.isEmpty else {
      throw CommandFailure(
        .environment, "the folders cannot be watched: " + String(cString: strerror(errno)),
        hint: "see fs.inotify.max_user_watches and max_user_instances")
    }
  }

  deinit { close(descriptor) }

  /// Returns when something was saved. The names are not told: whoever looks again sees all of it.
  func waitForSave() {
    while !hasMore(within: -1) {}
    while hasMore(within: Self.breath) {}
  }

  private func hasMore(within milliseconds: Int32) -> Bool {
    var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&wanted, 1, milliseconds) > 0 else { return false }
    var events = [UInt8](repeating: 0, count: 16_384)
    return read(descriptor, &events, events.count) > 0
  }
}
