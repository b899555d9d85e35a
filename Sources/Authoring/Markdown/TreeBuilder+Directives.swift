// The document's top level: blocks between directives, nesting of directives, footnotes, and what may not stand
// inside a directive.

import Bulletins
import Markings

extension TreeBuilder {
  /// An open directive, or the document itself at the bottom.
  private struct Frame {
    var directive: Directive?
    var span: Int?
    var container = Container()
    var scope = Scope()
    /// Stands where it may not: what it encloses stays in place, so that no tree is deeper than directives may nest.
    var isTransparent = false
  }

  /// More open directives than this are errors upon errors; further ones are not even opened.
  private static var mostOpen: Int { 16 }

  mutating func build(_ root: MarkdownNode, given: [ReferenceTarget]) -> MarkdownReader.Result {
    collectTargets(root, given: given)
    var frames = [Frame()]
    var met: Set<Int> = []
    let directives = Set(scan.directives)
    for node in root.children where node.kind != .footnoteDefinition && !lines.isPreamble(node.startLine) {
      let line = lines.line(node.startLine)
      if node.kind == .htmlBlock, directives.contains(line) {
        met.insert(line)
        take(Directive.read(source.line(line), line: line), &frames)
      } else {
        let top = frames.count - 1
        var scope = frames[top].scope
        read(node, into: &frames[top].container, &scope)
      }
    }
    while frames.count > 1 {
      if let directive = frames[frames.count - 1].directive {
        findings.error(
          "S04", line: directive.line, "the directive is not closed",
          explanation: "Write a line `:::` after what it encloses.")
      }
      close(&frames)
    }
    result.blocks = frames[0].container.blocks
    readFootnotes(root)
    checkLines(met: met)
    return result
  }

  private mutating func take(_ directive: Directive, _ frames: inout [Frame]) {
    for problem in directive.problems {
      findings.error(
        "S04", line: directive.line, column: source.column(line: directive.line, byte: problem.byte), problem.message,
        explanation: problem.hint, fatal: problem.fatal)
    }
    let top = frames.count - 1
    var frame = Frame(directive: directive, scope: frames[top].scope)
    switch directive.content {
    case .close:
      guard let span = frames[top].span else {
        findings.error("S04", line: directive.line, "a `:::` that closes nothing", explanation: "Remove the line.")
        return
      }
      result.directives[span].endLine = directive.line
      close(&frames)
      return
    case .only(let clauses, let p23):
      if top > 0 { frame.isTransparent = refuseNesting(directive) }
      frame.scope.clauses += clauses
      frame.scope.p23 = frame.scope.p23 || p23
    case .tearline:
      if frames.contains(where: { $0.directive?.content == .tearline }) || top > 1 {
        frame.isTransparent = refuseNesting(directive)
      }
      frame.scope.inTearline = true
      checkBlockBefore(frames[top].container, directive.line)
    case .unknown:
      // Its content stays where it is, in a file that is invalid.
      frame.isTransparent = true
    }
    guard frames.count <= Self.mostOpen else { return }
    result.directives.append(DirectiveSpan(directive: directive, endLine: nil))
    frame.span = result.directives.count - 1
    frames.append(frame)
  }

  private mutating func refuseNesting(_ directive: Directive) -> Bool {
    findings.error(
      "S04", line: directive.line, "directives nested too deep",
      explanation: "Only a tear line may stand in another directive, in `::: only`.")
    return true
  }

  private mutating func checkBlockBefore(_ container: Container, _ line: Int) {
    var before = container.blocks.last
    // A tear line after a tear line stands in for the same block as the first.
    for block in container.blocks.reversed() {
      before = block
      guard case .tearline = block.content else { break }
      before = nil
    }
    switch before?.content {
    case nil, .heading, .thematicBreak:
      // Not fatal: `decide` lets nobody see it, and the rest of the bulletin stands.
      findings.error(
        "S03", line: line, "a tear line with no block before it",
        explanation: "It stands in for the one block or group right before it; put it below that.", fatal: false)
    default: break
    }
  }

  private func close(_ frames: inout [Frame]) {
    let frame = frames.removeLast()
    let blocks = frame.container.blocks
    let top = frames.count - 1
    guard let directive = frame.directive else { return }
    if frame.isTransparent {
      for block in blocks { frames[top].container.append(block) }
      return
    }
    switch directive.content {
    case .only(let clauses, let p23):
      frames[top].container.append(Block(.only(clauses: clauses, p23: p23, blocks), line: directive.line))
    case .tearline: frames[top].container.append(Block(.tearline(blocks), line: directive.line))
    case .unknown, .close: break
    }
  }

  // MARK: Footnotes

