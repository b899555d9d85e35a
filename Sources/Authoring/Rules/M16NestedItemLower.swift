// M16: a nested list item that is readable without its parent. A warning: it is then shown at the parent's level, out
// of the order in which the author thought it.

import Bulletins
import Markings

struct M16NestedItemLower: Rule {
  static let id = "M16"

  func findings(in context: CheckContext) -> [Finding] {
    context.document.body.flatMap { walk($0, parent: nil, context) }
      + context.document.footnotes.flatMap { $0.blocks.flatMap { walk($0, parent: nil, context) } }
  }

  private func walk(_ block: Block, parent: Int?, _ context: CheckContext) -> [Finding] {
    guard case .list(let list) = block.content else {
      return block.children.flatMap { walk($0, parent: parent, context) }
    }
    return list.items.flatMap { item -> [Finding] in
      let own = item.blocks.first?.portion
      var findings: [Finding] = []
      if let own, let parent, context.isComparable(own), context.isComparable(parent),
        !context.label(of: parent).isAtMost(context.label(of: own), under: context.order)
      {
        findings.append(
          finding(
            context, .warning, line: context.document.portions[own].line,
            "a nested item marked \(context.text(of: own)) under one marked \(context.text(of: parent))",
            explanation: "Readers of the nested item who may not see its parent get it at the parent's level. "
              + "Leave its mark away to give it the parent's, or move it up."))
      }
      return findings + item.blocks.flatMap { walk($0, parent: own ?? parent, context) }
    }
  }
}
