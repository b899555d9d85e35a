// The only file that imports cmark-gfm: it owns the library's memory, and nothing that it hands out is valid outside
// `withRoot`. Extensions: table, strikethrough, autolink, and footnotes; raw HTML is parsed so that it can be refused.
// Parsing holds a lock: attaching extensions to a parser writes tables that all parsers of the process share.

import CMarkGFM
import Synchronization

/// A document as cmark-gfm read it.
struct MarkdownTree: ~Copyable {
  private let root: OpaquePointer

  private static let parsing = Mutex(())
  private static let extensions = ["table", "strikethrough", "autolink"]
  private static let registered: Void = cmark_gfm_core_extensions_ensure_registered()

  /// `feed` hands the text over in pieces of any size; nil only when memory is out.
  init?(feed: (_ give: (UnsafeRawBufferPointer) -> Void) -> Void) {
    let parsed: UInt? = Self.parsing.withLock { _ in
      _ = Self.registered
      guard let parser = cmark_parser_new(CMARK_OPT_FOOTNOTES | CMARK_OPT_SOURCEPOS) else { return nil }
      defer { cmark_parser_free(parser) }
      for name in Self.extensions {
        guard let found = cmark_find_syntax_extension(name) else { return nil }
        cmark_parser_attach_syntax_extension(parser, found)
      }
      feed { piece in
        guard let base = piece.baseAddress, !piece.isEmpty else { return }
        cmark_parser_feed(parser, base.assumingMemoryBound(to: CChar.self), piece.count)
      }
      return cmark_parser_finish(parser).map { UInt(bitPattern: $0) }
    }
    guard let parsed, let root = OpaquePointer(bitPattern: parsed) else { return nil }
    self.root = root
  }

  deinit { cmark_node_free(root) }

  /// Nodes must not leave the closure.
  func withRoot<Result>(_ body: (MarkdownNode) -> Result) -> Result { body(MarkdownNode(root)) }
}

/// A node of a MarkdownTree, borrowed. Lines and columns count from 1, columns in bytes; 0 where the library
/// does not know.
struct MarkdownNode {
  enum Kind: UInt8 {
    case unknown
    case document, quote, list, item, codeBlock, htmlBlock, paragraph, heading, thematicBreak, footnoteDefinition
    case table, tableRow, tableCell
    case text, softBreak, lineBreak, code, htmlInline, emphasis, strong, link, image, footnoteReference
    case strikethrough
  }

  private let pointer: OpaquePointer
  fileprivate init(_ pointer: OpaquePointer) { self.pointer = pointer }

  var kind: Kind { Kind(rawValue: revere_node_kind(pointer)) ?? .unknown }
  var firstChild: MarkdownNode? { cmark_node_first_child(pointer).map(MarkdownNode.init) }
  var next: MarkdownNode? { cmark_node_next(pointer).map(MarkdownNode.init) }
  var children: Children { Children(upcoming: firstChild) }

  var startLine: Int { Int(cmark_node_get_start_line(pointer)) }
  var startColumn: Int { Int(cmark_node_get_start_column(pointer)) }
  var endLine: Int { Int(cmark_node_get_end_line(pointer)) }

  /// Text, code, or the number of the definition that a footnote reference means.
  var literal: String { cmark_node_get_literal(pointer).map { String(cString: $0) } ?? "" }
  /// A text node's literal and the signs in it that need a second look.
  var scannedLiteral: (text: String, signs: TextSigns) {
    guard let start = cmark_node_get_literal(pointer) else { return ("", []) }
    var signs: TextSigns = []
    var end = start
    while true {
      let byte = UInt8(bitPattern: end.pointee)
      if byte < 0x30 || byte > 0x5A { if byte == 0 { break } else { signs.note(byte) } }
      end += 1
    }
    let bytes = UnsafeRawBufferPointer(start: start, count: end - start)
    return (String(decoding: bytes, as: UTF8.self), signs)
  }
  var headingLevel: Int { Int(cmark_node_get_heading_level(pointer)) }
  var fenceInfo: String { cmark_node_get_fence_info(pointer).map { String(cString: $0) } ?? "" }
  var isFenced: Bool {
    var (length, offset, character) = (Int32(0), Int32(0), CChar(0))
    return cmark_node_get_fenced(pointer, &length, &offset, &character) != 0
  }
  var isOrderedList: Bool { cmark_node_get_list_type(pointer) == CMARK_ORDERED_LIST }
  var listStart: Int { Int(cmark_node_get_list_start(pointer)) }
  var isParenthesisList: Bool { cmark_node_get_list_delim(pointer) == CMARK_PAREN_DELIM }
  var destination: String { cmark_node_get_url(pointer).map { String(cString: $0) } ?? "" }
  var title: String { cmark_node_get_title(pointer).map { String(cString: $0) } ?? "" }

  /// `l`, `c`, `r` or 0 for each column of a table.
  var alignments: [UInt8] {
    let count = Int(cmark_gfm_extensions_get_table_columns(pointer))
    guard let first = cmark_gfm_extensions_get_table_alignments(pointer) else { return [] }
    return Array(UnsafeBufferPointer(start: first, count: count))
  }
  var isHeaderRow: Bool { cmark_gfm_extensions_get_table_row_is_header(pointer) != 0 }

  struct Children: Sequence, IteratorProtocol {
    fileprivate var upcoming: MarkdownNode?
    mutating func next() -> MarkdownNode? {
      guard let node = upcoming else { return nil }
      upcoming = node.next
      return node
    }
  }
}

/// Signs in a text node that need a second look.
struct TextSigns: OptionSet {
  var rawValue: UInt8
  /// A parenthesis somewhere: a mark may begin the text.
  static let parenthesis = TextSigns(rawValue: 1)
  /// `^`: a reference that nothing defines.
  static let caret = TextSigns(rawValue: 2)
  /// `{`: a tag.
  static let brace = TextSigns(rawValue: 4)
  static let control = TextSigns(rawValue: 8)

  fileprivate mutating func note(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "("): insert(.parenthesis)
    case UInt8(ascii: "^"): insert(.caret)
    case UInt8(ascii: "{"): insert(.brace)
    case 0x01...0x08, 0x0A...0x1F, 0x7F: insert(.control)
    default: break
    }
  }
}
