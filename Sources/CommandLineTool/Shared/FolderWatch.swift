// Waits until something in some folders is saved (inotify), or until somebody ends it. It sleeps in the kernel; a burst
// of events, as an editor that saves makes one, is one happening.

import Dispatch
import Foundation
import Synchronization

final class FolderWatch: Sendable {
  enum Happening { case saved, ended }

  private let events: Int32
  private let wakeup: (read: Int32, write: Int32)
  private let ended = Atomic<Bool>(false)
  private nonisolated(unsafe) var signals: [any DispatchSourceSignal] = []

  /// Milliseconds of silence that end a burst, and the longest that one is waited for.
  private static let quiet: Int32 = 60
  private static let longest = 16

  /// nil when the system gives no more descriptors. Folders that are not there are left out.
  init?(_ folders: Set<String>) {
    var ends: [Int32] = [-1, -1]
    events = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
    guard events >= 0, pipe(&ends) == 0 else { return nil }
    wakeup = (ends[0], ends[1])
    let mask = UInt32(IN_CLOSE_WRITE | IN_MOVED_TO | IN_DELETE)
    for folder in folders { inotify_add_watch(events, folder, mask) }
    for number in [SIGINT, SIGTERM] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { [self] in
        ended.store(true, ordering: .releasing)
        var byte: UInt8 = 1
        _ = Foundation.write(wakeup.write, &byte, 1)
      }
      source.resume()
      signals.append(source)
    }
  }

  func wait() -> Happening {
    var isSaved = false
    var rounds = 0
    while true {
      var entries = [
        pollfd(fd: wakeup.read, events: Int16(POLLIN), revents: 0),
        pollfd(fd: events, events: Int16(POLLIN), revents: 0),
      ]
      let ready = poll(&entries, 2, isSaved ? Self.quiet : -1)
      if ended.load(ordering: .acquiring) { return .ended }
      if ready < 0, errno != EINTR { return .ended }
      if isSaved, ready == 0 || rounds >= Self.longest { return .saved }
      if entries[1].revents != 0 {
        if drained() { isSaved = true }
        rounds += 1
      }
    }
  }

  /// Reads what there is; false when all of it was about files of editors.
  private func drained() -> Bool {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    var isOfInterest = false
    while case let count = read(events, &buffer, buffer.count), count > 0 {
      var offset = 0
      // wd, mask, cookie, length of the name: four times 32 bits.
      while offset + 16 <= count {
        let length = buffer.withUnsafeBytes { Int($0.loadUnaligned(fromByteOffset: offset + 12, as: UInt32.self)) }
        let name = buffer[(offset + 16)..<min(offset + 16 + length, count)].prefix { $0 != 0 }
        isOfInterest = isOfInterest || Self.isOfInterest(String(decoding: name, as: UTF8.self))
        offset += 16 + length
      }
    }
    return isOfInterest
  }

  /// Editors write beside the file that they save.
  private static func isOfInterest(_ name: String) -> Bool {
    !name.hasPrefix(".") && !name.hasSuffix("~") && !name.hasPrefix("#")
      && [".md", ".yaml", ".csv", ".png", ".jpg", ".jpeg", ".txt", ".mustache"].contains(
        where: name.lowercased().hasSuffix)
  }
}
