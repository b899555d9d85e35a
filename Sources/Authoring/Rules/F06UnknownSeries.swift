// F06: `series` names no template.

import Bulletins
import SiteFiles

struct F06UnknownSeries: Rule {
  static let id = "F06"

  func findings(in context: CheckContext) -> [Finding] {
    let known = context.vocabulary.series
    return context.texts("series").filter { !known.contains($0.text) }.map { written in
      let nearest = Suggestion.nearest(to: written.text, in: known)
      return finding(
        context, line: written.line, column: written.column, "no series is called `\(written.text)`",
        explanation: "A series is a folder of `templates/`: \(known.sorted().joined(separator: ", ")).",
        fix: nearest.map {
          context.replacement(of: written.text, with: $0, line: written.line, "did you mean `\($0)`?", safe: false)
        })
    }
  }
}
