// The pieces of which header fields are made. A word is a run of bytes that is never broken; fields are folded
// between words and nowhere else, by `HeaderFields`, which is the only place that writes CR or LF (RFC 5322 section 2.2).

/// Bytes without controls and, outside quoted strings, without spaces.
struct HeaderWord {
  let bytes: [UInt8]

  /// Everything that could end a line or a field is left out; a header is never completed by its content.
  init(_ bytes: some Sequence<UInt8>) {
    self.bytes = bytes.filter { $0 >= 0x20 && $0 != 0x7F }
  }
  init(_ text: String) { self.init(text.utf8) }

  /// `"..."` with quotes and backslashes escaped (RFC 5322 section 3.2.4).
  static func quoted(_ text: String) -> HeaderWord {
    var bytes: [UInt8] = [0x22]
    for byte in text.utf8 {
      if byte == 0x22 || byte == 0x5C { bytes.append(0x5C) }
      bytes.append(byte)
    }
    bytes.append(0x22)
    return HeaderWord(bytes)
  }

  static func + (word: HeaderWord, suffix: StaticString) -> HeaderWord {
    HeaderWord(word.bytes + String(describing: suffix).utf8)
  }
}

/// A text of people on its way into a header: controls and line ends are spaces, bidirectional overrides go.
func headerText(_ text: String) -> String {
  if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
  var scalars = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029: scalars.append(" ")
    case 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF, 0xE0000...0xE007F: break
    default: scalars.append(scalar)
    }
  }
  return String(scalars)
}

/// RFC 2047: what is ASCII stays readable, the rest travels in encoded words of at most 75 octets.
enum EncodedWords {
  /// An unstructured value: a subject.
  static func unstructured(_ value: String) -> [HeaderWord] {
    let text = headerText(value)
    let words = text.split(separator: " ", omittingEmptySubsequences: false)
    // Spaces that folding would not keep, and words that are too long for a line, are encoded with all the rest.
    guard words.allSatisfy({ !$0.isEmpty && $0.utf8.count < 200 }) || text.isEmpty else { return encoded(text) }
    func plain(_ word: Substring) -> Bool { word.utf8.allSatisfy { $0 < 0x7F } && !opensEncodedWord(word.utf8) }
    guard let first = words.firstIndex(where: { !plain($0) }), let last = words.lastIndex(where: { !plain($0) }) else {
      return words.map { HeaderWord($0.utf8) }
    }
    return words[..<first].map { HeaderWord($0.utf8) }
      + encoded(words[first...last].joined(separator: " "))
      + words[(last + 1)...].map { HeaderWord($0.utf8) }
  }

  /// A display name: atoms, else a quoted string, else encoded words.
  static func phrase(_ value: String) -> [HeaderWord] {
    let text = headerText(value)
    if text.utf8.contains(where: { $0 >= 0x7F }) || opensEncodedWord(text.utf8) || text.utf8.count > 200 {
      return encoded(text)
    }
    let words = text.utf8.split(separator: 0x20, omittingEmptySubsequences: false)
    if words.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isAtext) }) { return words.map { HeaderWord($0) } }
    return [.quoted(text)]
  }

  /// Atoms with single spaces between, nothing to quote or encode.
  static func isPlainPhrase(_ text: String) -> Bool {
    var last: UInt8 = 0x20
    for byte in text.utf8 {
      guard byte == 0x20 ? last != 0x20 : isAtext(byte), !(last == 0x3D && byte == 0x3F) else { return false }
      last = byte
    }
    return last != 0x20
  }

  /// Whether `=?` stands in it.
  private static func opensEncodedWord(_ bytes: some Sequence<UInt8>) -> Bool {
    var last: UInt8 = 0
    for byte in bytes {
      if last == 0x3D, byte == 0x3F { return true }
      last = byte
    }
    return false
  }

  /// One or more encoded words; white space between two of them is no part of the text.
  static func encoded(_ text: String) -> [HeaderWord] {
    let bytes = Array(text.utf8)
    let foreign = bytes.count { !isSafe($0) && $0 != 0x20 }
    // Q while it is readable, B where it is shorter.
    return foreign * 2 > bytes.count ? inBase64(text) : inQ(text)
  }

  /// Safe in a phrase too (RFC 2047 section 5, rule 3).
  private static func isSafe(_ byte: UInt8) -> Bool { isLetterOrDigit(byte) || "!*+-/".utf8.contains(byte) }

  private static func inQ(_ text: String) -> [HeaderWord] {
    let room = 75 - "=?utf-8?q??=".utf8.count
    var words: [HeaderWord] = []
    var current: [UInt8] = []
    func close() {
      words.append(HeaderWord("=?utf-8?q?".utf8 + current + "?=".utf8))
      current = []
    }
    for scalar in text.unicodeScalars {
      var piece: [UInt8] = []
      for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
        if byte == 0x20 {
          piece.append(0x5F)
        } else if isSafe(byte) {
          piece.append(byte)
        } else {
          piece += [0x3D, hexadecimal(byte >> 4), hexadecimal(byte & 15)]
        }
      }
      if current.count + piece.count > room { close() }
      current += piece
    }
    if !current.isEmpty || words.isEmpty { close() }
    return words
  }

  private static func inBase64(_ text: String) -> [HeaderWord] {
    // 45 octets are 60 characters; a character is never cut.
    var words: [HeaderWord] = []
    var current: [UInt8] = []
    func close() {
      words.append(HeaderWord("=?utf-8?b?".utf8 + base64(current) + "?=".utf8))
      current = []
    }
    for scalar in text.unicodeScalars {
      let piece = UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
      if current.count + piece.count > 45 { close() }
      current += piece
    }
    close()
    return words
  }
}

func hexadecimal(_ digit: UInt8) -> UInt8 { digit < 10 ? 0x30 + digit : 0x37 + digit }
