// C07: a person is named in a series of statistics. Nobody is in them; no gate opens this.

import Bulletins

struct C07NameInStatistics: Rule {
  static let id = "C07"

  func findings(in context: CheckContext) -> [Finding] {
    guard context.isStatistics else { return [] }
    return context.namedPersons.map { person in
      finding(
        context, .warning, line: person.line, column: person.column, "a person is named in a series of statistics",
        explanation: "Statistics say how many, never who. What must be said of a person belongs in another series.")
    }
  }
}
