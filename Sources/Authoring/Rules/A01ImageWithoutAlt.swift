// A01: a figure or chart without alternative text, or with the name of its file in its place: whoever hears the product
// learns nothing of it (WCAG 2.2, 1.1.1).

import Bulletins

struct A01ImageWithoutAlt: Rule {
  static let id = "A01"

  func findings(in context: CheckContext) -> [Finding] {
    context.document.leaves.compactMap { block in
      switch block.content {
      case .figure(let figure): missing("figure", figure.alternative, file: figure.file, block, context)
      case .chart(let chart): missing("chart", chart.alternative, file: "", block, context)
      default: nil
      }
    }
  }

  private func missing(
    _ what: String, _ text: String, file: String, _ block: Block, _ context: CheckContext
  ) -> Finding? {
    let words = text.trimmed.lowercased()
    let isName = words == file.lowercased() || [".png", ".jpg", ".jpeg"].contains(where: words.hasSuffix)
    guard words.isEmpty || isName else { return nil }
    return finding(
      context, .warning, line: block.line,
      words.isEmpty ? "a \(what) without alternative text" : "the alternative text of a \(what) is the name of a file",
      explanation: what == "chart"
        ? "Say in `alt` what the chart shows: its extremes and its trend."
        : "Say in the brackets what a reader who cannot see it needs to know: `![a gray box under the seat](box.png ..)`."
    )
  }
}

extension String {
  var trimmed: Substring {
    var rest = self[...]
    while rest.first?.isWhitespace == true { rest.removeFirst() }
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return rest
  }
}
