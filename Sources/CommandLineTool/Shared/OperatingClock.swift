// The one clock of the command line. `--now T` starts it at T, from where it advances with monotonic time;
// nothing else in the house reads a clock (Tests/ArchitectureTests).

import Foundation
import Markings

struct OperatingClock: Sendable {
  private let start: Instant
  private let begun: ContinuousClock.Instant

  /// - Parameter now: where the clock starts; nil for the system's time.
  init(startingAt now: Instant?) {
    start = now ?? Instant(seconds: Int64(Date().timeIntervalSince1970))
    begun = ContinuousClock().now
  }

  var now: Instant { Instant(seconds: start.seconds + elapsed.components.seconds) }

  /// Since the command began; for progress and rates.
  var elapsed: Duration { begun.duration(to: ContinuousClock().now) }
}
