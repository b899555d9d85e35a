// A01: a figure or chart without alternative text, or with the name of its file in its place: whoever hears the product
// learns nothing of it (WCAG 2.2, 1.1.1). Of a chart also numbers that its data does not have: they hear another chart.

import Bulletins

struct A01ImageWithoutAlt: Rule {
  static let id = "A01"

  func findings(in context: CheckContext) -> [Finding] {
    context.document.leaves.compactMap { block in
      switch block.content {
      case .figure(let figure): missing("figure", figure.alternative, file: figure.file, block, context)
      case .chart(let chart):
        missing("chart", chart.alternative, file: "", block, context) ?? contradiction(chart, block, context)
      default: nil
      }
    }
  }

  private func contradiction(_ chart: Chart, _ block: Block, _ context: CheckContext) -> Finding? {
    guard let wrong = chart.wrongNumbers.first else { return nil }
    let range = ChartFigures(chart)?.range.map { ", which runs from \($0)" } ?? ""
    return finding(
      context, .warning, line: block.line, "`alt` of a chart says \(wrong), a number that is not in its data\(range)",
      explanation: "Who hears the product has nothing but these words of the drawing: say its extremes as they are.")
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

extension StringProtocol where SubSequence == Substring {
  var trimmed: Substring {
    var rest = self[...]
    while rest.first?.isWhitespace == true { rest.removeFirst() }
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return rest
  }
}
