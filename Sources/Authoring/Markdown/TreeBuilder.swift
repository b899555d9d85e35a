// The blocks of the body with their portions, exactly as markings.md section 2 says which block has which label.
// Directives are met as they come between the top-level blocks (TreeBuilder+Directives); the rest is one walk down.

import Bulletins
import Markings

struct TreeBuilder {
  let source: SourceText
  let scan: BodyScan
  let lines: LineMap
  let settings: ReaderSettings
  let marks: MarkMemo
  var portions: PortionList
  var findings: FindingList
  var result = MarkdownReader.Result()
  /// Lines of the file that stand in code.
  var codeLines: [ClosedRange<Int>] = []
  var targets: [ReferenceTarget] = []
  /// The same and those that nothing refers to, by label in lower case.
  var knownTargets: [String: ReferenceTarget] = [:]
  /// By the line of the definition.
  var footnoteLabels: [Int: String] = [:]

  /// What a block inherits from what stands around it.
  struct Scope {
    var clauses: [Clause] = []
    var p23 = false
    var inTearline = false
    /// The portion of the nearest list item around.
    var item: Int?
    var depth = 0
  }

  /// One container while its blocks are collected.
  struct Container {
    var blocks: [Block] = []
    /// The portion of the paragraph right before; what a table or fence belongs to.
    var leadIn: Int?
    /// The portion and cells of the table right before; what a chart belongs to.
    var table: (portion: Int, rows: [[String]], boldRows: [Int])?
    /// What the container's first paragraph is; nil once it was met.
    var firstParagraph: Portion.Kind?

    mutating func append(_ block: Block) {
      blocks.append(block)
      leadIn = nil
      table = nil
    }
  }

  init(
    source: SourceText, scan: BodyScan, lines: LineMap, settings: ReaderSettings, marks: MarkMemo,
    portions: PortionList, findings: FindingList
  ) {
    self.source = source
    self.scan = scan
    self.lines = lines
    self.settings = settings
    self.marks = marks
    self.portions = portions
    self.findings = findings
  }

  mutating func readBlocks(of node: MarkdownNode, first: Portion.Kind? = nil, _ scope: Scope) -> [Block] {
    var container = Container(firstParagraph: first)
    var scope = scope
    scope.depth += 1
    guard scope.depth <= BodyScan.nestingLimit else {
      findings.error(
        "S05", line: lines.line(node.startLine), "blocks nested deeper than \(BodyScan.nestingLimit)",
        explanation: "No bulletin needs it; what lies deeper is not read.")
      return []
    }
    for child in node.children { read(child, into: &container, &scope) }
    return container.blocks
  }

  /// Appends what one node gives. A list item's first paragraph becomes the item of the scope.
  mutating func read(_ node: MarkdownNode, into container: inout Container, _ scope: inout Scope) {
    switch node.kind {
    case .paragraph: paragraph(node, into: &container, &scope)
    case .heading:
      let (index, inlines) = portion(.heading, of: node, line: lines.line(node.startLine), scope)
      container.append(
        Block(.heading(level: node.headingLevel, inlines), portion: index, line: lines.line(node.startLine)))
    case .list: list(node, into: &container, scope)
    case .quote:
      let blocks = readBlocks(of: node, first: .quote, scope)
      if !blocks.isEmpty { container.append(Block(.quote(blocks), line: lines.line(node.startLine))) }
    case .table: table(node, into: &container, scope)
    case .codeBlock: code(node, into: &container, scope)
    case .thematicBreak:
      if let portion = container.blocks.last?.lastPortion {
        container.append(Block(.thematicBreak, portion: portion, line: lines.line(node.startLine)))
      }
    case .footnoteDefinition: break
    default: refuseMarkup(node)
    }
  }

  private mutating func refuseMarkup(_ node: MarkdownNode) {
    findings.error(
      "S05", line: lines.line(node.startLine), column: node.startColumn, "raw HTML",
      explanation: "It is never passed through. Use Markdown; write &lt; for a less-than sign.")
  }

  private mutating func paragraph(_ node: MarkdownNode, into container: inout Container, _ scope: inout Scope) {
    // cmark gives no line to a paragraph whose last line turned out to be the header of a table.
    let parsed = node.startLine > 0 ? node.startLine : node.next?.startLine ?? 0
    let line = lines.line(parsed)
    if let image = node.firstChild, image.kind == .image, image.next == nil {
      figure(image, line: line, into: &container, scope)
      return
    }
    let kind = container.firstParagraph ?? .paragraph
    let (index, inlines) = portion(kind, of: node, line: line, scope)
    if kind == .item {
      if portions[index].mark == nil, let ancestor = scope.item { portions.inherit(from: ancestor, to: index) }
      scope.item = index
    }
    container.firstParagraph = nil
    container.append(Block(.paragraph(inlines), portion: index, line: line))
    container.leadIn = index
  }

