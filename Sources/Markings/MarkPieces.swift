// The inside of a parenthesis cut into groups by `//` and pieces by `/`, in capitals and with single spaces.
// Says whether that changed anything; knows no tokens.

struct MarkPieces {
  struct Piece {
    /// In capitals, trimmed, single spaces.
    var text: String
    /// 0 for what stands before the first `//`.
    var group: Int
    /// A letter outside ASCII makes any token unknown.
    var isASCII: Bool
  }

  private(set) var pieces: [Piece] = []
  /// No spaces around slashes, no lower case, no no-break space, nothing empty.
  private(set) var isTidy = true

  var text: String { pieces.map(\.text).joined(separator: "/") }

  init(_ content: ArraySlice<UInt8>) {
    let slash = UInt8(ascii: "/")
    var start = content.startIndex
    var index = start
    var group = 0
    while index < content.endIndex {
      guard content[index] == slash else {
        index += 1
        continue
      }
      append(content[start..<index], group: group)
      index += 1
      if index < content.endIndex, content[index] == slash {
        group += 1
        index += 1
      }
      start = index
    }
    append(content[start...], group: group)
  }

  private mutating func append(_ raw: ArraySlice<UInt8>, group: Int) {
    var clean: [UInt8] = []
    var isASCII = true
    var pendingSpace = false
    var index = raw.startIndex
    while index < raw.endIndex {
      let byte = raw[index]
      let isNoBreakSpace = byte == 0xC2 && index + 1 < raw.endIndex && raw[index + 1] == 0xA0
      index += isNoBreakSpace ? 2 : 1
      if isNoBreakSpace || byte == 0x20 || (0x09...0x0D).contains(byte) {
        pendingSpace = !clean.isEmpty
        continue
      }
      if pendingSpace { clean.append(0x20) }
      pendingSpace = false
      clean.append(ASCII.capital(byte))
      if byte >= 0x80 { isASCII = false }
    }
    if !clean.elementsEqual(raw) { isTidy = false }
    guard !clean.isEmpty else {
      isTidy = false
      return
    }
    pieces.append(Piece(text: String(decoding: clean, as: UTF8.self), group: group, isASCII: isASCII))
  }
}

enum ASCII {
  static func capital(_ byte: UInt8) -> UInt8 { (0x61...0x7A).contains(byte) ? byte - 0x20 : byte }
}
