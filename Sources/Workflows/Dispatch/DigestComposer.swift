// From what a reader's bulletins bring to the messages of a digest. Readers with equal parts share what is composed;
// only headers differ. Decides nothing: whoever is in it was decided before.

package import Bulletins
import Distribution
package import Mail
package import Markings
import Outbox
package import Rendering
import Store

/// The messages of one digest, before they are addressed.
package struct ComposedDigest: Sendable {
  package struct Message: Sendable {
    /// Which of the parts it carries.
    package var places: [Int]
    package var rendered: Rendered
    /// Over the revisions that it carries: its Message-IDs are made of it, so that a second copy has the same one
    /// although a variant changed meanwhile.
    var identity: String
    var composer: MessageComposer
    var mayLeave: Bool
  }
  package var messages: [Message]
}

final class DigestComposer {
  private let site: Site
  private let sender: Mail.Mailbox
  private var composed: [String: ComposedDigest] = [:]
  /// Digests of one day are much alike, those of another are not.
  private static let mostComposed = 500

  init(_ site: SiteState) throws {
    guard let mail = site.workspace.settings.mail else { throw FindingsFailure("revere.yaml has no `mail`", []) }
    self.site = site.workspace.site
    sender = try Mail.Mailbox(parsing: mail.from)
  }

  /// A row of a digest, what it brings, and the message that it would be alone.
  struct Carried {
    var row: ClaimedDelivery
    var part: DigestPart
    var alone: OutgoingMail
  }

  func prepare(_ rows: [Carried], for reader: Reader) throws -> [PreparedPart] {
    // The oldest first, as they would have come.
    let rows = rows.sorted { ($0.part.releasedAt, $0.row.id) < ($1.part.releasedAt, $1.row.id) }
    guard let first = rows.first?.row, let at = first.digest else { return [] }
    let format: EncodedBody.Format = first.format == .text ? .text : .html
    let key = ([format.rawValue, String(at.milliseconds)] + rows.map { "\($0.part.key) \($0.part.mayLeave)" })
      .joined(separator: "\n")
    let digest: ComposedDigest
    if let known = composed[key] {
      digest = known
    } else {
      digest = try Self.compose(rows.map(\.part), at: at, format: format, site: site, sender: sender)
      if composed.count >= Self.mostComposed { composed = [:] }
      composed[key] = digest
    }
    return digest.messages.compactMap { message in
      let chosen = message.places.map { rows[$0] }
      guard let delivery = ClaimedDelivery(together: chosen.map(\.row)) else { return nil }
      return PreparedPart(delivery, attempt(message, delivery, chosen[0].alone, reader))
    }
  }

  private func attempt(
    _ message: ComposedDigest.Message, _ row: ClaimedDelivery, _ alone: OutgoingMail, _ reader: Reader
  ) -> PreparedAttempt {
    let address: EmailAddress
    do throws(AddressProblem) {
      address = try EmailAddress(reader.stakeholder.email ?? "")
    } catch {
      return .unsendable(Failure(stage: .address, enhanced: "5.1.3", text: error.message))
    }
    let mailbox = Mail.Mailbox(name: reader.stakeholder.name.isEmpty ? nil : reader.stakeholder.name, address: address)
    let id = MessageID(
      revision: message.identity, reader: reader.id, channel: row.channel.rawValue, domain: sender.address)
    var mail = alone
    mail.messageID = "<\(id.text)>"
    mail.segments = message.composer.segments(
      to: mailbox, id: id, unsubscribe: message.mayLeave ? .byWatch(site) : nil)
    mail.hasUTF8Headers = message.composer.needsSMTPUTF8(to: mailbox)
    return .send(mail)
  }

  static func compose(
    _ parts: [DigestPart], at: Moment, format: EncodedBody.Format, site: Site, sender: Mail.Mailbox
  ) throws(LayoutProblem) -> ComposedDigest {
    let split = DigestProduct.split(parts.map(\.entry))
    let instant = Instant(seconds: at.seconds)
    var messages: [ComposedDigest.Message] = []
    for (index, places) in split.enumerated() {
      let chosen = places.map { parts[$0] }
      let content = RevisionHash.sha256(Array(chosen.map(\.key).joined(separator: "\n").utf8))
      let digest = DigestProduct(
        id: String(content.prefix(32)), entries: chosen.map(\.entry), at: instant,
        part: split.count > 1 ? (index + 1, split.count) : nil)
      var rendered = try Renderer.render(digest)
      rendered.headerBanner =
        RollUp.banner(chosen.flatMap(\.headerMarks) + [digest.ownMark], scheme: digest.scheme) ?? rendered.banner
      let identity = RevisionHash.sha256(Array(chosen.map(\.revision).sorted().joined(separator: "\n").utf8))
      messages.append(
        ComposedDigest.Message(
          places: places, rendered: rendered, identity: identity,
          composer: MessageComposer(
            MessageHeading(
              from: sender, subject: rendered.subject, date: instant, zone: site.zone, banner: rendered.headerBanner,
              urgency: .routine, list: MailingList(id: "digest", name: "Daily digest")),
            body: EncodedBody(rendered, format: format)),
          mayLeave: chosen.allSatisfy(\.mayLeave)))
    }
    return ComposedDigest(messages: messages)
  }
}

/// For looking at, and for the test that nothing leaks: the messages of a digest, addressed to nobody.
package enum DigestPreview {
  package static func messages(
    _ parts: [DigestPart], at: Instant, format: EncodedBody.Format = .html, site: Site, mail: MailSettings?
  ) throws -> [(rendered: Rendered, message: [UInt8])] {
    let sender = try Mail.Mailbox(parsing: mail?.from ?? "preview@invalid")
    let digest = try DigestComposer.compose(
      parts, at: Moment(seconds: at.seconds), format: format, site: site, sender: sender)
    return try digest.messages.map { ($0.rendered, try $0.composer.preview(revision: $0.identity)) }
  }
}
