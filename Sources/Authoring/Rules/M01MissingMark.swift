// M01: a block, title or description without a portion mark, which nobody may read; and a mark at the start of a later
// line of a block or of a table's cell, where Markdown makes one paragraph of what the author meant as two.

import Bulletins
import Markings

struct M01MissingMark: Rule {
  static let id = "M01"

  func findings(in context: CheckContext) -> [Finding] { unmarked(in: context) + misplaced(in: context) }

  private func unmarked(in context: CheckContext) -> [Finding] {
    let items = itemsAround(context.document.body)
    return context.document.portions.indices.compactMap { index in
      let portion = context.document.portions[index]
      guard portion.mark == nil else { return nil }
      switch portion.kind {
      case .title, .shortTitle, .source:
        guard let line = lineOfText(portion, context) else { return nil }
        return finding(
          context, line: line, "\(Self.name(portion.kind)) has no portion mark", explanation: Self.explanation)
      case .orphan:
        return finding(
          context, line: portion.line, "a table, fence or code block without a marked paragraph right before it",
          explanation: "It has the label of the paragraph right before it; without one nobody may read it.",
          fix: Finding.Fix(summary: "write a lead-in with its mark right before it", line: portion.line))
      default:
        return finding(
          context, line: portion.line, "\(Self.name(portion.kind)) has no portion mark",
          explanation: Self.explanation, fix: fix(index, portion, item: items[index], context))
      }
    }
  }

  private static let explanation = "What has no mark is readable by nobody."

  private static func name(_ kind: Portion.Kind) -> String {
    switch kind {
    case .title: "the title"
    case .shortTitle: "the short title"
    case .source: "the description of a source"
    case .heading: "a heading"
    case .paragraph: "a paragraph"
    case .item: "a list item"
    case .quote: "a quote"
    case .figure: "a figure's caption"
    case .footnote: "a footnote"
    case .orphan: "a block"
    }
  }

  /// nil when the key itself is missing, which is another finding.
  private func lineOfText(_ portion: Portion, _ context: CheckContext) -> Int? {
    switch portion.kind {
    case .title: context.frontMatter.lines["title"]
    case .shortTitle: context.frontMatter.lines["short-title"]
    case .source(let id): context.frontMatter.lines["sources.\(id).describe"]
    default: nil
    }
  }

  private func fix(_ index: Int, _ portion: Portion, item: Int?, _ context: CheckContext) -> Finding.Fix {
    guard let item, let mark = context.document.portions[item].mark else {
      return Finding.Fix(summary: "begin it with its mark, `(U)` when nothing restricts it", line: portion.line)
    }
    let line = context.bulletin.source.line(portion.line)
    let words = line.drop { $0 == " " || $0 == "\t" || $0 == ">" }
    return context.replacement(
      of: String(words), with: mark.text + " " + words, line: portion.line, "repeat the item's mark", safe: false)
  }

  /// For each paragraph of a list item but the first, the portion of the item.
  private func itemsAround(_ blocks: [Block]) -> [Int: Int] {
    var items: [Int: Int] = [:]
    for block in blocks {
      if case .list(let list) = block.content {
        for item in list.items {
          guard let first = item.blocks.first?.portion else { continue }
          for child in item.blocks.dropFirst() { if let portion = child.portion { items[portion] = first } }
        }
      }
      items.merge(itemsAround(block.children)) { outer, _ in outer }
    }
    return items
  }

  private func misplaced(in context: CheckContext) -> [Finding] {
    context.bulletin.marks.compactMap { site in
      switch site.role {
      case .leading, .bare: return nil
      case .laterLine:
        let written = site.reading.written
        return finding(
          context, line: site.line, column: site.column, "a mark at the start of a later line of a block",
          explanation: "Markdown makes one paragraph of these lines, and so one portion with both marks.",
          fix: site.column == 1
            ? context.replacement(
              of: written, with: "\n" + written, line: site.line, "insert a blank line before it", safe: false)
            : Finding.Fix(summary: "insert a blank line before it", line: site.line))
      case .cell:
        return finding(
          context, line: site.line, column: site.column, "a mark at the start of a table's cell",
          explanation: "A table is one portion with the label of its lead-in; this mark is joined to it.",
          fix: Finding.Fix(summary: "mark the lead-in, or make two tables", line: site.line))
      }
    }
  }
}