  private mutating func collectTargets(_ root: MarkdownNode, given: [ReferenceTarget]) {
    footnoteLabels = Dictionary(scan.footnotes.map { ($0.line, $0.label) }, uniquingKeysWith: { first, _ in first })
    for node in root.children where node.kind == .footnoteDefinition {
      if lines.isPreamble(node.startLine) {
        let index = (node.startLine - 1) / 2
        targets.append(given.indices.contains(index) ? given[index] : .nothing(""))
      } else {
        targets.append(.footnote(label(of: node)))
      }
    }
    knownTargets = Dictionary(
      (given + targets).map { ($0.label.lowercased(), $0) }, uniquingKeysWith: { first, _ in first })
  }

  private func label(of definition: MarkdownNode) -> String {
    let line = lines.line(definition.startLine)
    return footnoteLabels[line] ?? "line-\(line)"
  }

  private mutating func readFootnotes(_ root: MarkdownNode) {
    let definitions = root.children.filter { $0.kind == .footnoteDefinition && !lines.isPreamble($0.startLine) }
    for node in definitions.sorted(by: { $0.startLine < $1.startLine }) {
      let (label, line) = (label(of: node), lines.line(node.startLine))
      let before = portions.portions.count
      let blocks = readBlocks(of: node, first: .footnote(label), Scope())
      let own = portions.portions.indices.dropFirst(before).first { portions[$0].kind == .footnote(label) }
      let portion = own ?? addPortion(.footnote(label), mark: nil, line: line, Scope())
      result.footnotes.append(Footnote(label: label, blocks: blocks, portion: portion))
    }
  }

  // MARK: Lines that may not be where they are

  private mutating func checkLines(met: Set<Int>) {
    let code = marked(codeLines)
    func isCode(_ line: Int) -> Bool { code[line] }
    for line in scan.directives where !met.contains(line) && !isCode(line) {
      findings.error("S04", line: line, "a directive inside other markup", explanation: "Close what stands before it.")
    }
    for line in scan.misplaced where !isCode(line) {
      findings.error(
        "S04", line: line, "a `:::` line inside a list, quote or table, or not at the start of its line",
        explanation: "Directives stand at the first column, outside of everything but another directive.")
    }
    // Spans nest; those of the top level cover the others.
    var spans: [ClosedRange<Int>] = []
    for span in result.directives where span.directive.line > spans.last?.upperBound ?? 0 {
      spans.append(span.directive.line...max(span.directive.line, span.endLine ?? source.lineCount))
    }
    let enclosed = marked(spans)
    func isEnclosed(_ line: Int) -> Bool { enclosed[line] }
    var seen = Set(targets.compactMap { if case .source(let id) = $0 { id.lowercased() } else { nil } })
    var lastLine = 0
    for (line, label) in scan.footnotes where !isCode(line) {
      if !FootnoteLabel.isPlain(label) {
        refuseDefinition(line, "a footnote label with other signs than letters, digits, `.`, `_` and `-`")
      } else if !seen.insert(label.lowercased()).inserted {
        refuseDefinition(line, "the footnote `\(label)` is defined twice, or a source of the front matter has its name")
      }
      if line == lastLine { refuseDefinition(line, "a footnote defined inside another") }
      if isEnclosed(line) { refuseDefinition(line, "a footnote defined inside a directive") }
      lastLine = line
    }
    for line in scan.brackets where isEnclosed(line) && !isCode(line) && beginsLinkDefinition(line) {
      refuseDefinition(line, "a link defined inside a directive")
    }
  }

  /// For each line of the file whether a range holds it.
  private func marked(_ ranges: [ClosedRange<Int>]) -> [Bool] {
    var marked = [Bool](repeating: false, count: source.lineCount + 2)
    for range in ranges {
      for line in range.clamped(to: 0...source.lineCount + 1) { marked[line] = true }
    }
    return marked
  }

  private mutating func refuseDefinition(_ line: Int, _ message: String) {
    findings.error(
      "S04", line: line, message,
      explanation: "Definitions stand outside of directives, each once, and have the label of the block that uses them."
    )
  }

  /// `[label]:`, perhaps with the label on several lines.
  private func beginsLinkDefinition(_ first: Int) -> Bool {
    for line in first..<min(first + 20, source.lineCount + 1) {
      let bytes = source.bytes[source.range(line)]
      if line > first, bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { return false }
      var escaped = false
      for index in bytes.indices {
        if bytes[index] == UInt8(ascii: "]"), !escaped {
          return index + 1 < bytes.endIndex && bytes[index + 1] == UInt8(ascii: ":")
        }
        escaped = bytes[index] == UInt8(ascii: "\\") && !escaped
      }
    }
    return false
  }
}
