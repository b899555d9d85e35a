// The one clock of the command line. `--now T` starts it at T, from where it advances with monotonic time;
// nothing else in the house reads a clock (Tests/ArchitectureTests).

import Foundation
import Markings
import Outbox

struct OperatingClock: Sendable {
  private let start: Moment
  private let systemStart: Moment
  private let begun: ContinuousClock.Instant

  /// - Parameter now: where the clock starts; nil for the system's time.
  init(startingAt now: Instant?) {
    systemStart = Moment(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
    start = now.map { Moment(seconds: $0.seconds) } ?? systemStart
    begun = ContinuousClock().now
  }

  var now: Instant { Instant(seconds: moment.seconds) }
  var moment: Moment { start + milliseconds }
  /// The machine's own time, for what must differ between runs; `--now` does not touch it.
  var systemMoment: Moment { systemStart + milliseconds }

  private var milliseconds: Moment.Span {
    let (seconds, attoseconds) = elapsed.components
    return Moment.Span(milliseconds: seconds * 1_000 + attoseconds / 1_000_000_000_000_000)
  }

  /// Since the command began; for progress and rates.
  var elapsed: Duration { begun.duration(to: ContinuousClock().now) }
}
