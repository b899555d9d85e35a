// What a person does with addresses that are out of use, and with the tasks that come of it.

package import Mail
package import Outbox
package import Store

package enum SuppressionVerbs {
  /// - Parameter expires: nil: until somebody lifts it.
  package static func add(
    _ address: EmailAddress, reason: String, by: String, at: Moment, expires: Moment?, store: any UnitOfWork
  ) throws {
    let key = address.description.lowercased()
    try store.write { session in
      try session.set(
        suppression: Suppression(address: key, reason: .person, detail: reason, by: by, at: at, expires: expires))
      try session.audit(actor: by, action: "suppress", subject: key, detail: reason, at: at)
    }
  }

  /// - Returns: false when mail was not suppressed for it.
  package static func remove(_ address: EmailAddress, by: String, at: Moment, store: any UnitOfWork) throws -> Bool {
    let key = address.description.lowercased()
    return try store.write { session in
      guard try session.lift(suppression: key) else { return false }
      try session.audit(actor: by, action: "unsuppress", subject: key, detail: "", at: at)
      return true
    }
  }

  /// - Returns: false when there is no open task of that number.
  package static func close(task: Int64, by: String, at: Moment, store: any UnitOfWork) throws -> Bool {
    try store.write { session in
      guard try session.close(task: task, by: by, at: at) else { return false }
      try session.audit(actor: by, action: "close-task", subject: String(task), detail: "", at: at)
      return true
    }
  }
}
