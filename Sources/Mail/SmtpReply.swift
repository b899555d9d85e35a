// SMTP replies as values (RFC 5321 section 4.2) and enhanced status codes (RFC 3463, RFC 2034).
//
// The parser takes bytes as they come and never fails on their shape: what is not a reply becomes one
// `Malformed` error, after which the session is not to be used again. Limits bound what a hostile relay can make
// us keep; text is repaired UTF-8 without control characters, safe for a ledger and a terminal.

/// `class.subject.detail`, such as 5.1.1.
package struct EnhancedCode: Hashable, Sendable, CustomStringConvertible {
  package var kind: Int
  package var subject: Int
  package var detail: Int
  package init(_ kind: Int, _ subject: Int, _ detail: Int) {
    self.kind = kind
    self.subject = subject
    self.detail = detail
  }
  package var description: String { "\(kind).\(subject).\(detail)" }

  /// Reads the code at the start of a reply text; `length` counts its bytes and the space after it.
  static func read(_ text: some Collection<UInt8>) -> (code: EnhancedCode, length: Int)? {
    var numbers = (0, 0, 0)
    var part = 0
    var digits = 0
    var value = 0
    var length = 0
    for byte in text {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        digits += 1
        guard digits <= 3 else { return nil }
        value = value * 10 + Int(byte - UInt8(ascii: "0"))
      case UInt8(ascii: ".") where digits > 0 && part < 2:
        if part == 0 { numbers.0 = value } else { numbers.1 = value }
        part += 1
        (digits, value) = (0, 0)
      case UInt8(ascii: " ") where part == 2 && digits > 0:
        return finish(length + 1)
      default: return nil
      }
      length += 1
    }
    return part == 2 && digits > 0 ? finish(length) : nil

    func finish(_ length: Int) -> (EnhancedCode, Int)? {
      guard numbers.0 == 2 || numbers.0 == 4 || numbers.0 == 5 else { return nil }
      return (EnhancedCode(numbers.0, numbers.1, value), length)
    }
  }
}

package struct SmtpReply: Hashable, Sendable {
  /// 200...599.
  package var code: Int
  /// Of the first line, when its class agrees with the code.
  package var enhanced: EnhancedCode?
  /// The lines' texts without codes, joined with line feeds, at most 1,024 bytes of them.
  package var text: String

  package init(code: Int, enhanced: EnhancedCode? = nil, text: String) {
    self.code = code
    self.enhanced = enhanced
    self.text = text
  }

  package var isPositive: Bool { code / 100 == 2 }
  package var isTemporary: Bool { code / 100 == 4 }
  package var isPermanent: Bool { code / 100 == 5 }
  /// The relay is about to close the connection, whatever was asked (RFC 5321 section 3.8).
  package var isClosing: Bool { code == 421 }

  /// The relay's name for the message, as the texts of usual relays give it: `Ok: queued as 4XyZ`,
  /// `OK id=1t2-3`, `<..> [InternalId=5, ..] Queued mail for delivery`; nil when none is seen.
  package var queueID: String? {
    guard isPositive else { return nil }
    for marker in ["queued as ", "InternalId=", "id="] {
      guard let start = Self.end(of: marker, in: text) else { continue }
      let id = text.utf8[start...].prefix { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
          true
        default: false
        }
      }
      if !id.isEmpty, id.count <= 64 { return String(decoding: id, as: UTF8.self) }
    }
    return nil
  }

  private static func end(of marker: String, in text: String) -> String.Index? {
    let (bytes, wanted) = (text.utf8, marker.utf8)
    var start = bytes.startIndex
    while let first = bytes[start...].firstIndex(of: wanted.first ?? 0) {
      if bytes[first...].starts(with: wanted) { return bytes.index(first, offsetBy: wanted.count) }
      start = bytes.index(after: first)
    }
    return nil
  }
}

package struct SmtpReplyParser: Sendable {
  package enum Malformed: String, Error, Sendable {
    case notAReply = "not-a-reply"
    case mixedCodes = "mixed-codes"
    case lineTooLong = "line-too-long"
    case tooManyLines = "too-many-lines"
  }

  /// RFC 5321 allows 512 bytes a line; real relays exceed it.
  package static let lineLimit = 4096
  package static let linesLimit = 256
  package static let textLimit = 1024

  private var buffer: [UInt8] = []
  private var start = 0
  private var lines = 0
  private var code = 0
  private var enhanced: EnhancedCode?
  private var text: [UInt8] = []
  private var broken: Malformed?

  package init() {}

  package mutating func receive(_ bytes: UnsafeRawBufferPointer) {
    if start == buffer.count {
      buffer.removeAll(keepingCapacity: true)
      start = 0
    }
    buffer.append(contentsOf: bytes)
  }

  /// The next whole reply, nil when more bytes are needed. Once it has thrown it throws for ever.
  package mutating func next() throws(Malformed) -> SmtpReply? {
    if let broken { throw broken }
    while let end = lineEnd() {
      var last = end
      if last > start, buffer[last - 1] == UInt8(ascii: "\r") { last -= 1 }
      let line = start..<last
      start = end + 1
      if line.count > Self.lineLimit { throw fail(.lineTooLong) }
      if try take(line) { return finish() }
    }
    if buffer.count - start > Self.lineLimit { throw fail(.lineTooLong) }
    if start > 0, start < buffer.count {
      buffer.removeFirst(start)
      start = 0
    }
    return nil
  }

  private func lineEnd() -> Int? {
    var index = start
    while index < buffer.count {
      if buffer[index] == UInt8(ascii: "\n") { return index }
      index += 1
    }
    return nil
  }

  /// Takes one line; true when it ends a reply.
  private mutating func take(_ line: Range<Int>) throws(Malformed) -> Bool {
    guard line.count >= 3 else { throw fail(.notAReply) }
    var number = 0
    for index in line.lowerBound..<line.lowerBound + 3 {
      let digit = Int(buffer[index]) - 48
      guard (0...9).contains(digit) else { throw fail(.notAReply) }
      number = number * 10 + digit
    }
    guard (200...599).contains(number) else { throw fail(.notAReply) }
    let separator = line.count > 3 ? buffer[line.lowerBound + 3] : UInt8(ascii: " ")
    guard separator == UInt8(ascii: " ") || separator == UInt8(ascii: "-") else { throw fail(.notAReply) }
    guard lines == 0 || number == code else { throw fail(.mixedCodes) }
    lines += 1
    guard lines <= Self.linesLimit else { throw fail(.tooManyLines) }
    code = number
    var rest = buffer[min(line.lowerBound + 4, line.upperBound)..<line.upperBound]
    if let found = EnhancedCode.read(rest), found.code.kind == number / 100 {
      if lines == 1 { enhanced = found.code }
      if found.code == enhanced { rest = rest.dropFirst(found.length) }
    }
    if lines > 1, text.count < Self.textLimit { text.append(UInt8(ascii: "\n")) }
    for byte in rest.prefix(max(0, Self.textLimit - text.count)) {
      text.append(byte < 0x20 || byte == 0x7F ? UInt8(ascii: "?") : byte)
    }
    return separator == UInt8(ascii: " ")
  }

  private mutating func finish() -> SmtpReply {
    let reply = SmtpReply(code: code, enhanced: enhanced, text: String(decoding: text, as: UTF8.self))
    lines = 0
    enhanced = nil
    text.removeAll(keepingCapacity: true)
    return reply
  }

  private mutating func fail(_ problem: Malformed) -> Malformed {
    broken = problem
    buffer = []
    start = 0
    return problem
  }
}
