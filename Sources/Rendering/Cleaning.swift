// What no product may carry, whatever an author wrote: control characters, bidirectional overrides (they can make
// a mark read backwards), zero-width joiners of nothing (byte order marks, tags) and noncharacters.
// Every text of an author or of a site passes here once, on its way into HTML or plain text.

/// The number of bytes to leave out at `index` of well-formed UTF-8; 0 keeps what stands there.
@inline(__always)
func uncleanLength(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
  let byte = bytes[index]
  switch byte {
  case 0x09, 0x0A: return 0
  case 0..<0x20, 0x7F: return 1
  case 0x20..<0x7F: return 0
  case 0xC2:  // C1 controls, U+0080 to U+009F
    return follower(bytes, index, 1) < 0xA0 ? 2 : 0
  case 0xE2:
    let second = follower(bytes, index, 1)
    let third = follower(bytes, index, 2)
    if second == 0x80 {  // U+2028, U+2029 line separators; U+202A to U+202E; U+200E, U+200F
      return (0xA8...0xAE).contains(third) || third == 0x8E || third == 0x8F ? 3 : 0
    }
    return second == 0x81 && (0xA6...0xA9).contains(third) ? 3 : 0  // U+2066 to U+2069
  case 0xEF:
    let second = follower(bytes, index, 1)
    let third = follower(bytes, index, 2)
    if second == 0xBB && third == 0xBF { return 3 }  // U+FEFF
    if second == 0xB7 && (0x90...0xAF).contains(third) { return 3 }  // U+FDD0 to U+FDEF
    return second == 0xBF && third >= 0xBE ? 3 : 0  // U+FFFE, U+FFFF
  case 0xF3:  // tags, U+E0000 to U+E007F
    return follower(bytes, index, 1) == 0xA0 && follower(bytes, index, 2) <= 0x81 ? 4 : 0
  default: return 0
  }
}

@inline(__always)
private func follower(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int, _ step: Int) -> UInt8 {
  index + step < bytes.count ? bytes[index + step] : 0xFF
}

extension [UInt8] {
  /// Appends a text without its unclean characters, line ends as spaces.
  mutating func appendClean(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      var start = 0
      var index = 0
      while index < bytes.count {
        let byte = bytes[index]
        if byte >= 0x20 && byte < 0x7F {
          index += 1
          continue
        }
        let drop = byte == 0x0A || byte == 0x09 ? 1 : uncleanLength(bytes, at: index)
        if drop == 0 {
          index += 1
          continue
        }
        append(contentsOf: bytes[start..<index])
        if byte == 0x0A || byte == 0x09 { append(0x20) }
        index += drop
        start = index
      }
      append(contentsOf: bytes[Swift.min(start, bytes.count)..<bytes.count])
    }
  }

  @inline(__always)
  mutating func appendLiteral(_ literal: StaticString) {
    append(contentsOf: UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
  }

  mutating func appendNumber(_ number: Int) {
    if number >= 0 && number < 10 { return append(UInt8(0x30 + number)) }
    append(contentsOf: String(number).utf8)
  }
}

/// The text without its unclean characters.
package func cleaned(_ text: String) -> String {
  var bytes: [UInt8] = []
  bytes.appendClean(text)
  return String(decoding: bytes, as: UTF8.self)
}
