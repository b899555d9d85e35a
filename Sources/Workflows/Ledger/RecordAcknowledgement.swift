// That a reader has read a version: by the reader's own link, or by the word of a person who told them. The first record
// stands; a second one changes nothing.

import Distribution
import Mail
package import Markings
import Outbox
package import Store

package struct AcknowledgementDone: Hashable, Sendable {
  package var serial: String
  package var reader: String
  package var result: AcknowledgementResult
}

package struct AcknowledgementProblem: Error, Hashable, Sendable {
  package enum Code: String, Hashable, Sendable {
    /// Said alike of every token that is not one of this site's, whatever is wrong with it.
    case notAToken = "not-a-token"
    case notSent = "not-sent"
    case unknownPerson = "unknown-person"
  }
  package var code: Code
  package var message: String
  package var hint: String
}

package enum RecordAcknowledgement {
  /// The reader's own word. It also settles what nobody knew: a reader who follows the link has got the message.
  package static func byToken(
    _ token: String, secret: SiteSecret, store: some UnitOfWork, now: Instant
  ) throws -> AcknowledgementDone {
    let at = Moment(seconds: now.seconds)
    return try store.write { session in
      guard let id = AcknowledgementToken.delivery(claimedBy: token), let delivery = try session.delivery(id),
        let release = try session.release(delivery.release),
        AcknowledgementToken.isGenuine(
          token, delivery: id, reader: delivery.reader, revision: release.revisionHash, secret)
      else {
        throw AcknowledgementProblem(
          code: .notAToken, message: "this is no acknowledgement link of this site", hint: "")
      }
      let waits = delivery.state.isClaimable && delivery.secondCopies > 0
      if delivery.state == .uncertain || waits {
        try session.apply(
          .settle, delivery: id, reply: DeliveryOutcome.Reply(text: "acknowledged by its reader"), nextAttempt: nil,
          at: at)
      }
      let result = try session.acknowledge(id, by: delivery.reader, at: at)
      if result == .recorded {
        try session.audit(
          actor: delivery.reader, action: "acknowledge", subject: release.serial, detail: "by their own link", at: at)
      }
      return AcknowledgementDone(serial: release.serial, reader: delivery.reader, result: result)
    }
  }

  /// A person's word about a reader, whom they reached by telephone perhaps.
  /// - Parameter by: an active reader of the center.
  package static func byPerson(
    _ by: String, reader: String, serial: String, in workspace: Workspace, store: some UnitOfWork, now: Instant
  ) throws -> AcknowledgementDone {
    guard workspace.lists.readers().first(where: { $0.id == by })?.stakeholder.status == .active else {
      throw AcknowledgementProblem(
        code: .unknownPerson, message: "`\(by)` is no active reader of the center",
        hint: "--by names the person who records it, by their reader id")
    }
    let at = Moment(seconds: now.seconds)
    return try store.write { session in
      guard let release = try session.release(serial: serial) else {
        throw StoreError(.notFound, detail: "no release named \(serial)")
      }
      let rows = try session.deliveries(release: release.id, reader: reader)
      let theirs = rows.filter {
        $0.kind == .variant && ($0.secondCopies > 0 || ($0.state != .withheld && $0.state != .cancelled))
      }
      guard !theirs.isEmpty else {
        throw AcknowledgementProblem(
          code: .notSent, message: "`\(reader)` is not among those to whom \(serial) goes",
          hint: rows.isEmpty
            ? "see `revere who \(serial)`" : "their row is \(rows[0].state.rawValue): see `revere who \(serial)`")
      }
      var result = AcknowledgementResult.recorded
      for row in theirs {
        let answer = try session.acknowledge(row.id, by: by, at: at)
        if row == theirs[0] || answer == .recorded { result = answer }
      }
      if result == .recorded {
        try session.audit(
          actor: by, action: "acknowledge", subject: serial, detail: "\(reader), recorded by \(by)", at: at)
      }
      return AcknowledgementDone(serial: serial, reader: reader, result: result)
    }
  }
}
