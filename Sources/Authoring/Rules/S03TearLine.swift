// S03: a tear line with no block before it (an error, which reading decides), and one that is not below the block
// for which it stands in (a warning): then somebody who may read the block may not read what replaces it.

import Bulletins
import Markings

struct S03TearLine: Rule {
  static let id = "S03"

  func findings(in context: CheckContext) -> [Finding] {
    context.found(Self.id, explanation: "") + notBelow(context.document.body, context)
  }

  private func notBelow(_ blocks: [Block], _ context: CheckContext) -> [Finding] {
    var before: Block?
    var findings: [Finding] = []
    for block in blocks {
      switch block.content {
      case .tearline:
        guard let before, !isBelow(block, before, context) else { continue }
        findings.append(
          finding(
            context, .warning, line: block.line, "the tear line is not below the block for which it stands in",
            explanation: "It is read by those who may not see all of that block, so it should demand less."))
      case .heading: before = nil
      default:
        before = block
        if case .only(_, _, let inner) = block.content { findings += notBelow(inner, context) }
      }
    }
    return findings
  }

  private func isBelow(_ tearline: Block, _ block: Block, _ context: CheckContext) -> Bool {
    let whole = Label.join(block.portions.map(context.fullLabel(of:)))
    return tearline.portions.allSatisfy { index in
      // What has no mark or an unknown token has its own finding.
      context.label(of: index).isTop || context.fullLabel(of: index).isAtMost(whole, under: context.order)
    }
  }
}
