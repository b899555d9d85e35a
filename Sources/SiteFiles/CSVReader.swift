// Reads CSV (RFC 4180) row by row from chunks of bytes, so that a list of a hundred thousand readers or a million records
// never lies in memory as a whole. UTF-8, double quotes, LF or CRLF, comma or another separator; the first row is the
// header. Rows come as texts, or as bytes that are valid while they are lent (a million rows of texts take seconds).

package struct CSVRecord: Hashable, Sendable {
  /// Line on which the record begins.
  package var line: Int
  package var fields: [String]
  package init(line: Int, fields: [String]) {
    self.line = line
    self.fields = fields
  }
}

/// A row as bytes of valid UTF-8 without NUL; not to be kept.
package struct CSVFields {
  /// Line on which the record begins.
  package let line: Int
  fileprivate let text: UnsafeBufferPointer<UInt8>
  /// End of each field in `text`; each begins where the one before ended.
  fileprivate let ends: UnsafeBufferPointer<Int>

  package var count: Int { ends.count }
  package subscript(index: Int) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: text[(index == 0 ? 0 : ends[index - 1])..<ends[index]])
  }
  package func string(_ index: Int) -> String { String(decoding: self[index], as: UTF8.self) }
  package var strings: [String] { (0..<count).map(string) }
}

