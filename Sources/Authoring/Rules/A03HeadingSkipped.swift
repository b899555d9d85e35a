// A03: a heading more than one level below the heading before it. Who moves from heading to heading looks for the level
// in between (WCAG 2.2, 1.3.1). The title of the product is level 1.

import Bulletins

struct A03HeadingSkipped: Rule {
  static let id = "A03"

  func findings(in context: CheckContext) -> [Finding] {
    var above = 1
    return context.document.leaves.compactMap { block in
      guard case .heading(let level, _) = block.content else { return nil }
      defer { above = level }
      guard level > above + 1 else { return nil }
      let signs = String(repeating: "#", count: level) + " "
      return finding(
        context, .warning, line: block.line, "a heading of level \(level) right after one of level \(above)",
        explanation: "Readers who move by headings look for the level in between.",
        // What stands under the next heading may change with it: advice.
        fix: context.replacement(
          of: signs, with: String(repeating: "#", count: above + 1) + " ", line: block.line,
          "make it level \(above + 1)", safe: false))
    }
  }
}
