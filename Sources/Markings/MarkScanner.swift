// Walks over the leading parentheses of a text, byte by byte. Knows spaces and parentheses, no tokens.

struct MarkScanner {
  private let bytes: [UInt8]
  var position = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  struct Parenthesis {
    var content: ArraySlice<UInt8>
    /// Where reading goes on.
    var end: Int
    var isClosed: Bool
  }

  var isAtEnd: Bool { position >= bytes.count }
  var isAtParenthesis: Bool { position < bytes.count && bytes[position] == UInt8(ascii: "(") }

  /// The parenthesis that opens here, to the first `)`. One that is not closed within the longest mark has its first
  /// word as content, so that a mark whose end was forgotten is not taken for text.
  func parenthesis() -> Parenthesis? {
    guard isAtParenthesis else { return nil }
    let first = position + 1
    let limit = min(bytes.count, first + MarkReader.longestMark + 1)
    if let close = bytes[first..<limit].firstIndex(of: UInt8(ascii: ")")) {
      return Parenthesis(content: bytes[first..<close], end: close + 1, isClosed: true)
    }
    var end = first
    while end < limit, Self.spaceLength(bytes, at: end) == 0 { end += 1 }
    return Parenthesis(content: bytes[first..<end], end: end, isClosed: false)
  }

  mutating func skipSpace() {
    while case let length = Self.spaceLength(bytes, at: position), length > 0 { position += length }
  }

  /// One ASCII space stands between the end of the last mark and this place.
  func isSingleSpace(from end: Int) -> Bool { position == end + 1 && bytes[end] == UInt8(ascii: " ") }

  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  func rest(most: Int) -> ArraySlice<UInt8> { bytes[position...].prefix(most) }

  func trimmedRest() -> String {
    var end = bytes.count
    while end > position, bytes[end - 1] <= 0x20 { end -= 1 }
    return text(position..<end)
  }

  /// How many bytes of white space or of invisible characters begin here; 0 for none. Invisible characters count,
  /// so that none of them can hide a second mark.
  static func spaceLength(_ bytes: [UInt8], at index: Int) -> Int {
    guard index < bytes.count else { return 0 }
    switch bytes[index] {
    case 0x09...0x0D, 0x20: return 1
    case 0xC2:  // U+0085, no-break space, soft hyphen
      guard index + 1 < bytes.count else { return 0 }
      return [0x85, 0xA0, 0xAD].contains(bytes[index + 1]) ? 2 : 0
    case 0xE1...0xEF:
      guard index + 2 < bytes.count else { return 0 }
      let scalar =
        UInt32(bytes[index] & 0x0F) << 12 | UInt32(bytes[index + 1] & 0x3F) << 6 | UInt32(bytes[index + 2] & 0x3F)
      switch scalar {
      case 0x1680, 0x180E, 0x2000...0x200F, 0x2028...0x202F, 0x205F...0x206F, 0x3000, 0xFE00...0xFE0F, 0xFEFF: return 3
      default: return 0
      }
    default: return 0
    }
  }
}
