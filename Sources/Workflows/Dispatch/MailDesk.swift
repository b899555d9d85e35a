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
  private let bounceDomain: String
  private let tokens: DeliveryTokenKey

  /// - Returns: nil where the settings have no mail.
  /// - Throws: `AddressProblem`: they have a wrong address.
  init?(_ site: SiteState) throws {
    guard let mail = site.workspace.settings.mail else { return nil }
    sender = try Mail.Mailbox(parsing: mail.from)
    bounceDomain = try EmailAddress("bounce@" + mail.bounceDomain).domain
    tokens = DeliveryTokenKey(site.secret.key(for: .bounces))
  }

  func attempt(
    _ row: ClaimedDelivery, to reader: Reader, _ composed: ComposedBodies.Composed, id: MessageID,
    references: [MessageID], token: AcknowledgementToken? = nil
  ) -> PreparedAttempt {
    guard let composer = composed.composer else { return .unsendable(.noMail) }
    let address: EmailAddress
    do throws(AddressProblem) {
      address = try EmailAddress(reader.stakeholder.email ?? "")
    } catch {
      return .unsendable(Failure(stage: .address, enhanced: "5.1.3", text: error.message))
    }
    let mailbox = Mail.Mailbox(name: reader.stakeholder.name.isEmpty ? nil : reader.stakeholder.name, address: address)
    let own = tokens.token(for: row.id)
    return .send(
      OutgoingMail(
        from: own.returnPath(domain: bounceDomain), to: address.description, envelopeID: own.text,
        messageID: "<" + id.text + ">",
        segments: composer.segments(
          to: mailbox, id: id, earlier: references, unsubscribe: composed.unsubscribe, token: token),
        hasUTF8Headers: composer.needsSMTPUTF8(to: mailbox)))
  }
}

extension Failure {
  /// A row of mail at a site that has none; no worker claims it.
  static let noMail = Failure(stage: .compose, text: "revere.yaml has no `mail`")
}
