// A02: a table whose header row is empty. A screen reader says the header with every cell; without one the cells are
// bare words (WCAG 2.2, 1.3.1). A single empty corner cell is usual and no finding.

import Bulletins

struct A02TableWithoutHeader: Rule {
  static let id = "A02"

  func findings(in context: CheckContext) -> [Finding] {
    context.document.leaves.compactMap { block in
      guard case .table(let grid) = block.content, grid.header.allSatisfy({ $0.plainText.trimmed.isEmpty }) else {
        return nil
      }
      return finding(
        context, .warning, line: block.line, "a table without a header row",
        explanation: "Name each column in the first row: it is read aloud with every cell and printed as `th`.")
    }
  }
}
