// A clock that was wrong: rows that were written by one that was ahead wait for times that this one will not see for
// long. Their waits are counted anew from now, so that a clock that is set back holds nobody up (decisions/0030).

import Outbox

extension SQLSession {
  /// Clocks of several machines differ by this much without harm.
  private static let tolerance = Moment.Span.seconds(2)
  /// A first attempt that waits no longer than this waits for the hold of its lane, not for an appointment.
  private static let longestHold = Moment.Span.minutes(5)

  func recount(now: Moment) throws(StoreError) -> Int {
    let ahead = now + Self.tolerance
    var rows = 0
    for lane in Lane.allCases {
      for channel in DeliveryChannel.allCases where channel != .none {
        // A digest and a release with `not-before` keep their appointments: these are times of day, by any clock.
        rows += try run(
          """
          UPDATE deliveries SET changed_at = $1,
            next_attempt_at = $1 + CASE WHEN next_attempt_at > changed_at THEN next_attempt_at - changed_at ELSE 0 END
          WHERE state IN ('pending', 'deferred') AND held IS NULL AND digest_at IS NULL AND channel = $2 AND lane = $3
            AND next_attempt_at > $4 AND changed_at > $4 AND (attempts > 0 OR next_attempt_at - changed_at <= $5)
          """, .moment(now), .text(channel.rawValue), .integer(lane.rawValue), .moment(ahead),
          .integer(Self.longestHold.milliseconds))
      }
    }
    if rows > 0 {
      try audit(
        actor: "revere", action: "clock-back", subject: "deliveries",
        detail: "\(rows) rows were written by a clock ahead of this one; their waits are counted from now", at: now)
    }
    return rows
  }
}
