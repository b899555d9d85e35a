// The text of a file with its lines, for finding places in it. Lines end as Markdown and YAML end them: LF, CRLF or CR.

package struct SourceText: Hashable, Sendable {
  package let bytes: [UInt8]
  /// The offset at which each line begins; one more at the end of the text.
  private let starts: [Int]

  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
    var starts = [0]
    starts.reserveCapacity(bytes.count / 40 + 2)
    bytes.withUnsafeBufferPointer { bytes in
      var index = 0
      while index < bytes.count {
        let byte = bytes[index]
        index += 1
        if byte == 0x0A {
          starts.append(index)
        } else if byte == 0x0D {
          if index < bytes.count, bytes[index] == 0x0A { index += 1 }
          starts.append(index)
        }
      }
    }
    if starts.last != bytes.count { starts.append(bytes.count) }
    self.starts = starts
  }

  package var lineCount: Int { starts.count - 1 }

  /// The bytes of a line without its end; empty for a line that does not exist.
  package func range(_ line: Int) -> Range<Int> {
    guard line >= 1, line < starts.count else { return bytes.count..<bytes.count }
    let start = starts[line - 1]
    var end = starts[line]
    if end > start, bytes[end - 1] == 0x0A { end -= 1 }
    if end > start, bytes[end - 1] == 0x0D { end -= 1 }
    return start..<end
  }

  /// From the first byte of one line to before the first byte of another, line ends included.
  package func span(from first: Int, to last: Int) -> Range<Int> {
    let start = starts[min(max(first, 1), starts.count) - 1]
    return start..<max(start, starts[min(max(last, 1), starts.count) - 1])
  }

  package func line(_ line: Int) -> String { String(decoding: bytes[range(line)], as: UTF8.self) }

  /// The column, in Unicode scalars, of a byte of a line; both count from 1.
  package func column(line: Int, byte: Int) -> Int {
    let range = range(line)
    let end = min(range.upperBound, range.lowerBound + max(0, byte - 1))
    return bytes[range.lowerBound..<end].reduce(1) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 }
  }

  /// The first place of a text on the lines `first...last`, as line and column in scalars; nil when it is on none.
  package func find(_ text: String, from first: Int, through last: Int) -> (line: Int, column: Int)? {
    var text = text
    return text.withUTF8 { wanted in
      guard let head = wanted.first, first <= last else { return nil }
      for line in max(1, first)...max(1, min(last, lineCount)) {
        let range = range(line)
        guard range.count >= wanted.count else { continue }
        for start in range.lowerBound...(range.upperBound - wanted.count) where bytes[start] == head {
          var length = 1
          while length < wanted.count, bytes[start + length] == wanted[length] { length += 1 }
          if length == wanted.count { return (line, column(line: line, byte: start - range.lowerBound + 1)) }
        }
      }
      return nil
    }
  }
}
