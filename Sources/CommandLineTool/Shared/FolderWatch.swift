// Waits until something in some folders is saved (man 7 inotify), or until a signal ends it. It sleeps in the kernel; a
// burst of events, as an editor that saves makes one, is one happening. Which file it was is not told: whoever looks again
// sees all of it. It lives as long as its command.

import Dispatch
import Foundation
import Synchronization

final class FolderWatch: Sendable {
  enum Happening { case saved, ended }

  private let events: Int32
  private let wakeup: (read: Int32, write: Int32)
  private let ended = Atomic<Bool>(false)
  /// Written by `init` alone, before anybody else has the object.
  private nonisolated(unsafe) var signals: [any DispatchSourceSignal] = []

  /// Milliseconds of silence that end a burst, and the number of events after which it counts as over.
  private static let quiet: Int32 = 15
  private static let longest = 64

  /// - Parameters:
  ///   - folders: those that are not there are left out; folders below them are not looked into.
  ///   - numbers: signals that end it, in place of what they do.
  /// - Throws: the system gives no more descriptors or watches.
  init(_ folders: Set<String>, endedBy numbers: [Int32] = []) throws {
    var ends: [Int32] = [-1, -1]
    let descriptor = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
    let mask = UInt32(IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO)
    let watched = folders.filter { inotify_add_watch(descriptor, $0, mask) >= 0 }
    guard descriptor >= 0, !watched.isEmpty, pipe(&ends) == 0 else {
      throw CommandFailure(
        .environment, "the folders cannot be watched: " + String(cString: strerror(errno)),
        hint: "raise `ulimit -n`, fs.inotify.max_user_instances or fs.inotify.max_user_watches")
    }
    events = descriptor
    wakeup = (ends[0], ends[1])
    for number in numbers {
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

  /// Every folder that says something about a site.
  static func folders(ofSite root: String) -> Set<String> {
    let series = (try? FileManager.default.contentsOfDirectory(atPath: root + "/templates")) ?? []
    let below =
      [
        "bulletins", "distribution-lists", "distribution-lists/lists", "distribution-lists/decisions", "templates",
        "vocab",
      ] + series.map { "templates/" + $0 }
    return Set([root] + below.map { root + "/" + $0 })
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
