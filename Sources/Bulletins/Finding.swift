// A finding of a check: facts with a place. Words for a terminal, JSON or SARIF are made at the edge.

/// A place in a workspace file; line and column count from 1, columns in Unicode scalars.
package struct Place: Hashable, Sendable, Comparable {
  package var file: String
  package var line: Int
  package var column: Int

  package init(file: String, line: Int = 1, column: Int = 1) {
    self.file = file
    self.line = line
    self.column = column
  }
  package static func < (a: Place, b: Place) -> Bool {
    (a.file, a.line, a.column) < (b.file, b.line, b.column)
  }
}

package struct Finding: Hashable, Sendable {
  package enum Severity: String, Hashable, Sendable, Comparable {
    case warning, error
    package static func < (a: Severity, b: Severity) -> Bool { a == .warning && b == .error }
  }

  /// A replacement of whole source text; `safe` ones may be applied without asking.
  package struct Fix: Hashable, Sendable {
    package var summary: String
    package var line: Int
    /// The text that the line, or the part of it that `replacing` names, becomes; nil when only advice is given.
    package var replacing: String?
    package var replacement: String?
    package var safe: Bool

    package init(
      summary: String, line: Int, replacing: String? = nil, replacement: String? = nil, safe: Bool = false
    ) {
      self.summary = summary
      self.line = line
      self.replacing = replacing
      self.replacement = replacement
      self.safe = safe
    }
  }

  /// The rule's id: `M01`, `F02`, `L03`.
  package var rule: String
  package var severity: Severity
  package var place: Place
  package var message: String
  /// Why the rule exists and what to do; may be empty.
  package var explanation: String
  package var fix: Fix?

  package init(
    rule: String, severity: Severity, place: Place, message: String, explanation: String = "", fix: Fix? = nil
  ) {
    self.rule = rule
    self.severity = severity
    self.place = place
    self.message = message
    self.explanation = explanation
    self.fix = fix
  }
}
