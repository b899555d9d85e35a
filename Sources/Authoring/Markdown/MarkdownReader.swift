// Markdown to our own tree. cmark-gfm reads the whole body at once, so that link definitions and footnotes resolve
// everywhere; every line that begins with `:::` is handed to it as an empty HTML comment, which ends any paragraph,
// list, quote or table and cannot be swallowed but by a fence. So cmark alone judges what stands in a fence: there the
// author's line is put back, elsewhere it is a directive. Comments that authors write are raw HTML and refused by line.
// Sources of the front matter are given to it as footnote definitions before the body, and so is every label that
// nothing defines: only cmark can tell a reference from text. To every label that the body may define there is a
// reference too, because cmark throws away definitions that nothing refers to.

import Bulletins
import Markings

struct MarkdownReader {
  /// What reading the body gave.
  struct Result {
    var blocks: [Block] = []
    var footnotes: [Footnote] = []
    var directives: [DirectiveSpan] = []
    var unresolved: [UnresolvedReference] = []
    var namedFiles: [NamedFile] = []
  }

  private static let marker = "<!---->"

  let source: SourceText
  /// First line of the body.
  let firstLine: Int
  let scan: BodyScan
  /// What is defined before the body, in order.
  private let given: [ReferenceTarget]

  /// `references` are the offsets of what may be labels.
  init(source: SourceText, firstLine: Int, sourceIDs: [String], references: [Int]) {
    self.source = source
    self.firstLine = firstLine
    scan = BodyScan(source, from: firstLine)
    var known = Set(sourceIDs.map { $0.lowercased() })
    for (_, label) in scan.footnotes { known.insert(label.lowercased()) }
    var given = sourceIDs.map { ReferenceTarget.source($0) }
    for offset in references where offset >= source.range(firstLine).lowerBound {
      guard let label = FootnoteLabel.plain(in: source.bytes, at: offset) else { continue }
      if known.insert(label.lowercased()).inserted { given.append(.nothing(label)) }
    }
    self.given = given
  }

  func read(
    portions: inout PortionList, findings: inout FindingList, settings: ReaderSettings, marks: MarkMemo
  ) -> Result {
    if let line = scan.tooDeep {
      findings.error(
        "S05", line: line, "quotes and lists nested deeper than \(BodyScan.nestingLimit)",
        explanation: "No bulletin needs it; the body is not read.")
      return Result()
    }
    let preamble = preamble()
    guard let tree = MarkdownTree(feed: { give in feed(preamble.text, give) }) else {
      findings.error("S05", line: firstLine, "the body cannot be read")
      return Result()
    }
    let lines = LineMap(preambleLines: preamble.lines, firstLine: firstLine)
    var builder = TreeBuilder(
      source: source, scan: scan, lines: lines, settings: settings, marks: marks, portions: portions,
      findings: findings)
    let result = tree.withRoot { root in builder.build(root, given: given) }
    portions = builder.portions
    findings = builder.findings
    return result
  }

  /// Definitions of the sources, references to every label that may be defined, and a comment that ends them.
  private func preamble() -> (text: String, lines: Int) {
    var text = ""
    var lines = 0
    for target in given {
      text += "[^\(target.label)]: x\n\n"
      lines += 2
    }
    var seen: Set<String> = []
    for (_, label) in scan.footnotes where FootnoteLabel.isPlain(label) && seen.insert(label).inserted {
      text += "[^\(label)]\n\n"
      lines += 2
    }
    return (text + Self.marker + "\n", lines + 1)
  }

  private func feed(_ preamble: String, _ give: (UnsafeRawBufferPointer) -> Void) {
    var preamble = preamble
    preamble.withUTF8 { give(UnsafeRawBufferPointer($0)) }
    var marker = Self.marker + "\n"
    source.bytes.withUnsafeBytes { bytes in
      var next = firstLine
      for line in scan.directives {
        give(UnsafeRawBufferPointer(rebasing: bytes[source.span(from: next, to: line)]))
        marker.withUTF8 { give(UnsafeRawBufferPointer($0)) }
        next = line + 1
      }
      give(UnsafeRawBufferPointer(rebasing: bytes[source.span(from: next, to: source.lineCount + 1)]))
    }
  }
}

/// Lines of the text that cmark was given, and lines of the file.
struct LineMap {
  var preambleLines: Int
  var firstLine: Int
  /// Below 1 for the preamble.
  func line(_ parsed: Int) -> Int { parsed - preambleLines + firstLine - 1 }
  func isPreamble(_ parsed: Int) -> Bool { parsed >= 1 && parsed <= preambleLines }
}

enum FootnoteLabel {
  /// Letters, digits, `.`, `_` and `-`: nothing in it that Markdown could read otherwise.
  static func isPlain(_ label: String) -> Bool {
    !label.isEmpty && label.utf8.count <= longest && label.utf8.allSatisfy(isPlain)
  }

  /// The plain label that begins at an offset and ends at `]`.
  static func plain(in bytes: [UInt8], at start: Int) -> String? {
    var end = start
    while end < bytes.count, end - start <= longest, isPlain(bytes[end]) { end += 1 }
    guard end > start, end - start <= longest, end < bytes.count, bytes[end] == UInt8(ascii: "]") else { return nil }
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  private static let longest = 64
  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
    default: false
    }
  }
}
