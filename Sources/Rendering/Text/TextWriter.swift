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
    let hang = [UInt8](repeating: 0x20, count: hanging ?? columns(lead[...]))
    let room = max(20, available - hang.count)
    var first = true
    // A hard break of the author's ends a line for good.
    for part in words.split(separator: 0x0A, omittingEmptySubsequences: true) {
      let lines = wrapped(part, to: room)
      for (index, words) in lines.enumerated() {
        startLine(first ? lead : hang)
        first = false
        bytes.append(contentsOf: words)
        // "-- " alone would be the mark of a signature.
        let soft = flowed && index + 1 < lines.count && !words.elementsEqual([0x2D, 0x2D])
        if soft { bytes.append(0x20) }
        bytes.append(0x0A)
      }
    }
    if first && !lead.isEmpty { line(lead) }
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

/// Breaks at spaces; a longer word has a line of its own. Runs of spaces become one.
func wrapped(_ words: ArraySlice<UInt8>, to width: Int) -> [ArraySlice<UInt8>] {
  // Most paragraphs have single spaces: then every line is a slice of what came in.
  var source = words
  if hasDoubleSpace(words) { source = squeezed(words)[...] }
  var lines: [ArraySlice<UInt8>] = []
  var lineStart = source.startIndex
  var lineEnd = source.startIndex
  var lineColumns = 0
  var index = source.startIndex
  let end = source.endIndex
  while index < end {
    var wordEnd = index
    var wordColumns = 0
    source.withUnsafeBufferPointer { buffer in
      var position = index - source.startIndex
      let count = buffer.count
      while position < count && buffer[position] != 0x20 {
        if buffer[position] & 0xC0 != 0x80 { wordColumns += 1 }
        position += 1
      }
      wordEnd = position + source.startIndex
    }
    if lineColumns == 0 {
      lineColumns = wordColumns
    } else if lineColumns + 1 + wordColumns <= width {
      lineColumns += 1 + wordColumns
    } else {
      lines.append(source[lineStart..<lineEnd])
      lineStart = index
      lineColumns = wordColumns
    }
    lineEnd = wordEnd
    index = wordEnd < end ? wordEnd + 1 : end
  }
  if lineEnd > lineStart { lines.append(source[lineStart..<lineEnd]) }
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
