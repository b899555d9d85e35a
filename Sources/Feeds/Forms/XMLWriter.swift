// XML 1.0 through libxml2's writer, in UTF-8. The only file that sees libxml2: it owns the two things that libxml2
// allocates, frees both in one place, and looks at every result.
// Names of elements and attributes are literals of this program; only values come from outside. Characters that XML 1.0
// forbids (section 2.2: controls but tab, line feed and carriage return; U+FFFE, U+FFFF) are left out of them. A carriage
// return is written as a reference, so that a reader gets it back.

import CLibXML2

final class XMLWriter {
  typealias Attributes = KeyValuePairs<StaticString, String?>

  /// Of one text, in bytes: escaped it is at most six times as long, which libxml2 can still count.
  private static let longestText = 1 << 28

  private let buffer: xmlBufferPtr
  private let writer: xmlTextWriterPtr

  /// - Parameter capacity: bytes to begin with; more come as needed.
  /// - Returns: the document with its declaration and a line end.
  static func document(
    capacity: Int = 4_096, _ body: (XMLWriter) throws(FeedProblem) -> Void
  ) throws(FeedProblem) -> [UInt8] {
    let writer = try XMLWriter(capacity: capacity)
    try body(writer)
    return try writer.finished()
  }

  private init(capacity: Int) throws(FeedProblem) {
    Self.prepare
    guard let buffer = xmlBufferCreateSize(max(capacity, 256)) else { throw Self.problem("memory") }
    // Exact growth, which is the default, would copy a large document once per piece.
    xmlBufferSetAllocationScheme(buffer, XML_BUFFER_ALLOC_DOUBLEIT)
    guard let writer = xmlNewTextWriterMemory(buffer, 0) else {
      xmlBufferFree(buffer)
      throw Self.problem("memory")
    }
    self.buffer = buffer
    self.writer = writer
    try check(xmlTextWriterSetIndent(writer, 1), "indent")
    try check(xmlTextWriterStartDocument(writer, nil, "UTF-8", nil), "declaration")
  }

  deinit {
    xmlFreeTextWriter(writer)
    xmlBufferFree(buffer)
  }

  /// libxml2 wants to be set up once, before threads use it.
  private static let prepare: Void = xmlInitParser()

  // MARK: Elements

  /// An element with elements in it, or with none.
  func element(
    _ name: StaticString, _ attributes: Attributes = [:], _ content: () throws(FeedProblem) -> Void
  ) throws(FeedProblem) {
    try start(name, attributes)
    try content()
    try check(xmlTextWriterEndElement(writer), "end of an element")
  }

  /// An element with this text in it; nil: none is written at all.
  func element(_ name: StaticString, _ attributes: Attributes = [:], text: String?) throws(FeedProblem) {
    guard let text else { return }
    try start(name, attributes)
    try write(text) { xmlTextWriterWriteString(writer, $0) }
    try check(xmlTextWriterEndElement(writer), "end of an element")
  }

  func emptyElement(_ name: StaticString, _ attributes: Attributes = [:]) throws(FeedProblem) {
    try start(name, attributes)
    try check(xmlTextWriterEndElement(writer), "end of an element")
  }

  private func start(_ name: StaticString, _ attributes: Attributes) throws(FeedProblem) {
    try check(xmlTextWriterStartElement(writer, name.utf8Start), "element")
    for (name, value) in attributes {
      guard let value else { continue }
      try write(value) { xmlTextWriterWriteAttribute(writer, name.utf8Start, $0) }
    }
  }

  // MARK: Values

  private func write(_ text: String, by call: (UnsafePointer<UInt8>) -> CInt) throws(FeedProblem) {
    guard text.utf8.count <= Self.longestText else { throw Self.problem("a text of \(text.utf8.count) bytes") }
    // libxml2 reads up to a NUL, which is among the characters left out.
    let result = Self.withoutForbidden(text).withCString(encodedAs: UTF8.self, call)
    try check(result, "text")
  }

  /// The text without the characters that XML 1.0 forbids; itself where it has none, which costs one look at each byte.
  static func withoutForbidden(_ text: String) -> String {
    let mayHave = text.utf8.withContiguousStorageIfAvailable { bytes in
      // U+FFFE and U+FFFF begin with EF in UTF-8.
      bytes.contains { $0 < 0x20 && !isWhiteSpace($0) || $0 == 0xEF }
    }
    guard mayHave ?? true else { return text }
    return String(
      text.unicodeScalars.filter {
        $0.value >= 0x20 ? $0.value != 0xFFFE && $0.value != 0xFFFF : isWhiteSpace(UInt8($0.value))
      })
  }

  private static func isWhiteSpace(_ byte: UInt8) -> Bool { byte == 0x09 || byte == 0x0A || byte == 0x0D }

  // MARK: The end

  private func finished() throws(FeedProblem) -> [UInt8] {
    try check(xmlTextWriterEndDocument(writer), "end of the document")
    try check(xmlTextWriterFlush(writer), "end of the document")
    let length = xmlBufferLength(buffer)
    guard length > 0, let content = xmlBufferContent(buffer) else { throw Self.problem("an empty document") }
    return Array(UnsafeBufferPointer(start: content, count: Int(length)))
  }

  private func check(_ result: CInt, _ what: String) throws(FeedProblem) {
    if result < 0 { throw Self.problem(what) }
  }

  private static func problem(_ what: String) -> FeedProblem {
    FeedProblem(message: "the XML of a feed cannot be written (\(what)): memory may be short")
  }
}
