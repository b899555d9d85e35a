// What makes a message of a composed body: sender, return path, the reader's address, ids that refer to earlier ones.
// The same for versions and for notices.

import Bulletins
import Distribution
import Mail
import Markings
import Outbox
import Store

struct MailDesk {
  let sender: Mail.Mailbox
  private let atBounceDomain: String

  /// - Throws: `FindingsFailure`, `AddressProblem`: the settings have no mail, or a wrong address.
  init(_ workspace: Workspace) throws {
    guard let mail = workspace.settings.mail else { throw FindingsFailure("revere.yaml has no `mail`", []) }
    sender = try Mail.Mailbox(parsing: mail.from)
    atBounceDomain = try "@" + EmailAddress("bounce@" + mail.bounceDomain).domain
  }

  func attempt(
    _ row: ClaimedDelivery, to reader: Reader, _ composed: ComposedBodies.Composed, id: MessageID,
    references: [MessageID], token: AcknowledgementToken? = nil
  ) -> PreparedAttempt {
    let address: EmailAddress
    do throws(AddressProblem) {
      address = try EmailAddress(reader.stakeholder.email ?? "")
    } catch {
      return .unsendable(Failure(stage: .address, enhanced: "5.1.3", text: error.message))
    }
    let mailbox = Mail.Mailbox(name: reader.stakeholder.name.isEmpty ? nil : reader.stakeholder.name, address: address)
    return .send(
      OutgoingMail(
        from: "bounce+" + String(row.id) + atBounceDomain, to: address.description, envelopeID: String(row.id),
        messageID: "<" + id.text + ">",
        segments: composed.composer.segments(
          to: mailbox, id: id, earlier: references, unsubscribe: composed.unsubscribe, token: token),
        hasUTF8Headers: composed.composer.needsSMTPUTF8(to: mailbox)))
  }
}
