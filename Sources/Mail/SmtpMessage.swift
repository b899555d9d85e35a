// What one SMTP transaction carries: envelope and content, valid by construction. No path, ENVID or parameter can
// hold CR, LF or a space, and content can end only where we end it: libcurl before 8.22 and many relays check
// none of this (RFC 5321 section 4.1.2; DSN parameters RFC 3461; SMTPUTF8 RFC 6531).

/// A mailbox for MAIL FROM or RCPT TO, without its angle brackets.
package struct SmtpPath: Hashable, Sendable, CustomStringConvertible {
  package let text: String
  package let isASCII: Bool
  /// What follows the last `@`, lower case.
  package let domain: String

  package static let limit = 254

  /// nil unless `text` is local@domain of at most 254 bytes without controls, spaces or angle brackets; a
  /// quoted local part is well formed. The domain has no character that RFC 5321 forbids in one.
  package init?(_ text: String) {
    var text = text
    guard let read = text.withUTF8({ Self.read($0) }) else { return nil }
    // C1 controls and the Unicode line separators are line ends to some software.
    if !read.isASCII {
      for scalar in text.unicodeScalars {
        let value = scalar.value
        if (0x80...0xA0).contains(value) || value == 0x2028 || value == 0x2029 || value == 0xFEFF { return nil }
      }
    }
    let rest = text[text.utf8.index(text.startIndex, offsetBy: read.at + 1)...]
    self.text = text
    isASCII = read.isASCII
    domain = read.hasUpper ? rest.lowercased() : String(rest)
  }

  /// Where the last `@` is, and what else the bytes tell; nil when they are no path.
  private static func read(_ bytes: UnsafeBufferPointer<UInt8>) -> (at: Int, isASCII: Bool, hasUpper: Bool)? {
    guard bytes.count <= Self.limit, let at = bytes.lastIndex(of: UInt8(ascii: "@")) else { return nil }
    guard at > 0, at + 1 < bytes.count else { return nil }
    let quoted = bytes.first == UInt8(ascii: "\"")
    let local = quoted ? bytes[..<at].dropFirst().dropLast() : bytes[..<at]
    if quoted, local.isEmpty || bytes[at - 1] != UInt8(ascii: "\"") { return nil }
    var ascii = true
    var escaped = false
    for byte in local {
      switch byte {
      case 0...0x20, 0x7F, UInt8(ascii: "<"), UInt8(ascii: ">"): return nil
      case 0x80...: ascii = false
      case _ where escaped: break
      case UInt8(ascii: "\""): return nil
      case UInt8(ascii: "@"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: ","), UInt8(ascii: ":"),
        UInt8(ascii: ";"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "\\"):
        guard quoted else { return nil }
      default: break
      }
      escaped = quoted && !escaped && byte == UInt8(ascii: "\\")
    }
    guard !escaped else { return nil }
    guard at <= 64 else { return nil }
    var upper = false
    for byte in bytes[(at + 1)...] {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): break
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): upper = true
      case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "["), UInt8(ascii: "]"),
        UInt8(ascii: ":"):
        break
      case 0x80...: ascii = false
      default: return nil
      }
    }
    return (at, ascii, upper)
  }

  package var description: String { text }
}

package struct SmtpRecipient: Hashable, Sendable {
  package var path: SmtpPath
  /// The address that the stakeholder file names, when it differs from `path`; for ORCPT.
  package var original: SmtpPath?
  package init(_ path: SmtpPath, original: SmtpPath? = nil) {
    self.path = path
    self.original = original
  }
}

/// The DSN envelope id: xtext-encoded when sent, at most 100 bytes encoded (RFC 3461 section 4.4).
package struct SmtpEnvelopeID: Hashable, Sendable {
  package let text: String
  /// nil for an empty text, one with a character outside printable ASCII, or one too long.
  package init?(_ text: String) {
    guard !text.isEmpty, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
    guard text.utf8.reduce(0, { $0 + (isPlainXtext($1) ? 1 : 3) }) <= 100 else { return nil }
    self.text = text
  }
}

/// A message as it goes on the wire: CRLF line ends, dots stuffed, ending with CRLF, without the final dot.
package struct SmtpContent: Sendable {
  /// Segments share storage between the messages of one variant.
  package let segments: [[UInt8]]
  package let count: Int

  /// Segments that together are already normalized and dot-stuffed, as the composer makes them once per variant.
  package init(stuffed segments: [[UInt8]]) {
    self.segments = segments
    count = segments.reduce(0) { $0 + $1.count }
  }

  /// Normalizes bare CR and LF to CRLF, stuffs dots, ends with CRLF.
  package init(unstuffed bytes: some Sequence<UInt8>) {
    self.init(stuffed: [Self.stuff(bytes)])
  }

  package static func stuff(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    let (cr, lf, dot) = (UInt8(ascii: "\r"), UInt8(ascii: "\n"), UInt8(ascii: "."))
    var out: [UInt8] = []
    out.reserveCapacity(bytes.underestimatedCount + 64)
    var atLineStart = true
    var afterCR = false
    for byte in bytes {
      if afterCR {
        afterCR = false
        if byte == lf { continue }
      }
      switch byte {
      case cr, lf:
        out.append(cr)
        out.append(lf)
        atLineStart = true
        afterCR = byte == cr
      case dot where atLineStart:
        out.append(dot)
        out.append(dot)
        atLineStart = false
      default:
        out.append(byte)
        atLineStart = false
      }
    }
    if !atLineStart { out += [cr, lf] }
    return out
  }
}

package struct SmtpMessage: Sendable {
  /// nil is the null reverse-path.
  package var from: SmtpPath?
  package var recipients: [SmtpRecipient]
  package var envelopeID: SmtpEnvelopeID?
  package var content: SmtpContent
  /// The content has bytes above 0x7F.
  package var isEightBit: Bool
  /// A header holds raw UTF-8; addresses that need SMTPUTF8 are seen from the paths.
  package var hasUTF8Headers: Bool
  /// REQUIRETLS (RFC 8689): refuse to send where the relay does not offer it.
  package var requiresTLSOnward: Bool

  package init(
    from: SmtpPath?, recipients: [SmtpRecipient], envelopeID: SmtpEnvelopeID? = nil, content: SmtpContent,
    isEightBit: Bool = false, hasUTF8Headers: Bool = false, requiresTLSOnward: Bool = false
  ) {
    self.from = from
    self.recipients = recipients
    self.envelopeID = envelopeID
    self.content = content
    self.isEightBit = isEightBit
    self.hasUTF8Headers = hasUTF8Headers
    self.requiresTLSOnward = requiresTLSOnward
  }

  package var needsSMTPUTF8: Bool {
    hasUTF8Headers || !(from?.isASCII ?? true) || recipients.contains { !$0.path.isASCII }
  }
}

/// xtext (RFC 3461 section 4): printable ASCII except `+` and `=`.
func isPlainXtext(_ byte: UInt8) -> Bool {
  (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "+") && byte != UInt8(ascii: "=")
}