  private mutating func list(_ node: MarkdownNode, into container: inout Container, _ scope: Scope) {
    var items: [Block.List.Item] = []
    for item in node.children {
      let blocks = readBlocks(of: item, first: .item, scope)
      if !blocks.isEmpty { items.append(.init(blocks: blocks, line: lines.line(item.startLine))) }
    }
    guard !items.isEmpty else { return }
    let delimiter: Character
    if node.isOrderedList {
      delimiter = node.isParenthesisList ? ")" : "."
    } else {
      let range = source.range(lines.line(node.startLine))
      let at = range.lowerBound + node.startColumn - 1
      delimiter = range.contains(at) ? Character(Unicode.Scalar(source.bytes[at])) : "-"
    }
    let list = Block.List(start: node.isOrderedList ? node.listStart : nil, delimiter: delimiter, items: items)
    container.append(Block(.list(list), line: lines.line(node.startLine)))
  }

  /// Makes the portion of a paragraph or heading: its leading marks, marks on later lines, citations.
  mutating func portion(
    _ kind: Portion.Kind, of node: MarkdownNode, line: Int, _ scope: Scope
  ) -> (index: Int, inlines: [Inline]) {
    var facts = InlineFacts()
    var inlines = readInlines(node, &facts, line: line)
    let end = max(line, lines.line(node.endLine))
    let reading = takeMark(&inlines)
    let index = addPortion(kind, mark: reading?.mark, line: line, scope)
    portions.cite(facts, in: index)
    var firstLine = line
    if let reading {
      let place = source.find(reading.written, from: line, through: end)
      portions.note(reading, .leading, portion: index, line: place?.line ?? line, column: place?.column ?? 1)
      firstLine = place?.line ?? line
    }
    var seen: Set<Int> = []
    for (later, parsed) in facts.laterMarks {
      let line = parsed > 0 ? lines.line(parsed) : line
      // Link definitions before the text put cmark's count behind: the place found is the true one.
      if let found = join(later, .laterLine, to: index, line: line, through: end) { seen.insert(found) }
    }
    if end > firstLine { joinHiddenMarks(from: firstLine + 1, through: end, seen: seen, to: index) }
    return (index, inlines)
  }

  func addScope(_ scope: Scope, to portion: Portion) -> Portion {
    var portion = portion
    portion.clauses = scope.clauses
    portion.p23 = scope.p23
    portion.inTearline = scope.inTearline
    return portion
  }

  mutating func addPortion(_ kind: Portion.Kind, mark: PortionMark?, line: Int, _ scope: Scope) -> Int {
    portions.add(addScope(scope, to: Portion(kind: kind, mark: mark, line: line)))
  }

  mutating func readInlines(_ node: MarkdownNode, _ facts: inout InlineFacts, line: Int) -> [Inline] {
    var reader = InlineReader(marks: marks, targets: targets, known: knownTargets)
    let inlines = reader.read(node, &facts)
    for refusal in reader.refused {
      findings.error(
        "S05", line: line, refusal.message, explanation: refusal.hint, fatal: refusal.fatal)
    }
    for label in reader.unresolved {
      let place = source.find("[^\(label)]", from: line, through: max(line, lines.line(node.endLine)))
      result.unresolved.append(
        UnresolvedReference(label: label, line: place?.line ?? line, column: place?.column ?? 1))
    }
    return inlines
  }

  /// Takes the marks off the first text; nil when there are none.
  func takeMark(_ inlines: inout [Inline]) -> MarkReading? {
    guard case .text(let text)? = inlines.first else { return nil }
    let reading = marks.read(text)
    guard reading.mark != nil else { return nil }
    let rest = text.utf8.dropFirst(reading.consumed)
    if rest.isEmpty {
      inlines.removeFirst()
      if inlines.first == .softBreak || inlines.first == .lineBreak { inlines.removeFirst() }
    } else {
      inlines[0] = .text(String(Substring(rest)))
    }
    return reading
  }

  /// Joins a mark that is not at the start of its block; gives the line on which it was found.
  @discardableResult
  mutating func join(
    _ reading: MarkReading, _ role: MarkSite.Role, to index: Int, line: Int, through end: Int
  ) -> Int? {
    guard let mark = reading.mark else { return nil }
    portions.join(mark, to: index)
    let place = source.find(reading.written, from: line, through: max(line, end))
    portions.note(reading, role, portion: index, line: place?.line ?? line, column: place?.column ?? 1)
    return place?.line ?? line
  }

  /// Marks at the start of source lines that the tree does not show as lines: within a code span, a link's title.
  private mutating func joinHiddenMarks(from first: Int, through last: Int, seen: Set<Int>, to index: Int) {
    for line in first...last where !seen.contains(line) {
      let range = source.range(line)
      guard let start = source.bytes[range].firstIndex(where: { ![0x20, 0x09, 0x3E].contains($0) }) else { return }
      guard source.bytes[start] == UInt8(ascii: "(") else { continue }
      let reading = marks.read(String(decoding: source.bytes[start..<range.upperBound], as: UTF8.self))
      join(reading, .laterLine, to: index, line: line, through: line)
    }
  }
}

extension Block {
  /// The portion of its last leaf.
  var lastPortion: Int? {
    if let portion { return portion }
    switch content {
    case .list(let list): return list.items.last?.blocks.last?.lastPortion
    case .quote(let blocks), .only(_, _, let blocks), .tearline(let blocks): return blocks.last?.lastPortion
    default: return nil
    }
  }
}
