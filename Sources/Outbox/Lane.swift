// Lanes order the outbox: an immediate bulletin overtakes whatever is already being sent.

/// immediate > priority > routine; the raw value is what rows are ordered by, lowest first.
package enum Lane: Int, Hashable, Sendable, CaseIterable, Comparable {
  case immediate = 0
  case priority = 1
  case routine = 2

  package static func < (a: Lane, b: Lane) -> Bool { a.rawValue < b.rawValue }

  package var name: String {
    switch self {
    case .immediate: "immediate"
    case .priority: "priority"
    case .routine: "routine"
    }
  }
  package init?(name: String) {
    guard let lane = Lane.allCases.first(where: { $0.name == name }) else { return nil }
    self = lane
  }
}

/// What a series wants done when nobody can tell whether a message was handed over (template.yaml, on-uncertain).
package enum OnUncertain: String, Hashable, Sendable, CaseIterable {
  /// Send it once more, under the same Message-ID: better twice than never.
  case resend
  /// Leave it until a person decides.
  case hold
}
