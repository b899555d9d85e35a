// Snapshots of lists, policy and site; the audit log; pauses and the kill switch.

package import Outbox

/// An import of the site's files: immutable, numbered, complete.
package struct SiteSnapshot: Hashable, Sendable {
  package var number: Int64
  /// Over all files.
  package var hash: String
  package var importedAt: Moment
  package var policyName: String
  package var policyVersion: String
  package var policyHash: String
  package var files: [StoredFile]
}

package struct AuditEntry: Hashable, Sendable {
  package var number: Int64
  package var at: Moment
  /// A person's or worker's id.
  package var actor: String
  /// `release`, `pause`, `policy-import` ..
  package var action: String
  /// Serial, bulletin or reader that it is about.
  package var subject: String
  package var detail: String
  /// Hexadecimal SHA-256 over the entry and the hash before it.
  package var hash: String
}

/// What is stopped. A restart changes nothing of it.
package struct Pause: Hashable, Sendable {
  package enum Scope: String, Hashable, Sendable, CaseIterable {
    /// The kill switch: everything outgoing.
    case halt
    /// Everything, in the ordinary way.
    case all
    case lane, relay, channel
    /// One release, by its serial.
    case release
  }
  package var scope: Scope
  /// Lane, relay, channel or serial; empty for halt and all.
  package var name: String
  package var by: String
  package var at: Moment
  package var reason: String

  package init(scope: Scope, name: String = "", by: String, at: Moment, reason: String = "") {
    self.scope = scope
    self.name = name
    self.by = by
    self.at = at
    self.reason = reason
  }
}
