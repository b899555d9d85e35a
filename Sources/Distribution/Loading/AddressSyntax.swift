// Whether a text is an address that mail can be sent to: `local@domain` in ASCII (RFC 5321 4.1.2, dot-string form only).
// What could end a line or a command of SMTP is no address; a quoted local part, an address literal and a domain that
// is not written in its ASCII form are refused too, because a relay may change them on the way.

enum AddressSyntax {
  enum Fault: Hashable, Sendable {
    case empty, controlCharacter, tooLong, notASCII, malformed

    var words: String {
      switch self {
      case .empty: "the address is empty"
      case .controlCharacter: "a line end or another control character in an address"
      case .tooLong: "an address longer than mail allows (64 before the @, 254 in all)"
      case .notASCII: "an address with letters beyond ASCII"
      case .malformed: "this is not a mail address"
      }
    }
    var hint: String {
      switch self {
      case .notASCII:
        "write the domain in its ASCII form (xn--...); before the @ only ASCII can be delivered everywhere"
      case .controlCharacter: "write the address on one line, without anything around it"
      case .empty, .tooLong, .malformed: "write it as name@agency.example.gov, without a display name"
      }
    }
  }

  static func fault(_ text: String) -> Fault? {
    let bytes = Array(text.utf8)
    if bytes.isEmpty { return .empty }
    if bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) { return .controlCharacter }
    // C1 controls, line and paragraph separators: two or three bytes in UTF-8, so looked for as scalars.
    if bytes.contains(where: { $0 >= 0x80 }) {
      return text.unicodeScalars.contains(where: isHiddenControl) ? .controlCharacter : .notASCII
    }
    if bytes.count > 254 { return .tooLong }
    guard let at = bytes.firstIndex(of: UInt8(ascii: "@")), bytes.lastIndex(of: UInt8(ascii: "@")) == at else {
      return .malformed
    }
    if at > 64 { return .tooLong }
    return isDotString(bytes[..<at]) && isDomain(bytes[(at + 1)...]) ? nil : .malformed
  }

  /// For finding the same mailbox twice: mail systems treat case as one, nearly everywhere.
  static func folded(_ text: String) -> String { text.lowercased() }

  /// Nothing that could break out of a header or a line of a terminal.
  static func isHiddenControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  private static func isDotString(_ part: ArraySlice<UInt8>) -> Bool {
    var atomBegins = true
    for byte in part {
      if byte == UInt8(ascii: ".") {
        if atomBegins { return false }
        atomBegins = true
      } else {
        guard isAlphanumeric(byte) || "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte) else { return false }
        atomBegins = false
      }
    }
    return !atomBegins
  }

  private static func isDomain(_ part: ArraySlice<UInt8>) -> Bool {
    let labels = part.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return labels.allSatisfy { label in
      (1...63).contains(label.count) && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
        && label.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
    }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }
}
