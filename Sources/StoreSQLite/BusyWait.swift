// How a writer waits for another process. SQLite's own handler sleeps longer and longer, up to 100 ms: beside a worker
// that commits without a pause, whose lock is free for microseconds at a time, a pause or a release would starve for
// many seconds. So waiting is done in short sleeps, and whoever writes leaves a gap of two of them now and then.

import Foundation

struct BusyWait: Sendable {
  /// Counted in sleeps, not read from a clock; a sleep takes a little longer than it says.
  private let tries: Int
  private static let shortTries = 8_000
  private static let short: TimeInterval = 0.000_25
  private static let long: TimeInterval = 0.002

  /// After so many writes a connection stays away from the lock for the time of `courtesy`.
  static let writesInARow = 48
  static let courtesy: TimeInterval = 0.000_7

  init(seconds: Double) {
    let shortest = Double(Self.shortTries) * Self.short
    tries =
      seconds <= shortest
      ? Int(seconds / Self.short) : Self.shortTries + Int((min(seconds, 86_400) - shortest) / Self.long)
  }

  /// Sleeps and says whether to try again; `done` counts from 0.
  func goOn(_ done: Int) -> Bool {
    guard done < tries else { return false }
    Thread.sleep(forTimeInterval: done < Self.shortTries ? Self.short : Self.long)
    return true
  }
}
