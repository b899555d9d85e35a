// Laws over random mutations of the samples: reading never crashes, every visible word has exactly one portion, and
// what a directive encloses always carries its clause. A failure prints the seed.

import Authoring
import Bulletins
import Markings
import Testing

/// The words of a tree and how many portions their leaf has.
enum Visible {
  struct Leaf {
    var words: String
    /// 1 when it is of one portion that exists.
    var portions: Int
    var portion: Int?
    var line: Int
  }

  static func words(_ document: Document) -> [Leaf] {
    let all = document.body + document.footnotes.flatMap(\.blocks)
    return all.flatMap { leaves($0, count: document.portions.count) }
  }

  private static func leaves(_ block: Block, count: Int) -> [Leaf] {
    func leaf(_ words: String) -> [Leaf] {
      let valid = block.portion.map { $0 >= 2 && $0 < count } ?? false
      return [Leaf(words: words, portions: valid ? 1 : 0, portion: block.portion, line: block.line)]
    }
    func inner(_ blocks: [Block]) -> [Leaf] {
      blocks.flatMap { leaves($0, count: count) }
        + (block.portion == nil ? [] : [Leaf(words: "container", portions: 2, line: block.line)])
    }
    switch block.content {
    case .heading(_, let text), .paragraph(let text): return leaf(text.plainText)
    case .table(let grid):
      return leaf(([grid.header] + grid.rows).flatMap { $0.map(\.plainText) }.joined(separator: " "))
    case .code(_, let text): return leaf(text)
    case .chart(let chart): return leaf(chart.title)
    case .subject: return leaf("subject")
    case .figure(let figure): return leaf(figure.caption)
    case .thematicBreak: return leaf("")
    case .list(let list): return inner(list.items.flatMap(\.blocks))
    case .quote(let blocks), .tearline(let blocks), .only(_, _, let blocks): return inner(blocks)
    }
  }
}

@Suite struct PropertyTests {
  private static let scraps = [
    "\n", "\n\n", "::: tearline\n", "::: only p23\n", "::: only sectors=water\n", ":::\n", "```\n", "~~~\n", "- ", "> ",
    "1. ", "  ",
    "    ", "(U//LES) ", "(U) ", "(S) ", "(CUI) ", "[^s1]", "[^x]: ", "[x]: http://x.example\n", "<b>", "<!--", "-->",
    "| a | b |\n|---|---|\n",
    "---\n", "# ", "![x](y.png \"(U) z\")", "*", "**", "`", "[", "](", ")", "{usper}", "\\", "&#40;", "\t", "\u{FEFF}",
    "\u{A0}", "\r", "'", "\"", "{", "}", ": ", " #",
  ]

  private func mutated(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...12, using: &random) {
      let at = Int.random(in: 0...bytes.count, using: &random)
      switch Int.random(in: 0..<6, using: &random) {
      case 0: bytes.insert(UInt8.random(in: 0...255, using: &random), at: at)
      case 1:
        let end = min(bytes.count, at + Int.random(in: 0...60, using: &random))
        bytes.removeSubrange(at..<end)
      case 2:
        let from = Int.random(in: 0...bytes.count, using: &random)
        bytes.insert(contentsOf: bytes[from..<min(bytes.count, from + 200)], at: at)
      default: bytes.insert(contentsOf: (Self.scraps.randomElement(using: &random) ?? "").utf8, at: at)
      }
    }
    return bytes
  }

  @Test(arguments: Samples.good) func mutationsOfSamples(name: String) throws {
    let bytes = try #require(Samples.sampleBytes(name + ".md"))
    for seed in UInt64(0)..<150 {
      var random = SeededGenerator(seed: seed)
      let read = Samples.read(mutated(bytes, &random))
      let bad = Visible.words(read.document).first { $0.portions != 1 }
      #expect(bad == nil, "\(name), seed \(seed), line \(bad?.line ?? 0): \(bad?.words ?? "")")
      let used = Set(read.document.portions.indices)
      #expect(read.document.footnotes.allSatisfy { used.contains($0.portion) }, "\(name), seed \(seed)")
      #expect(
        read.marks.allSatisfy { $0.line >= 1 && $0.line <= max(1, read.source.lineCount) }, "\(name), seed \(seed)")
      #expect(read.findings.allSatisfy { $0.place.line >= 1 && $0.place.column >= 1 }, "\(name), seed \(seed)")
      if read.findings.contains(where: { $0.rule.hasPrefix("F0") }) {
        #expect(read.document.faults.contains(.invalid), "\(name), seed \(seed)")
      }
    }
  }

  /// Whatever stands around a directive, a canary inside it carries its clause, or the file is invalid.
  @Test func directivesCannotBeSwallowed() {
    for seed in UInt64(0)..<2_000 {
      var random = SeededGenerator(seed: seed)
      func noise() -> String {
        (0..<Int.random(in: 0...8, using: &random)).map { _ in
          (Self.scraps.randomElement(using: &random) ?? "") + (Bool.random(using: &random) ? "word " : "")
        }.joined()
      }
      let before = noise()
      let inside = noise()
      let body = "\(before)\n::: only sectors=energy\n\(inside)\n\n(U) canary\n\n:::\n\(noise())"
      let read = Samples.body(body)
      guard !read.document.faults.contains(.invalid) else { continue }
      for leaf in Visible.words(read.document) where leaf.words.contains("canary") {
        let clauses = leaf.portion.map { read.document.portions[$0].clauses } ?? []
        let isText = leaf.words.contains("::: only")
        #expect(clauses == [Clause(.sectors, ["energy"])] || isText, "seed \(seed): \(body)")
      }
    }
  }
}
