// A04: a link whose text says nothing about where it leads. Links are listed and read aloud without the words around
// them (WCAG 2.2, 2.4.4). A bare address as text is fine.

import Bulletins

struct A04LinkText: Rule {
  static let id = "A04"

  static let empty: Set<String> = [
    "", "here", "click here", "click", "see here", "this", "this link", "link", "this page", "page", "read more",
    "learn more", "more", "more information", "more info", "details", "see more", "website", "this website", "download",
    "follow this link", "press here", "tap here",
  ]

  func findings(in context: CheckContext) -> [Finding] {
    context.document.leaves.flatMap { block -> [Finding] in
      let lines: ClosedRange<Int>
      let texts: [[Inline]]
      switch block.content {
      case .heading(_, let inlines), .paragraph(let inlines):
        texts = [inlines]
        lines = block.line...context.bulletin.source.lastLine(of: block.line)
      case .table(let grid):
        texts = grid.header + grid.rows.flatMap { $0 }
        lines = block.line...context.bulletin.source.lastLine(of: block.line)
      default: return []
      }
      return texts.flatMap(Self.links).filter { Self.saysNothing($0.words) }.map { link in
        let source = context.bulletin.source
        let place =
          source.find("[\(link.words)](", from: lines.lowerBound, through: lines.upperBound) ?? (block.line, 1)
        return finding(
          context, .warning, line: place.line, column: place.column,
          link.words.isEmpty ? "a link without text" : "the text of a link, \"\(link.words)\", says nothing",
          explanation: "Name what the link leads to, for example \"the report form\" (\(link.destination)).")
      }
    }
  }

  private static func saysNothing(_ words: String) -> Bool {
    empty.contains(WordScan.words(words).map(\.lower).joined(separator: " "))
  }

  private static func links(_ inlines: [Inline]) -> [(words: String, destination: String)] {
    inlines.flatMap { inline -> [(words: String, destination: String)] in
      switch inline {
      case .link(let destination, _, let inner): [(inner.plainText, destination)]
      case .emphasis(let inner), .strong(let inner), .strikethrough(let inner), .namedPerson(let inner): links(inner)
      default: []
      }
    }
  }
}
