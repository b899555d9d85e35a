// Message-IDs (RFC 5322 section 3.6.4) that are the same for every copy of one delivery: a second copy collapses
// in the reader's mailbox, and later versions can refer to earlier ones without anything being stored.

package struct MessageID: Hashable, Sendable {
  /// Without angle brackets.
  package let text: String

  /// - Parameters:
  ///   - revision: the revision's hash, `sha256:..`.
  ///   - reader: the stakeholder's id.
  ///   - channel: the channel class or endpoint, `email-tls`.
  ///   - domain: that of the center's sender address.
  package init(revision: String, reader: String, channel: String, domain: EmailAddress) {
    text = [Self.digest(revision), Self.atom(reader), Self.atom(channel)].joined(separator: ".") + "@" + domain.domain
  }

  fileprivate init(text: String) { self.text = text }

  /// Of a notice about a bulletin as a whole: no revision's hash, which could confirm a guess of what a reader may not
  /// see (threat-model.md).
  /// - Parameters:
  ///   - serial: the bulletin's, without a version.
  ///   - event: `recalled`.
  package init(serial: String, event: String, reader: String, channel: String, domain: EmailAddress) {
    text = [serial, event, reader, channel].map(Self.atom).joined(separator: ".") + "@" + domain.domain
  }

  /// As the ledger keeps it, with angle brackets; nil for what could not stand in a header.
  package init?(stored: String) {
    guard stored.hasPrefix("<"), stored.hasSuffix(">"), (5...500).contains(stored.utf8.count) else { return nil }
    let inner = stored.dropFirst().dropLast()
    let isPlain = inner.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x3C && $0 != 0x3E }
    guard isPlain, inner.utf8.contains(0x40) else { return nil }
    text = String(inner)
  }

  /// Of a preview, which no reader gets.
  package static func preview(revision: String, domain: EmailAddress) -> MessageID {
    MessageID(revision: revision, reader: "preview", channel: "draft", domain: domain)
  }

  /// 128 bits of the hash are enough to tell revisions apart.
  fileprivate static func digest(_ hash: String) -> String {
    let digits = hash.utf8.split(separator: 0x3A).last ?? Substring().utf8
    return atom(String(decoding: digits.prefix(32), as: UTF8.self))
  }

  /// Letters, digits and hyphens stay; every other byte is written `=XX`, which is text of an atom.
  /// One-to-one, so that two readers never share an id.
  fileprivate static func atom(_ text: String) -> String {
    func isPlain(_ byte: UInt8) -> Bool { isLetterOrDigit(byte) || byte == 0x2D || byte == 0x5F }
    if !text.isEmpty, text.utf8.allSatisfy(isPlain) { return text }
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      if isPlain(byte) {
        bytes.append(byte)
      } else {
        bytes += [0x3D, hexadecimal(byte >> 4), hexadecimal(byte & 15)]
      }
    }
    return bytes.isEmpty ? "none" : String(decoding: bytes, as: UTF8.self)
  }
}

/// The ids that one revision gives its readers on one channel: what they share is made once.
package struct MessageIDs: Sendable {
  private let prefix: String
  private let suffix: String

  /// As `MessageID.init`.
  package init(revision: String, channel: String, domain: EmailAddress) {
    prefix = MessageID.digest(revision) + "."
    suffix = "." + MessageID.atom(channel) + "@" + domain.domain
  }

  package func id(of reader: String) -> MessageID { MessageID(text: prefix + MessageID.atom(reader) + suffix) }
}
