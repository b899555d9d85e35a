// Reads CSV (RFC 4180) row by row from chunks of bytes, so that a list of a hundred thousand readers never lies in
// memory as a whole. UTF-8, comma, double quotes, LF or CRLF; the first row is the header.

package struct CSVRecord: Hashable, Sendable {
  /// Line on which the record begins.
  package var line: Int
  package var fields: [String]
  package init(line: Int, fields: [String]) {
    self.line = line
    self.fields = fields
  }
}

package struct CSVReader {
  /// A field longer than this is refused: a quote that was never closed would otherwise swallow the file.
  package static let fieldLimit = 1 << 16

  private enum State { case fieldStart, plain, quoted, quoteInQuoted, afterCarriageReturn }
  private var state = State.fieldStart
  private var field: [UInt8] = []
  private var fields: [String] = []
  private var line = 1
  private var recordLine = 1
  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
  /// Bytes of a byte order mark seen so far; nil once the text has begun.
  private var markSeen: Int? = 0

  package init() {}

  /// Takes the next chunk; `row` is called for every record that is complete, blank lines left out.
  package mutating func read(
    _ chunk: [UInt8], row: (CSVRecord) throws -> Void
  ) throws {
    var index = chunk.startIndex
    while index < chunk.endIndex {
      if markSeen == nil, state == .fieldStart || state == .plain || state == .quoted {
        // All bytes up to the next that means something belong to the field.
        var end = index
        while end < chunk.endIndex, !Self.hasMeaning(chunk[end]) { end += 1 }
        if end > index {
          try append(chunk[index..<end])
          if state == .fieldStart { state = .plain }
          index = end
          continue
        }
      }
      let byte = chunk[index]
      index += 1
      if let seen = markSeen {
        if byte == Self.byteOrderMark[seen] {
          markSeen = seen + 1 < 3 ? seen + 1 : nil
          continue
        }
        markSeen = nil
        for held in Self.byteOrderMark.prefix(seen) { try take(held, row: row) }
      }
      try take(byte, row: row)
    }
  }

  /// The end of the file: a last record without a line end is complete, an open quote an error.
  package mutating func finish(row: (CSVRecord) throws -> Void) throws {
    if state == .quoted {
      throw FileProblem(
        .syntax, at: SourcePosition(line: recordLine), "a quoted field is not closed before the end of the file",
        hint: "close it with \"; a quote inside a quoted field is written twice")
    }
    if state != .fieldStart || !fields.isEmpty { try endRecord(row: row) }
  }

  /// All records of a small file.
  package static func records(_ bytes: [UInt8]) throws -> [CSVRecord] {
    var reader = CSVReader()
    var records: [CSVRecord] = []
    try reader.read(bytes) { records.append($0) }
    try reader.finish { records.append($0) }
    return records
  }

  private mutating func take(_ byte: UInt8, row: (CSVRecord) throws -> Void) throws {
    let comma = UInt8(ascii: ",")
    let quote = UInt8(ascii: "\"")
    let newline = UInt8(ascii: "\n")
    let ret = UInt8(ascii: "\r")
    if state == .afterCarriageReturn {
      guard byte == newline else {
        throw FileProblem(.syntax, at: SourcePosition(line: line), "a carriage return inside a row")
      }
      line += 1
      try endRecord(row: row)
      return
    }
    switch (state, byte) {
    case (.quoted, quote): state = .quoteInQuoted
    case (.quoted, _):
      if byte == newline { line += 1 }
      try append(byte)
    case (.quoteInQuoted, quote):
      try append(quote)
      state = .quoted
    case (_, comma):
      try endField()
      state = .fieldStart
    case (_, newline):
      line += 1
      try endRecord(row: row)
    case (_, ret): state = .afterCarriageReturn
    case (.fieldStart, quote): state = .quoted
    case (.fieldStart, _), (.plain, _):
      if byte == quote {
        throw FileProblem(
          .syntax, at: SourcePosition(line: line), "a quote inside an unquoted field",
          hint: "quote the whole field and write the quote twice")
      }
      try append(byte)
      state = .plain
    default:
      throw FileProblem(.syntax, at: SourcePosition(line: line), "text after a closing quote")
    }
  }

  private static func hasMeaning(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }

  private mutating func append(_ byte: UInt8) throws { try append(CollectionOfOne(byte)) }

  private mutating func append(_ bytes: some Collection<UInt8>) throws {
    guard field.count + bytes.count <= Self.fieldLimit else {
      throw FileProblem(
        .tooLarge, at: SourcePosition(line: recordLine), "a field longer than \(Self.fieldLimit) bytes",
        hint: "look for a quote that is not closed")
    }
    field.append(contentsOf: bytes)
  }

  private mutating func endField() throws {
    // Nearly every field is ASCII, where nothing has to be validated.
    let isPlain = field.allSatisfy { $0 > 0 && $0 < 0x80 }
    guard
      let text = isPlain ? String(decoding: field, as: UTF8.self) : String(validating: field, as: UTF8.self),
      isPlain || !field.contains(0)
    else {
      throw FileProblem(.notUTF8, at: SourcePosition(line: recordLine), "this is not UTF-8 text")
    }
    fields.append(text)
    field.removeAll(keepingCapacity: true)
  }

  private mutating func endRecord(row: (CSVRecord) throws -> Void) throws {
    let blank = fields.isEmpty && field.isEmpty
    if blank {
      field.removeAll(keepingCapacity: true)
    } else {
      try endField()
      let record = CSVRecord(line: recordLine, fields: fields)
      fields.removeAll(keepingCapacity: true)
      state = .fieldStart
      recordLine = line
      try row(record)
      return
    }
    state = .fieldStart
    recordLine = line
  }
}
