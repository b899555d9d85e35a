// A list says who SHOULD get a series; who may is the label's affair. A list only narrows (release-policy.md section
// 3).

package import Bulletins

package struct DistributionList: Hashable, Sendable {
  package var id: String
  package var name: String
  package var description: String
  package var owner: String?
  /// Atoms that a push by this list may carry.
  package var ceiling: Ceiling
  package var series: [String]
  /// One predicate in the policy's language, with `organizations` and `stakeholders` as further tests.
  package var members: Predicate
  /// Stakeholder ids; always wins over `members`.
  package var except: [String]
  package var mayLeave: Bool
  package var reviewEveryDays: Int?
  package var lastReviewed: CivilDate?
  /// Share of the audience, 0.1 for `10%`.
  package var alertOnChange: Double?

  package init(
    id: String, name: String, description: String = "", owner: String? = nil, ceiling: Ceiling, series: [String],
    members: Predicate, except: [String] = [], mayLeave: Bool = false, reviewEveryDays: Int? = nil,
    lastReviewed: CivilDate? = nil, alertOnChange: Double? = nil
  ) {
    self.id = id
    self.name = name
    self.description = description
    self.owner = owner
    self.ceiling = ceiling
    self.series = series
    self.members = members
    self.except = except
    self.mayLeave = mayLeave
    self.reviewEveryDays = reviewEveryDays
    self.lastReviewed = lastReviewed
    self.alertOnChange = alertOnChange
  }
}

/// A stakeholder's webhook; each has one at most (Documentation/decisions/0024).
package struct WebhookEndpoint: Hashable, Sendable {
  package var id: String
  package var stakeholder: String
  package var url: String
  package var format: String?
  package var events: [String]
  package var fullBody: Bool
  package var secretFile: String?
  /// PEM files with which the center says who it is, where the endpoint asks (mutual TLS).
  package var certificateFile: String?
  package var keyFile: String?
  package init(
    id: String, stakeholder: String, url: String, format: String? = nil, events: [String] = [],
    fullBody: Bool = false, secretFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil
  ) {
    self.id = id
    self.stakeholder = stakeholder
    self.url = url
    self.format = format
    self.events = events
    self.fullBody = fullBody
    self.secretFile = secretFile
    self.certificateFile = certificateFile
    self.keyFile = keyFile
  }

  /// A chat's incoming hook: its address is its secret, and its bodies are always thin.
  package var isChat: Bool { format != nil && format != "standard" }
  /// Whether it wants events of a type; without `events` it wants all.
  package func wants(_ event: String) -> Bool { events.isEmpty || events.contains(event) }
}
