// Markdown to our own tree. cmark-gfm reads the whole body at once, so that link definitions and footnotes resolve
// everywhere; every line that begins with `:::` is handed to it as an empty HTML comment, which ends any paragraph,
// list, quote or table and cannot be swallowed but by a fence. So cmark alone judges what stands in a fence: there the
// author's line is put back, elsewhere it is a directive. Comments that authors write are raw HTML and refused by line.
// Sources of the front matter are given to it as footnote definitions before the body, with a reference to every label
// that the body might define, because cmark throws away definitions that nothing refers to.

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
  let sourceIDs: [String]

  init(source: SourceText, firstLine: Int, sourceIDs: [String]) {
    self.source = source
    self.firstLine = firstLine
    self.sourceIDs = sourceIDs
    scan = BodyScan(source, from: firstLine)
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
    let result = tree.withRoot { root in builder.build(root, sourceIDs: sourceIDs) }
    portions = builder.portions
    findings = builder.findings
    return result
  }

  /// Definitions of the sources, references to every label that may be defined, and a comment that ends them.
  private func preamble() -> (text: String, lines: Int) {
    var text = ""
    var lines = 0
    for id in sourceIDs {
      text += "[^\(id)]: x\n\n"
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
    !label.isEmpty && label.utf8.count <= 64
      && label.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
          || [UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-")].contains(byte)
      }
  }
}
