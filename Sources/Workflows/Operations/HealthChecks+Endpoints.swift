// How webhook endpoints stand, for `revere doctor`: one that is disabled gets nothing, and nobody else says so to those
// who run the system.

import Distribution
package import Outbox
import Store

extension HealthChecks {
  /// Before that a failing endpoint is the partner's affair: rows wait and are tried again.
  package static let endpointPatience = Moment.Span.hours(1)

  package static func endpoint(_ standing: EndpointStanding, now: Moment) -> HealthCheck {
    let id = standing.endpoint.id
    let name = "endpoint \(id)"
    let waiting = standing.waiting > 0 ? "; \(standing.waiting) deliveries wait" : ""
    func ago(_ moment: Moment?) -> String { moment.map { span(max(0, (now - $0).milliseconds / 1_000)) } ?? "0 s" }
    guard let state = standing.state else { return HealthCheck(name, .ok, "healthy") }
    switch state.condition {
    case .healthy: return HealthCheck(name, .ok, "healthy")
    case .failing:
      let words = "it has failed \(state.failures) times in a row, for \(ago(state.failingSince)): "
      let isLong = state.failingSince.map { now - $0 >= endpointPatience } ?? false
      return HealthCheck(
        name, isLong ? .warning : .ok, words + LogText.withoutAddresses(state.lastFailure ?? "") + waiting,
        advice: isLong
          ? "tell the partner, and try it with `revere webhooks test \(id)`; after 120 hours it is disabled" : "")
    case .disabled:
      // Readers wait, or the next release has no channel to them.
      return HealthCheck(
        name, standing.waiting > 0 ? .failure : .warning,
        "it has been disabled for \(ago(state.disabledAt)): "
          + LogText.withoutAddresses(state.disabledWhy ?? "") + waiting,
        advice:
          "when the partner is ready: `revere webhooks test \(id)`, then `revere webhooks enable \(id)`; until "
          + "then its reader gets releases by another channel, or not at all")
    }
  }
}
