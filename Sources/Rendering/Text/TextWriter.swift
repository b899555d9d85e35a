// Plain text in 72 columns. Paragraphs are flowed (RFC 3676: a line that ends in a space goes on in the next);
// hung and aligned lines are fixed, so that their shape stays.

struct TextWriter {
  static let width = 72
  private(set) var bytes: [UInt8] = []
  /// What every line begins with: indentation of lists, bars of quotes.
  private var prefix: [UInt8] = []
  private var needsBlank = false
  /// The prefix that the blank line has: that of the outer of its two neighbours.
  private var blankPrefix: [UInt8] = []

  init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

  var string: String { String(decoding: bytes, as: UTF8.self) }
  /// Columns inside the prefix.
  var available: Int { max(20, Self.width - columns(prefix[...])) }

  /// A blank line before the next block, unless nothing stands before it.
  mutating func separate() {
    guard !needsBlank, !bytes.isEmpty else { return }
    needsBlank = true
    blankPrefix = prefix
  }

  private mutating func startLine(_ lead: [UInt8]) {
    if needsBlank {
      var blank = blankPrefix
      while blank.last == 0x20 { blank.removeLast() }
      bytes.append(contentsOf: blank)
      bytes.append(0x0A)
      needsBlank = false
    }
    bytes.append(contentsOf: prefix)
    bytes.append(contentsOf: lead)
  }

  /// Indents every line from here on, until `pop`.
  mutating func push(_ more: [UInt8]) { prefix += more }
  mutating func pop(_ count: Int) {
    prefix.removeLast(count)
    if blankPrefix.count > prefix.count { blankPrefix = prefix }
  }

  /// One fixed line as it is.
  mutating func line(_ words: [UInt8]) {
    startLine([])
    bytes.append(contentsOf: words)
    trimEnd()
    bytes.append(0x0A)
  }

  mutating func centered(_ text: String) {
    for words in wrapped(flat(text)[...], to: Self.width) {
      line(Array(repeating: 0x20, count: max(0, (Self.width - columns(words)) / 2)) + words)
    }
  }

  mutating func right(_ text: String) {
    let words = flat(text)
    line(Array(repeating: 0x20, count: max(0, Self.width - columns(words[...]))) + words)
  }

  /// Words and a line of `mark` under them.
  mutating func underlined(_ words: [UInt8], with mark: UInt8) {
    var widest = 0
    for part in wrapped(words[...], to: available) {
      line(Array(part))
      widest = max(widest, columns(part))
    }
    line(Array(repeating: mark, count: widest))
  }

  /// A paragraph; `lead` ("1. ", "- ") hangs before it, or all lines but the first
  /// are indented by `hanging`. Without these and without a prefix it is flowed.
  mutating func paragraph(_ words: [UInt8], lead: [UInt8] = [], hanging: Int? = nil) {
    let flowed = lead.isEmpty && prefix.isEmpty && hanging == nil
    let hang = flowed ? [] : [UInt8](repeating: 0x20, count: hanging ?? columns(lead[...]))
    let room = max(20, available - hang.count)
    var column = 0
    var lineStart = 0
    var isFirst = true
    bytes.reserveCapacity(bytes.count + words.count + words.count / 8 + 80)
    words.withUnsafeBufferPointer { words in
      var index = 0
      // What of the current line is not yet written: words with single spaces between.
      var pending = 0..<0
      while index < words.count {
        let byte = words[index]
        if byte == 0x20 || byte == 0x0A {
          // A hard break of the author's ends a line for good.
          if byte == 0x0A && column > 0 {
            bytes.append(contentsOf: words[pending])
            bytes.append(0x0A)
            column = 0
          }
          index += 1
          continue
        }
        let (end, width) = word(words, from: index)
        if column > 0 && column + 1 + width <= room {
          if index == pending.upperBound + 1 {
            pending = pending.lowerBound..<end
          } else {
            bytes.append(contentsOf: words[pending])
            bytes.append(0x20)
            pending = index..<end
          }
          column += 1 + width
        } else {
          if column > 0 {
            bytes.append(contentsOf: words[pending])
            // "-- " alone would be the mark of a signature.
            let isSignature = bytes.count == lineStart + 2 && bytes[lineStart] == 0x2D && bytes[lineStart + 1] == 0x2D
            if flowed && !isSignature { bytes.append(0x20) }
            bytes.append(0x0A)
          }
          startLine(isFirst ? lead : hang)
          isFirst = false
          lineStart = bytes.count
          column = width
          pending = index..<end
        }
        index = end
      }
      if column > 0 { bytes.append(contentsOf: words[pending]) }
    }
    if column > 0 {
      bytes.append(0x0A)
    } else if isFirst && !lead.isEmpty {
      line(lead)
    }
  }

  private mutating func trimEnd() {
    while bytes.last == 0x20 { bytes.removeLast() }
  }
}

/// Columns of well-formed UTF-8: scalars, combining marks of the Latin block left out.
@inline(__always)
func columns(_ bytes: ArraySlice<UInt8>) -> Int {
  var count = 0
  var previous: UInt8 = 0
  for byte in bytes {
    if byte & 0xC0 != 0x80 { count += 1 }
    // U+0300 to U+036F
    if (previous == 0xCC) || (previous == 0xCD && byte < 0xB0) { count -= 1 }
    previous = byte
  }
  return count
}

/// Clean words of a text, for the functions here.
func flat(_ text: String) -> [UInt8] {
  var bytes: [UInt8] = []
  bytes.appendClean(text)
  return bytes
}

/// The end of the word at `start`, and its columns.
@inline(__always)
private func word(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> (end: Int, columns: Int) {
  var end = start
  var columns = 0
  while end < bytes.count {
    let byte = bytes[end]
    if byte == 0x20 || byte == 0x0A { break }
    if byte & 0xC0 != 0x80 && byte != 0xCC { columns += 1 }
    end += 1
  }
  return (end, max(1, columns))
}

/// Breaks at spaces; a longer word has a line of its own. Runs of spaces become one.
func wrapped(_ words: ArraySlice<UInt8>, to width: Int) -> [ArraySlice<UInt8>] {
  // Most cells have single spaces: then every line is a slice of what came in.
  let source = hasDoubleSpace(words) ? squeezed(words)[...] : words
  if columns(source) <= width { return source.isEmpty ? [] : [source] }
  var lines: [ArraySlice<UInt8>] = []
  source.withUnsafeBufferPointer { buffer in
    let base = source.startIndex
    var (lineStart, lineEnd, column, index) = (0, 0, 0, 0)
    while index < buffer.count {
      let (end, columns) = word(buffer, from: index)
      if column == 0 {
        column = columns
      } else if column + 1 + columns <= width {
        column += 1 + columns
      } else {
        lines.append(source[base + lineStart..<base + lineEnd])
        lineStart = index
        column = columns
      }
      lineEnd = end
      index = end + 1
    }
    lines.append(source[base + lineStart..<base + lineEnd])
  }
  return lines
}

private func hasDoubleSpace(_ words: ArraySlice<UInt8>) -> Bool {
  var previous: UInt8 = 0x20
  for byte in words {
    if byte == 0x20 && previous == 0x20 { return true }
    previous = byte
  }
  return previous == 0x20
}

private func squeezed(_ words: ArraySlice<UInt8>) -> [UInt8] {
  var out: [UInt8] = []
  out.reserveCapacity(words.count)
  for byte in words where byte != 0x20 || (out.last ?? 0x20) != 0x20 { out.append(byte) }
  if out.last == 0x20 { out.removeLast() }
  return out
}