package struct CSVReader {
  /// A field longer than this is refused: a quote that was never closed would otherwise swallow the file.
  package static let fieldLimit = 1 << 16
  /// A row with more fields is refused.
  package static let columnLimit = 4_096

  private enum State { case fieldStart, plain, quoted, quoteInQuoted, afterCarriageReturn }
  private var state = State.fieldStart
  /// The fields of the record, one after the other.
  private var text: [UInt8] = []
  private var ends: [Int] = []
  private var line = 1
  private var recordLine = 1
  /// The field has bytes that are not ASCII, or NUL.
  private var isOdd = false
  private let separator: UInt8
  /// What a byte may be: 0 ordinary, 1 ends a run of ordinary ones, 2 makes the field odd.
  private let kinds: [UInt8]
  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
  /// Bytes of a byte order mark seen so far; nil once the text has begun.
  private var markSeen: Int? = 0

  private static let quote = UInt8(ascii: "\"")
  private static let newline = UInt8(ascii: "\n")
  private static let ret = UInt8(ascii: "\r")

  package init(separator: UInt8 = UInt8(ascii: ",")) {
    self.separator = separator
    var kinds = [UInt8](repeating: 0, count: 128) + [UInt8](repeating: 2, count: 128)
    kinds[0] = 2
    for byte in [separator, Self.quote, Self.newline, Self.ret] { kinds[Int(byte)] = 1 }
    self.kinds = kinds
  }

  /// Takes the next chunk; `row` is called for every record that is complete, blank lines left out.
  package mutating func read(_ chunk: [UInt8], row: (CSVRecord) throws -> Void) throws {
    try chunk.withUnsafeBufferPointer { bytes in
      try readFields(bytes) { try row(CSVRecord(line: $0.line, fields: $0.strings)) }
    }
  }

  /// The end of the file: a last record without a line end is complete, an open quote an error.
  package mutating func finish(row: (CSVRecord) throws -> Void) throws {
    try finishFields { try row(CSVRecord(line: $0.line, fields: $0.strings)) }
  }

  /// All records of a small file.
  package static func records(_ bytes: [UInt8]) throws -> [CSVRecord] {
    var reader = CSVReader()
    var records: [CSVRecord] = []
    try reader.read(bytes) { records.append($0) }
    try reader.finish { records.append($0) }
    return records
  }

  /// As `read`, lending each row as bytes.
  package mutating func readFields(_ chunk: UnsafeBufferPointer<UInt8>, row: (CSVFields) throws -> Void) throws {
    var position = 0
    while let seen = markSeen, position < chunk.count {
      if chunk[position] == Self.byteOrderMark[seen] {
        position += 1
        markSeen = seen + 1 < 3 ? seen + 1 : nil
      } else {
        markSeen = nil
        if seen > 0 { try append(Array(Self.byteOrderMark.prefix(seen)), isOdd: true) }
      }
    }
    let kinds = kinds
    try kinds.withUnsafeBufferPointer { kinds in
      while position < chunk.count {
        switch state {
        case .fieldStart where chunk[position] != Self.quote, .plain:
          let end = Self.run(chunk, from: position, kinds, &isOdd)
          if end > position {
            try append(UnsafeBufferPointer(rebasing: chunk[position..<end]))
            state = .plain
            position = end
          }
          guard position < chunk.count else { return }
          try takeSpecial(chunk[position], row: row)
          position += 1
        case .quoted:
          var end = position
          while end < chunk.count, chunk[end] != Self.quote {
            let byte = chunk[end]
            if byte == Self.newline { line += 1 }
            if byte >= 0x80 || byte == 0 { isOdd = true }
            end += 1
          }
          try append(UnsafeBufferPointer(rebasing: chunk[position..<end]))
          if end < chunk.count { state = .quoteInQuoted }
          position = end + 1
        default:
          try takeSpecial(chunk[position], row: row)
          position += 1
        }
      }
    }
  }

  /// As `finish`, lending the row as bytes.
  package mutating func finishFields(row: (CSVFields) throws -> Void) throws {
    if let seen = markSeen, seen > 0 { try append(Array(Self.byteOrderMark.prefix(seen)), isOdd: true) }
    if state == .quoted {
      throw FileProblem(
        .syntax, at: SourcePosition(line: recordLine), "a quoted field is not closed before the end of the file",
        hint: "close it with \"; a quote inside a quoted field is written twice")
    }
    if state != .fieldStart || !ends.isEmpty || !text.isEmpty { try endRecord(row: row) }
  }

  /// The end of the ordinary bytes from `start` on.
  @inline(__always)
  private static func run(
    _ chunk: UnsafeBufferPointer<UInt8>, from start: Int, _ kinds: UnsafeBufferPointer<UInt8>, _ isOdd: inout Bool
  ) -> Int {
    var end = start
    var odd: UInt8 = 0
    while end < chunk.count {
      let kind = kinds[Int(chunk[end])]
      if kind == 1 { break }
      odd |= kind
      end += 1
    }
    if odd != 0 { isOdd = true }
    return end
  }

  /// A byte that is no ordinary one of a field.
  private mutating func takeSpecial(_ byte: UInt8, row: (CSVFields) throws -> Void) throws {
    if state == .afterCarriageReturn {
      guard byte == Self.newline else {
        throw FileProblem(.syntax, at: SourcePosition(line: line), "a carriage return inside a row")
      }
      line += 1
      return try endRecord(row: row)
    }
    switch byte {
    case separator:
      try endField()
      state = .fieldStart
    case Self.newline:
      line += 1
      try endRecord(row: row)
    case Self.ret: state = .afterCarriageReturn
    case Self.quote where state == .fieldStart: state = .quoted
    case Self.quote where state == .quoteInQuoted:
      try append([Self.quote], isOdd: false)
      state = .quoted
    case Self.quote:
      throw FileProblem(
        .syntax, at: SourcePosition(line: line), "a quote inside an unquoted field",
        hint: "quote the whole field and write the quote twice")
    default: throw FileProblem(.syntax, at: SourcePosition(line: line), "text after a closing quote")
    }
  }

  private var fieldStart: Int { ends.last ?? 0 }

  private mutating func append(_ bytes: [UInt8], isOdd odd: Bool) throws {
    if odd { isOdd = true }
    try bytes.withUnsafeBufferPointer { try append($0) }
    if state == .fieldStart { state = .plain }
  }

  private mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) throws {
    guard text.count - fieldStart + bytes.count <= Self.fieldLimit else {
      throw FileProblem(
        .tooLarge, at: SourcePosition(line: recordLine), "a field longer than \(Self.fieldLimit) bytes",
        hint: "look for a quote that is not closed")
    }
    text.append(contentsOf: bytes)
  }

  private mutating func endField() throws {
    if isOdd {
      let field = text[fieldStart...]
      guard String(validating: field, as: UTF8.self) != nil, !field.contains(0) else {
        throw FileProblem(
          .notUTF8, at: SourcePosition(line: recordLine), "this is not UTF-8 text", hint: "save the file as UTF-8")
      }
      isOdd = false
    }
    guard ends.count < Self.columnLimit else {
      throw FileProblem(.columnCount, at: SourcePosition(line: recordLine), "more than \(Self.columnLimit) fields")
    }
    ends.append(text.count)
  }

  private mutating func endRecord(row: (CSVFields) throws -> Void) throws {
    let blank = ends.isEmpty && text.isEmpty
    if !blank { try endField() }
    let begun = recordLine
    state = .fieldStart
    recordLine = line
    defer {
      text.removeAll(keepingCapacity: true)
      ends.removeAll(keepingCapacity: true)
    }
    guard !blank else { return }
    try text.withUnsafeBufferPointer { text in
      try ends.withUnsafeBufferPointer { try row(CSVFields(line: begun, text: text, ends: $0)) }
    }
  }
}
