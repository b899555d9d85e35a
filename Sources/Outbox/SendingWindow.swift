// How many rows of a worker may carry `sending_since` without a committed outcome: connections + 64. The bound on
// second copies after a crash rests on it, so the worker asks here before it marks more rows.

package struct SendingWindow: Hashable, Sendable {
  /// Outcomes and marks that one commit may hold.
  package static let batch = 64

  package let connections: Int
  /// Rows with a committed `sending_since` and no committed outcome.
  package private(set) var carried = 0

  package init(connections: Int) { self.connections = max(1, connections) }

  package var limit: Int { connections + Self.batch }
  /// How many more rows may be marked in the commit that also records `outcomes` outcomes.
  package func room(withOutcomes outcomes: Int = 0) -> Int {
    max(0, min(Self.batch, limit - (carried - min(outcomes, carried))))
  }
  /// A commit happened.
  package mutating func committed(outcomes: Int, marked: Int) {
    carried = max(0, carried - outcomes) + marked
  }
}
