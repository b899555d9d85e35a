// An address that is safe to write into a header, an SMTP command or a URL: no controls, no spaces outside quotes,
// lengths of RFC 5321 section 4.5.3.1. libcurl before 8.22 refuses no CR or LF in addresses: this type does.
// A domain in other letters becomes its A-labels (UTS 46, by Foundation's URL parser); a local part in other
// letters stays and asks for SMTPUTF8 (RFC 6531). Nothing is guessed or repaired.

import Foundation

/// Why a text is no address.
package struct AddressProblem: Error, Hashable, Sendable {
  package enum Code: String, Hashable, Sendable {
    case empty
    case noDomain = "no-domain"
    case tooLong = "too-long"
    case localPart = "local-part"
    case domain
    case domainLiteral = "domain-literal"
  }
  package var code: Code
  package var message: String
  package var hint: String
}

package struct EmailAddress: Hashable, Sendable, CustomStringConvertible {
  /// As it is sent: a dot-atom or a quoted string (without spaces and angle brackets).
  package let localPart: String
  /// Lower case, in A-labels.
  package let domain: String

  package var description: String { localPart + "@" + domain }
  /// Bytes of the description.
  var length: Int { localPart.utf8.count + 1 + domain.utf8.count }
  /// The local part is not ASCII: only a relay that offers SMTPUTF8 can take it.
  package var needsSMTPUTF8: Bool { localPart.utf8.contains { $0 >= 0x80 } }

  package init(_ text: String) throws(AddressProblem) {
    guard !text.isEmpty else { throw AddressProblem(code: .empty, message: "no address", hint: "write name@domain") }
    guard let at = text.utf8.lastIndex(of: 0x40), at != text.utf8.startIndex,
      text.utf8.index(after: at) != text.utf8.endIndex
    else {
      throw AddressProblem(code: .noDomain, message: "an address has the form name@domain", hint: "write name@domain")
    }
    let local = String(text[..<at])
    try Self.checkLocalPart(local)
    let domain = try Self.ascii(String(text[text.utf8.index(after: at)...]))
    // RFC 5321 limits of a path (256 with its brackets) and of its parts.
    guard local.utf8.count <= 64, domain.utf8.count <= 253, local.utf8.count + 1 + domain.utf8.count <= 254 else {
      throw AddressProblem(
        code: .tooLong, message: "at most 64 octets before the @ and 254 in all", hint: "use a shorter address")
    }
    localPart = local
    self.domain = domain
  }

  private static func checkLocalPart(_ local: String) throws(AddressProblem) {
    // Made only when it is thrown: this runs for every message.
    var problem: AddressProblem {
      AddressProblem(
        code: .localPart, message: "not a mailbox name: \(local.debugDescription)",
        hint: "letters, digits and !#$%&'*+-/=?^_`{|}~ with single dots between, or a quoted string")
    }
    if local.utf8.allSatisfy({ isLetterOrDigit($0) }) { return }
    let scalars = Array(local.unicodeScalars)
    if scalars.first == "\"" {
      guard scalars.count >= 2, scalars.last == "\"" else { throw problem }
      var escaped = false
      for scalar in scalars.dropFirst().dropLast() {
        guard (0x21...0x7E).contains(scalar.value), scalar != "<", scalar != ">" else { throw problem }
        if !escaped && scalar == "\"" { throw problem }
        escaped = !escaped && scalar == "\\"
      }
      if escaped { throw problem }
      return
    }
    for part in local.split(separator: ".", omittingEmptySubsequences: false) {
      guard !part.isEmpty, part.unicodeScalars.allSatisfy(isAtomText) else { throw problem }
    }
  }

  private static func isAtomText(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return isAtext(UInt8(scalar.value)) }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator, .spaceSeparator:
      return false
    default: return true
    }
  }

  /// Labels of lower case ASCII: nothing is to be changed.
  private static func isPlain(_ domain: String) -> Bool {
    var length = 0
    var last = UInt8(ascii: ".")
    for byte in domain.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): length += 1
      case UInt8(ascii: "-") where length > 0: length += 1
      case UInt8(ascii: ".") where length > 0 && last != UInt8(ascii: "-"): length = 0
      default: return false
      }
      guard length <= 63 else { return false }
      last = byte
    }
    return length > 0 && last != UInt8(ascii: "-")
  }

  /// The domain in A-labels.
  private static func ascii(_ domain: String) throws(AddressProblem) -> String {
    if isPlain(domain) { return domain }
    if domain.hasPrefix("[") {
      throw AddressProblem(
        code: .domainLiteral, message: "an address literal is not accepted: \(domain.debugDescription)",
        hint: "use the host's domain name")
    }
    var problem: AddressProblem {
      AddressProblem(
        code: .domain, message: "not a domain: \(domain.debugDescription)",
        hint: "letters, digits and hyphens in labels of at most 63; write an international domain in its own letters")
    }
    var ascii = domain
    if domain.utf8.contains(where: { $0 >= 0x80 }) {
      var components = URLComponents()
      components.scheme = "http"
      components.host = domain
      // Without a URL the parser refused the name: a character or a label that IDNA forbids.
      guard components.url != nil, let encoded = components.encodedHost else { throw problem }
      ascii = encoded
    }
    ascii = ascii.lowercased()
    for label in ascii.utf8.split(separator: 0x2E, omittingEmptySubsequences: false) {
      guard (1...63).contains(label.count), label.first != 0x2D, label.last != 0x2D,
        label.allSatisfy({ isLetterOrDigit($0) || $0 == 0x2D })
      else { throw problem }
    }
    return ascii
  }
}

func isLetterOrDigit(_ byte: UInt8) -> Bool {
  (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
}

/// RFC 5322 section 3.2.3.
func isAtext(_ byte: UInt8) -> Bool {
  isLetterOrDigit(byte) || "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
}

/// An address with the name of who reads there.
package struct Mailbox: Hashable, Sendable {
  package var name: String?
  package var address: EmailAddress

  package init(name: String? = nil, address: EmailAddress) {
    self.name = name
    self.address = address
  }

  /// `Commonwealth Fusion Center <bulletins@cfc.example.gov>` or the address alone, as settings have it.
  package init(parsing text: String) throws(AddressProblem) {
    guard text.hasSuffix(">"), let open = text.lastIndex(of: "<") else {
      self.init(address: try EmailAddress(text))
      return
    }
    var name = text[..<open].trimmingPrefix { $0 == " " }
    while name.last == " " { name.removeLast() }
    if name.count >= 2, name.first == "\"", name.last == "\"" { name = name.dropFirst().dropLast() }
    let isWords = name.unicodeScalars.allSatisfy {
      $0 != "<" && $0 != ">" && $0.properties.generalCategory != .control
    }
    guard isWords else {
      throw AddressProblem(
        code: .localPart, message: "the name before the address holds a control character or an angle bracket",
        hint: "write: Name of the Center <name@domain>")
    }
    self.init(
      name: name.isEmpty ? nil : String(name),
      address: try EmailAddress(String(text[text.index(after: open)...].dropLast())))
  }
}
