// C07: a person is named in a series of statistics, by tag, in a subject, or after a title, a rank or a role. Nobody is
// in them; no gate opens this. A tag and a subject say that it is a person: an error where the series' template makes it
// one of statistics. A title is a guess, which a person may accept.

import Bulletins

struct C07NameInStatistics: Rule {
  static let id = "C07"

  func findings(in context: CheckContext) -> [Finding] {
    guard context.isStatistics else { return [] }
    let tagged = context.namedPersons
    // Who reported may be named as a source.
    let titled = context.written.compactMap { written -> (line: Int, column: Int)? in
      guard written.role != .source, !tagged.contains(where: { written.lines.contains($0.line) }),
        let range = TitledName.first(in: written.words), let name = written.words.span(range)
      else { return nil }
      return context.place(of: name, in: written)
    }
    func found(_ severity: Finding.Severity, _ person: (line: Int, column: Int)) -> Finding {
      finding(
        context, severity, line: person.line, column: person.column, "a person is named in a series of statistics",
        explanation: "Statistics say how many, never who. What must be said of a person belongs in another series.")
    }
    return tagged.map { found(context.isSeriesOfStatistics ? .error : .warning, $0) }
      + titled.map { found(.warning, $0) }
  }
}
