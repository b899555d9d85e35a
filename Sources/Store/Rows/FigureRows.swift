// What people and machines watch: rows by lane and state, how long the oldest has waited, who is at work. Everything
// is computed from rows; nothing here is a counter that could drift from them.

package import Outbox

/// The whole ledger at one moment.
package struct LedgerFigures: Hashable, Sendable {
  package var rows: [Lane: [DeliveryState: Int]]
  /// When the oldest release of the lane that has open rows might first go; of one whose open rows all wait for a
  /// digest, the time of that.
  package var oldestOpen: [Lane: Moment]
  /// The earliest time of a row that waits to be claimed; in the past when it is overdue.
  package var earliestDue: [Lane: Moment]
  /// Rows that wait for a person, beside the uncertain ones.
  package var held: Int
  package init(
    rows: [Lane: [DeliveryState: Int]] = [:], oldestOpen: [Lane: Moment] = [:], earliestDue: [Lane: Moment] = [:],
    held: Int = 0
  ) {
    self.rows = rows
    self.oldestOpen = oldestOpen
    self.earliestDue = earliestDue
    self.held = held
  }

  package func count(_ state: DeliveryState) -> Int { rows.values.reduce(0) { $0 + ($1[state] ?? 0) } }
  package var open: Int { DeliveryState.allCases.filter(\.isOpen).reduce(0) { $0 + count($1) } }
  package var total: Int { rows.values.reduce(0) { $0 + $1.values.reduce(0, +) } }
}

/// What a worker last said of itself, kept while it works and for a day after.
package struct WorkerReport: Hashable, Sendable {
  package struct RelayLine: Hashable, Sendable {
    /// Of a worker for webhooks the endpoint.
    package var relay: String
    /// Since the worker began.
    package var accepted: Int
    package var deferred: Int
    package var bounced: Int
    package var lastAcceptedAt: Moment?
    package var lastAlertAt: Moment?
    /// The relay's words at the last alert; empty without one.
    package var alert: String
    package init(
      relay: String, accepted: Int = 0, deferred: Int = 0, bounced: Int = 0, lastAcceptedAt: Moment? = nil,
      lastAlertAt: Moment? = nil, alert: String = ""
    ) {
      self.relay = relay
      self.accepted = accepted
      self.deferred = deferred
      self.bounced = bounced
      self.lastAcceptedAt = lastAcceptedAt
      self.lastAlertAt = lastAlertAt
      self.alert = alert
    }
    /// The last thing that it did was to fail.
    package var isInTrouble: Bool { lastAlertAt.map { $0 > lastAcceptedAt ?? Moment(milliseconds: .min) } ?? false }
  }
  /// As in leases; the half of a process that sends webhooks has a name that ends so.
  package var worker: String
  package static let webhooks = "-webhooks"
  package var isOfWebhooks: Bool { worker.hasSuffix(Self.webhooks) }
  package var startedAt: Moment
  package var seenAt: Moment
  /// It said that it ends.
  package var endedAt: Moment?
  package var inFlight: Int
  package var relays: [RelayLine]
  package init(
    worker: String, startedAt: Moment, seenAt: Moment, endedAt: Moment? = nil, inFlight: Int = 0,
    relays: [RelayLine] = []
  ) {
    self.worker = worker
    self.startedAt = startedAt
    self.seenAt = seenAt
    self.endedAt = endedAt
    self.inFlight = inFlight
    self.relays = relays
  }
}

/// A schema change that the database has.
package struct AppliedChange: Hashable, Sendable {
  package var number: Int64
  package var name: String
  package var at: Moment
  package init(number: Int64, name: String, at: Moment) {
    self.number = number
    self.name = name
    self.at = at
  }
}

/// What putting an older ledger in place found and did.
package struct RestoreMarks: Hashable, Sendable {
  /// Leases that the copy still had: their workers are gone.
  package var leases: Int
  /// Serials of releases with rows that had not gone out when the copy was made.
  package var paused: [String]
  package var openRows: Int
  package var uncertainRows: Int
}

/// The last number of a series in a year of the site's zone.
package struct SerialCounter: Hashable, Sendable {
  package var series: String
  package var year: Int
  package var last: Int
  package init(series: String, year: Int, last: Int) {
    self.series = series
    self.year = year
    self.last = last
  }
}
