// A bulletin's bytes to what everything else works with. It never throws: whatever is wrong becomes a finding, and a
// file that cannot be read as it should is a document with the fault `invalid`, which `decide` refuses to everybody.

import Bulletins
import Markings
import SiteFiles

package enum BulletinReader {
  /// Bytes; a larger file is refused before it is looked at.
  package static let sizeLimit = 2 << 20

  /// `file` is the path that findings name.
  package static func read(_ bytes: [UInt8], file: String, settings: ReaderSettings) -> ReadBulletin {
    var findings = FindingList(file: file)
    do throws(FileProblem) {
      guard bytes.count <= sizeLimit else {
        throw FileProblem(
          .tooLarge, at: SourcePosition(line: 1), "the file has \(bytes.count) bytes, the limit is \(sizeLimit)")
      }
      try YAMLReader.checkUTF8(bytes)
    } catch {
      findings.add([error])
      return unreadable(findings)
    }
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let text = bytes.starts(with: mark) ? Array(bytes.dropFirst(mark.count)) : bytes
    let source = SourceText(text)
    let signs = ByteScan(text)
    if let control = signs.control { refuse(control, source, &findings) }
    let frame = FrontMatterFrame(source)
    var portions = PortionList(lines: source.lineCount)
    var reader = FrontMatterReader(source: source, lines: frame.lines, settings: settings)
    let front = reader.read(portions: &portions, findings: &findings)
    let markdown = MarkdownReader(
      source: source, firstLine: frame.bodyLine,
      sourceIDs: front.frontMatter.sources.map(\.id).filter(FootnoteLabel.isPlain), references: signs.references)
    var body = MarkdownReader.Result()
    if let flood = signs.flood {
      findings.error(
        "S05", line: frame.bodyLine, "too many \(flood)", explanation: "No bulletin needs them; the body is not read.")
    } else {
      body = markdown.read(portions: &portions, findings: &findings, settings: settings, marks: reader.marks)
    }
    checkCriminalIntelligence(front.frontMatter, portions.portions, &findings)
    var faults = portions.faults
    if findings.isInvalid { faults.insert(.invalid) }
    let document = Document(
      frontMatter: front.frontMatter, body: body.blocks, footnotes: body.footnotes, portions: portions.portions,
      faults: faults)
    return ReadBulletin(
      document: document, findings: findings.sorted, source: source, frontMatter: front.node,
      frontMatterOffset: reader.offset, bodyLine: frame.bodyLine, marks: portions.marks, directives: body.directives,
      unresolved: body.unresolved, namedFiles: body.namedFiles)
  }

  /// Nothing can be said of a file that was not read, but that nobody may have it.
  private static func unreadable(_ findings: FindingList) -> ReadBulletin {
    let unmarked = MarkedText(mark: nil, text: "")
    let portions = [Portion(kind: .title, mark: nil, line: 1), Portion(kind: .shortTitle, mark: nil, line: 1)]
    let document = Document(
      frontMatter: FrontMatter(series: "", title: unmarked, shortTitle: unmarked), body: [], portions: portions,
      faults: [.invalid])
    return ReadBulletin(
      document: document, findings: findings.sorted, source: SourceText([]), frontMatter: nil, frontMatterOffset: 0,
      bodyLine: 1, marks: [], directives: [], unresolved: [], namedFiles: [])
  }

  /// Tabs and line ends apart, control characters have no place in a bulletin and break what it is sent in.
  private static func refuse(_ control: Int, _ source: SourceText, _ findings: inout FindingList) {
    for line in 1...max(1, source.lineCount) where source.range(line).contains(control) {
      let column = source.column(line: line, byte: control - source.range(line).lowerBound + 1)
      findings.error(
        "F03", line: line, column: column, "a control character",
        explanation: "Remove it: it has no meaning in a bulletin.")
    }
  }

  /// The gate `p23` must say what the body does (release-policy.md section 3).
  private static func checkCriminalIntelligence(
    _ front: FrontMatter, _ portions: [Portion], _ findings: inout FindingList
  ) {
    let marked = Set(front.sources.filter(\.p23).map(\.id))
    let used = portions.contains { $0.p23 || !marked.isDisjoint(with: $0.citations) }
    let stated = front.gates[.p23]?.value ?? false
    guard used != stated else { return }
    let message =
      stated
      ? "the gate `p23` is true, and no portion is criminal intelligence"
      : "the bulletin holds criminal intelligence, and the gate `p23` is not true"
    findings.error(
      "F03", line: front.lines["p23"] ?? 1, message,
      explanation: "Criminal intelligence is what stands in `::: only p23` or cites a source with `p23: true`.")
  }
}

/// Where the front matter ends and the body begins.
struct FrontMatterFrame {
  /// Lines between the two `---`; nil when the file does not begin with one or never closes it.
  var lines: Range<Int>?
  var bodyLine: Int

  init(_ source: SourceText) {
    func isRule(_ line: Int) -> Bool {
      let bytes = source.bytes[source.range(line)]
      return bytes.starts(with: [0x2D, 0x2D, 0x2D]) && bytes.dropFirst(3).allSatisfy { $0 == 0x20 || $0 == 0x09 }
    }
    bodyLine = 1
    guard isRule(1) else { return }
    var line = 2
    while line <= source.lineCount {
      if isRule(line) {
        lines = 2..<line
        bodyLine = line + 1
        return
      }
      line += 1
    }
    // Never closed: nothing of it may be taken for a body.
    bodyLine = source.lineCount + 1
  }
}
