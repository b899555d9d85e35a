// One pass over the lines of the body before Markdown is parsed: where `:::` lines are, where one is misplaced, where
// a footnote or link might be defined, and whether a line nests deeper than any bulletin needs. It looks at the start
// of each line only and knows nothing of fences; MarkdownReader drops what turns out to stand in one.

struct BodyScan {
  /// Lines that begin with `:::` at column 0.
  var directives: [Int] = []
  /// Other lines whose first words are `:::`, behind white space, list, quote or table signs.
  var misplaced: [Int] = []
  /// Lines that would define a footnote, with its label.
  var footnotes: [(line: Int, label: String)] = []
  /// Lines that begin with `[`: a link definition may begin there.
  var brackets: [Int] = []
  /// The first line with more than `limit` quote or list signs.
  var tooDeep: Int?

  static let nestingLimit = 32

  /// Reads the lines `first...source.lineCount`.
  init(_ source: SourceText, from first: Int) {
    source.bytes.withUnsafeBufferPointer { bytes in
      var line = first
      while line <= source.lineCount {
        let range = source.range(line)
        if let start = range.first, Self.isOfInterest(bytes[start]) { look(at: bytes, range, line) }
        line += 1
      }
    }
  }

  private static func isOfInterest(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ":"), UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: ">"), UInt8(ascii: "-"),
      UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "|"), UInt8(ascii: "["), 0x30...0x39, 0xC2, 0xE2, 0xE3, 0xEF:
      true
    default: false
    }
  }

  private mutating func look(at bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ line: Int) {
    var index = range.lowerBound
    var depth = 0
    func peek(_ ahead: Int) -> UInt8 { index + ahead < range.upperBound ? bytes[index + ahead] : 0 }
    prefix: while index < range.upperBound {
      switch bytes[index] {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "|"): index += 1
      case UInt8(ascii: ">"):
        depth += 1
        index += 1
      case UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "+"):
        if peek(1) == UInt8(ascii: " ") || peek(1) == UInt8(ascii: "\t") { depth += 1 }
        index += 1
      case 0x30...0x39:
        var digits = 1
        while digits < 10, (0x30...0x39).contains(peek(digits)) { digits += 1 }
        guard peek(digits) == UInt8(ascii: ".") || peek(digits) == UInt8(ascii: ")") else { break prefix }
        depth += 1
        index += digits + 1
      case 0xC2, 0xE2, 0xE3, 0xEF:
        guard let length = Self.invisible(peek(0), peek(1), peek(2)) else { break prefix }
        index += length
      case UInt8(ascii: "[") where peek(1) == UInt8(ascii: "^"):
        guard let close = bytes[index..<range.upperBound].firstIndex(of: UInt8(ascii: "]")),
          close + 1 < range.upperBound, bytes[close + 1] == UInt8(ascii: ":")
        else { break prefix }
        footnotes.append((line, String(decoding: bytes[index + 2..<close], as: UTF8.self)))
        index = close + 2
      default: break prefix
      }
    }
    if depth > Self.nestingLimit, tooDeep == nil { tooDeep = line }
    if peek(0) == UInt8(ascii: "[") { brackets.append(line) }
    if peek(0) == UInt8(ascii: ":"), peek(1) == UInt8(ascii: ":"), peek(2) == UInt8(ascii: ":") {
      if index == range.lowerBound { directives.append(line) } else { misplaced.append(line) }
    }
  }

  /// The length of a character that leaves no mark on a page: NBSP, the spaces and joiners of U+2000 to U+206F, the
  /// ideographic space, a byte order mark.
  private static func invisible(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Int? {
    switch (first, second, third) {
    case (0xC2, 0xA0, _), (0xC2, 0xAD, _): 2
    case (0xE2, 0x80, 0x80...0x8F), (0xE2, 0x80, 0xA8...0xAF), (0xE2, 0x81, 0x9F...0xAF), (0xE3, 0x80, 0x80),
      (0xEF, 0xBB, 0xBF):
      3
    default: nil
    }
  }
}
