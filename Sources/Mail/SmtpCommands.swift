// The command lines of a transaction, written into a byte buffer (RFC 5321 section 4.1.1, RFC 1870 SIZE,
// RFC 6152 8BITMIME, RFC 6531 SMTPUTF8, RFC 3461 DSN, RFC 8689 REQUIRETLS). Parameters are sent only when offered.

enum SmtpCommands {
  static func mail(_ message: SmtpMessage, _ offered: SmtpCapabilities, into out: inout [UInt8]) {
    out.append(contentsOf: "MAIL FROM:<".utf8)
    if let from = message.from { out.append(contentsOf: from.text.utf8) }
    out.append(UInt8(ascii: ">"))
    if offered.size {
      out.append(contentsOf: " SIZE=".utf8)
      appendDecimal(message.content.count, into: &out)
    }
    if message.isEightBit, offered.eightBitMime { out.append(contentsOf: " BODY=8BITMIME".utf8) }
    if offered.smtpUTF8, message.needsSMTPUTF8 { out.append(contentsOf: " SMTPUTF8".utf8) }
    if offered.dsn {
      out.append(contentsOf: " RET=HDRS".utf8)
      if let id = message.envelopeID {
        out.append(contentsOf: " ENVID=".utf8)
        appendXtext(id.text.utf8, into: &out)
      }
    }
    if message.requiresTLSOnward, offered.requireTLS { out.append(contentsOf: " REQUIRETLS".utf8) }
    endLine(&out)
  }

  static func recipient(_ recipient: SmtpRecipient, _ offered: SmtpCapabilities, into out: inout [UInt8]) {
    out.append(contentsOf: "RCPT TO:<".utf8)
    out.append(contentsOf: recipient.path.text.utf8)
    out.append(UInt8(ascii: ">"))
    if offered.dsn {
      out.append(contentsOf: " NOTIFY=FAILURE,DELAY ORCPT=".utf8)
      let original = recipient.original ?? recipient.path
      if original.isASCII {
        out.append(contentsOf: "rfc822;".utf8)
        appendXtext(original.text.utf8, into: &out)
      } else {
        out.append(contentsOf: "utf-8;".utf8)
        appendUTF8Xtext(original.text, into: &out)
      }
    }
    endLine(&out)
  }

  static func endLine(_ out: inout [UInt8]) {
    out.append(UInt8(ascii: "\r"))
    out.append(UInt8(ascii: "\n"))
  }

  private static func appendDecimal(_ value: Int, into out: inout [UInt8]) {
    if value >= 10 { appendDecimal(value / 10, into: &out) }
    out.append(UInt8(ascii: "0") + UInt8(value % 10))
  }

  private static func appendHex(_ value: UInt32, into out: inout [UInt8], least: Int = 1) {
    if value >= 16 || least > 1 { appendHex(value / 16, into: &out, least: least - 1) }
    let digit = UInt8(value % 16)
    out.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "A") + digit - 10)
  }

  private static func appendXtext(_ bytes: some Sequence<UInt8>, into out: inout [UInt8]) {
    for byte in bytes {
      if isPlainXtext(byte) {
        out.append(byte)
      } else {
        out.append(UInt8(ascii: "+"))
        appendHex(UInt32(byte), into: &out, least: 2)
      }
    }
  }

  /// utf-8-addr-xtext (RFC 6533 section 3): pure ASCII, so that it is legal without SMTPUTF8 too.
  private static func appendUTF8Xtext(_ text: String, into out: inout [UInt8]) {
    for scalar in text.unicodeScalars {
      let value = scalar.value
      if value < 0x80, isPlainXtext(UInt8(value)), value != UInt32(UInt8(ascii: "\\")) {
        out.append(UInt8(value))
      } else {
        out.append(contentsOf: "\\x{".utf8)
        appendHex(value, into: &out)
        out.append(UInt8(ascii: "}"))
      }
    }
  }
}
