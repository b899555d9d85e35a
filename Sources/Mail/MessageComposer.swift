// Messages: what all readers of one variant share is composed once, what differs by reader is a few header lines.
// A message comes out as segments that share their storage; joined they are the message with CRLF line ends and,
// because no line begins with a dot, at the same time its dot-stuffed form.

package import Bulletins
package import Foundation
package import Markings
import Rendering

/// The list that a bulletin is pushed to (RFC 2919).
package struct MailingList: Hashable, Sendable {
  package var id: String
  package var name: String
  package init(id: String, name: String) {
    self.id = id
    self.name = name
  }
}

/// How a reader leaves the list (RFC 2369, RFC 8058).
package struct Unsubscribe: Hashable, Sendable {
  /// Takes a POST without sign-in.
  package var page: String?
  package var mailbox: EmailAddress?

  /// nil when neither way is given; a page that is not a plain https URL is no way.
  package init?(page: String?, mailbox: EmailAddress? = nil) {
    let usable = page.flatMap { page in
      page.hasPrefix("https://") && page.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x3C && $0 != 0x3E }
        ? page : nil
    }
    guard usable != nil || mailbox != nil else { return nil }
    self.page = usable
    self.mailbox = mailbox
  }
}

/// Fills the slot of an encoded body.
package struct AcknowledgementToken: Hashable, Sendable {
  let bytes: [UInt8]
  /// nil unless `text` is `Rendered.slotWidth` characters of base64url.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == Rendered.slotWidth, bytes.allSatisfy({ isLetterOrDigit($0) || $0 == 0x2D || $0 == 0x5F })
    else { return nil }
    self.bytes = bytes
  }
}

/// The header fields that all readers of a mailing share.
package struct MessageHeading: Hashable, Sendable {
  package var from: Mailbox
  /// Portion mark and words, within the header ceiling.
  package var subject: String
  package var date: Instant
  package var zone: TimeZone
  package var banner: Banner
  package var urgency: Urgency
  package var list: MailingList?
  package init(
    from: Mailbox, subject: String, date: Instant, zone: TimeZone, banner: Banner, urgency: Urgency,
    list: MailingList? = nil
  ) {
    self.from = from
    self.subject = subject
    self.date = date
    self.zone = zone
    self.banner = banner
    self.urgency = urgency
    self.list = list
  }
}

package struct MessageComposer: Sendable {
  private let first: [UInt8]
  private let second: [UInt8]
  private let pieces: [[UInt8]]
  private let heading: MessageHeading

  /// Composes what is shared.
  package init(_ heading: MessageHeading, body: EncodedBody) {
    self.heading = heading
    var fields = HeaderFields()
    fields.add("From", mailbox: heading.from)
    fields.add("Subject", text: heading.subject)
    fields.add("Date", [HeaderWord(ZonedTime(heading.date, in: heading.zone).headerText)])
    first = fields.bytes

    fields = HeaderFields()
    if let list = heading.list {
      let id = String(decoding: list.id.utf8.filter { isLetterOrDigit($0) || $0 == 0x2D }, as: UTF8.self)
      fields.add(
        "List-Id", EncodedWords.phrase(list.name) + [HeaderWord("<\(id).\(heading.from.address.domain)>")])
    }
    fields.add("Auto-Submitted", literal: "auto-generated")
    fields.add(label: heading.banner)
    switch heading.urgency {
    case .immediate: fields.add("X-Priority", literal: "1")
    case .priority: fields.add("X-Priority", literal: "2")
    case .routine: fields.add("X-Priority", literal: "3")
    }
    fields.add("MIME-Version", literal: "1.0")
    second = fields.bytes

    var pieces: [[UInt8]] = []
    var start = 0
    for slot in body.slots.sorted() where slot >= start {
      pieces.append(Array(body.bytes[start..<slot]))
      start = slot + Rendered.slotWidth
    }
    pieces.append(Array(body.bytes[start...]))
    self.pieces = pieces
  }

  /// Whether a message needs a token: the body has a slot.
  package var hasSlot: Bool { pieces.count > 1 }

  /// The message for one reader, to whom alone it is addressed.
  /// - Parameters:
  ///   - earlier: ids under which this reader got earlier versions, oldest first.
  ///   - token: fills the slots; nil leaves them as zeros.
  package func segments(
    to reader: Mailbox, id: MessageID, earlier: [MessageID] = [], unsubscribe: Unsubscribe? = nil,
    token: AcknowledgementToken? = nil
  ) -> [[UInt8]] {
    var fields = HeaderFields(after: first)
    fields.add("To", mailbox: reader)
    fields.add("Message-ID", bracketed: id.text)
    if !earlier.isEmpty { fields.add("References", earlier.map { HeaderWord("<\($0.text)>") }) }
    if let unsubscribe {
      var ways: [HeaderWord] = []
      if let page = unsubscribe.page { ways.append(HeaderWord("<\(page)>")) }
      if let mailbox = unsubscribe.mailbox {
        if let last = ways.last { ways[ways.count - 1] = last + "," }
        ways.append(HeaderWord("<mailto:\(mailbox.inURL)?subject=unsubscribe>"))
      }
      fields.add("List-Unsubscribe", ways)
      if unsubscribe.page != nil { fields.add("List-Unsubscribe-Post", literal: "List-Unsubscribe=One-Click") }
    }
    fields.add(fields: second)
    var segments = [fields.bytes]
    let filling = token?.bytes ?? [UInt8](repeating: 0x30, count: Rendered.slotWidth)
    for (index, piece) in pieces.enumerated() {
      if index > 0 { segments.append(filling) }
      segments.append(piece)
    }
    return segments
  }

  /// The whole message in one piece: a preview, an `.eml`.
  package func message(
    to reader: Mailbox, id: MessageID, earlier: [MessageID] = [], unsubscribe: Unsubscribe? = nil,
    token: AcknowledgementToken? = nil
  ) -> [UInt8] {
    Array(segments(to: reader, id: id, earlier: earlier, unsubscribe: unsubscribe, token: token).joined())
  }

  /// A header holds raw UTF-8 (an address whose local part is not ASCII).
  package func needsSMTPUTF8(to reader: Mailbox) -> Bool {
    reader.address.needsSMTPUTF8 || heading.from.address.needsSMTPUTF8
  }

  /// Of a draft: To `preview@invalid`, the Message-ID made from the revision's hash.
  package func preview(revision: String) throws(AddressProblem) -> [UInt8] {
    let nobody = try EmailAddress("preview@invalid")
    return message(
      to: Mailbox(address: nobody), id: .preview(revision: revision, domain: heading.from.address))
  }
}

extension EmailAddress {
  /// For a `mailto:` (RFC 6068): what has a meaning in URLs is percent-encoded.
  var inURL: String {
    var bytes: [UInt8] = []
    for byte in description.utf8 {
      if isLetterOrDigit(byte) || "-._~@!$'*+".utf8.contains(byte) {
        bytes.append(byte)
      } else {
        bytes += [0x25, hexadecimal(byte >> 4), hexadecimal(byte & 15)]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The same address for the envelope.
  package var path: SmtpPath? { SmtpPath(description) }
}
