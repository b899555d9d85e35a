// Why a row that is open has not gone yet, and when it may at the earliest: for people who look at the ledger.

package struct Waiting: Hashable, Sendable {
  package enum Cause: String, Hashable, Sendable, CaseIterable {
    /// The release begins later: `not-before`, or the hold of its lane.
    case scheduled
    /// The reader asked for one message a day.
    case digest
    /// An attempt failed for now.
    case retry
    /// Routine mail does not go at this hour.
    case quietHours = "quiet-hours"
  }
  package var cause: Cause
  package var until: Moment

  /// What is known of the row.
  package struct Facts: Hashable, Sendable {
    package var state: DeliveryState
    package var lane: Lane
    package var isEmail: Bool
    package var nextAttempt: Moment
    /// The time of the digest that it is part of.
    package var digest: Moment?
    package init(state: DeliveryState, lane: Lane, isEmail: Bool, nextAttempt: Moment, digest: Moment?) {
      self.state = state
      self.lane = lane
      self.isEmail = isEmail
      self.nextAttempt = nextAttempt
      self.digest = digest
    }
  }

  /// nil when it may go now.
  /// - Parameter quietUntil: the end of the quiet hours that a moment lies in.
  package init?(_ row: Facts, now: Moment, quietUntil: (Moment) -> Moment?) {
    guard row.state.isClaimable else { return nil }
    let time = max(row.nextAttempt, now)
    let quiet = row.isEmail && QuietHours.concern(row.lane) ? quietUntil(time) : nil
    until = quiet ?? time
    if row.nextAttempt > now {
      cause = row.state == .deferred ? .retry : row.digest != nil ? .digest : .scheduled
    } else if quiet != nil {
      cause = .quietHours
    } else {
      return nil
    }
  }
}
