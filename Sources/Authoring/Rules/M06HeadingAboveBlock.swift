// M06: a heading whose mark demands more than that of a block under it, and a short title that demands more than the
// title. Whoever reads the block should see where it stands; a short title stands in for the title.

import Bulletins
import Markings

struct M06HeadingAboveBlock: Rule {
  static let id = "M06"

  func findings(in context: CheckContext) -> [Finding] {
    headings(context.document.body, context) + shortTitle(context)
  }

  private func headings(_ blocks: [Block], _ context: CheckContext) -> [Finding] {
    let own = Section.all(blocks).compactMap { section -> Finding? in
      guard let heading = section.heading.portion, context.isComparable(heading) else { return nil }
      let label = context.label(of: heading)
      let under = section.pieces.flatMap(\.block.portions)
      guard let lower = under.first(where: { !label.isAtMost(context.label(of: $0), under: context.order) }) else {
        return nil
      }
      return finding(
        context, line: section.heading.line,
        "the heading is marked \(context.text(of: heading)), above a block under it marked \(context.text(of: lower))",
        explanation:
          "A heading is at most as high as every block of its section (line \(context.document.portions[lower].line)).",
        fix: fix(heading, under: under, line: section.heading.line, context))
    }
    let inner = Self.nestedSequences(blocks).flatMap { headings($0, context) }
    return own + inner
  }

  /// Quotes and list items are sequences of their own; directives were opened up.
  private static func nestedSequences(_ blocks: [Block]) -> [[Block]] {
    blocks.flatMap { block -> [[Block]] in
      switch block.content {
      case .quote(let inner): [inner]
      case .list(let list): list.items.map(\.blocks)
      case .only(_, _, let inner), .tearline(let inner): nestedSequences(inner)
      default: []
      }
    }
  }

  /// The mark of a block that no block of the section goes below. Not safe: the words may not be fit for it.
  private func fix(_ heading: Int, under: [Int], line: Int, _ context: CheckContext) -> Finding.Fix {
    let labels = under.map(context.label(of:))
    var lowest = 0
    for index in labels.indices where labels[index].isAtMost(labels[lowest], under: context.order) { lowest = index }
    let isLowest = labels.allSatisfy { labels[lowest].isAtMost($0, under: context.order) }
    let mark = (isLowest ? context.document.portions[under[lowest]].mark?.text : nil) ?? "(U)"
    return context.replacement(
      of: context.text(of: heading), with: mark, line: line, "mark the heading \(mark) and word it so", safe: false)
  }

  private func shortTitle(_ context: CheckContext) -> [Finding] {
    let (short, title) = (Document.shortTitlePortion, Document.titlePortion)
    guard context.isComparable(short), context.isComparable(title),
      !context.label(of: short).isAtMost(context.label(of: title), under: context.order)
    else { return [] }
    return [
      finding(
        context, line: context.line(of: "short-title"),
        "the short title is marked \(context.text(of: short)), above the title's \(context.text(of: title))",
        explanation: "It stands in where the title may not be shown, so it may not demand more.")
    ]
  }
}
