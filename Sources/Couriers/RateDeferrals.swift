// The rows that a run has deferred because their domain's rate is used up (decision 0020). They come due soon, by the
// rate's own plan, so a run that sends what is due waits for them. Nobody's failure is among them: a row that its relay
// or its server refused for now is another run's. Values; time is an argument.

import Outbox
import Store

struct RateDeferrals {
  /// For each relay class, when the last of them comes due; nil: none is waited for.
  private var until: [Moment?] = RelayClass.allCases.map { _ in nil }
  /// Their deferral is not in the ledger yet; with the riders of digests.
  private var unrecorded: Set<Int64> = []

  mutating func note(_ row: PreparedRow, until due: Moment) {
    let least = row.least.rawValue
    until[least] = max(until[least] ?? due, due)
    unrecorded.formUnion(row.row.rows.map(\.id))
  }

  /// An outcome is in the ledger.
  /// - Returns: it is the deferral of such a row.
  mutating func recorded(_ outcome: DeliveryOutcome) -> Bool {
    outcome.event == .defer && !unrecorded.isEmpty && unrecorded.remove(outcome.delivery) != nil
  }

  /// A claim of every lane came back empty: those that are due by now went otherwise, or were stopped.
  mutating func foundNothing(of channels: [DeliveryChannel], at now: Moment) {
    guard unrecorded.isEmpty else { return }
    for least in Set(channels.map { RelayClass($0).rawValue }) where until[least].map({ now >= $0 }) == true {
      until[least] = nil
    }
  }

  /// Some of this class come due, and a relay for them is up or may be.
  func isAwaited(_ least: RelayClass) -> Bool { until[least.rawValue] != nil }

  /// When the last comes due; nil: none is waited for.
  var last: Moment? { until.compactMap { $0 }.max() }
}
