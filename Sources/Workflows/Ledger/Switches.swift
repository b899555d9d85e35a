// What people stop and let go again: everything, a lane, a relay, a channel, one release; and the kill switch. Each is a
// row that every worker reads before it claims and twice a second besides, so that it outlives restarts; each use of a
// switch is in the audit log.

package import Outbox
package import Store

package enum Switches {
  /// - Returns: the pause as it stands, and whether it is new: one that was set before keeps its author and reason.
  package static func set(_ pause: Pause, in store: some UnitOfWork) throws -> (pause: Pause, isNew: Bool) {
    try store.write { session in
      if let known = try session.pauses().first(where: { $0.scope == pause.scope && $0.name == pause.name }) {
        return (known, false)
      }
      try session.set(pause: pause)
      try session.audit(
        actor: pause.by, action: pause.scope == .halt ? "halt" : "pause", subject: subject(pause.scope, pause.name),
        detail: pause.reason, at: pause.at)
      return (pause, true)
    }
  }

  /// - Returns: what was lifted; nil when nothing was.
  package static func lift(
    _ scope: Pause.Scope, _ name: String, by actor: String, reason: String, at: Moment, in store: some UnitOfWork
  ) throws -> Pause? {
    try store.write { session in
      guard let known = try session.pauses().first(where: { $0.scope == scope && $0.name == name }) else { return nil }
      try session.resume(scope: scope, name: name)
      try session.audit(
        actor: actor, action: "resume", subject: subject(scope, name), detail: reason, at: at)
      return known
    }
  }

  /// The kill switch first, then what stops the most.
  package static func standing(in store: some UnitOfWork) throws -> [Pause] {
    let order = Pause.Scope.allCases
    return try store.read { try $0.pauses() }.sorted {
      (order.firstIndex(of: $0.scope) ?? 0, $0.name) < (order.firstIndex(of: $1.scope) ?? 0, $1.name)
    }
  }

  /// `everything`, `lane routine`, `relay main`, `release CFC-OS-2026-0042`.
  package static func subject(_ scope: Pause.Scope, _ name: String) -> String {
    scope == .halt || scope == .all ? "everything" : "\(scope.rawValue) \(name)"
  }
}
