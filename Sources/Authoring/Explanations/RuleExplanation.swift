// What each rule of the check finds, why it is there, where it comes from, and a bad and a good example: one table, from
// which come `revere check --explain`, Documentation/rules.md and the rules of a SARIF log. A test tries the examples.

package import Bulletins

package struct RuleExplanation: Sendable {
  package enum Form: Sendable {
    /// The examples are texts of a body, after a front matter without faults.
    case body
    /// The examples are keys of a front matter, in place of those of the same name.
    case frontMatter
    /// The examples are words: what is wrong stands in files around the bulletin.
    case words
  }
  package var id: String
  /// In a few words, for tables.
  package var name: String
  package var what: String
  package var why: String
  package var source: String
  package var severity: Finding.Severity
  package var form: Form
  package var bad: String
  package var good: String

  init(
    _ id: String, _ name: String, _ severity: Finding.Severity = .error, what: String, why: String, source: String,
    _ form: Form = .body, bad: String, good: String
  ) {
    self.id = id
    self.name = name
    self.what = what
    self.why = why
    self.source = source
    self.severity = severity
    self.form = form
    self.bad = bad
    self.good = good
  }

  /// In order of id.
  package static let all: [RuleExplanation] =
    (accessibility + content + distribution + frontMatter + marks + structure).sorted { $0.id < $1.id }

  package static func named(_ id: String) -> RuleExplanation? {
    let wanted = id.uppercased()
    return all.first { $0.id == wanted }
  }

  /// For a terminal.
  package var text: String {
    """
    \(id)  \(name) (\(severity.rawValue))

    \(what)
    \(why)

    Source: \(source)

    Bad:
    \(Self.indented(bad))

    Good:
    \(Self.indented(good))
    """
  }

  private static func indented(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : "    " + $0 }
      .joined(separator: "\n")
  }
}

/// Documentation/rules.md.
package enum RulePage {
  package static var markdown: String {
    let head = """
      # The rules of the check

      Generated from the table behind `revere check --explain ID`; do not edit it here. How to use the check is told in
      [check.md](check.md). Errors must be mended. Warnings must be mended or accepted by id at release; the template of
      a series may raise one to an error or switch it off (`lint`). Lists and policies have rules of their own:
      [list-checks.md](list-checks.md).

      | ID | Severity | Finds |
      |---|---|---|

      """
    let rows = RuleExplanation.all.map {
      "| [\($0.id)](#\($0.id.lowercased())) | \($0.severity.rawValue) | \($0.name) |\n"
    }
    return head + rows.joined() + RuleExplanation.all.map(section).joined()
  }

  private static func section(_ rule: RuleExplanation) -> String {
    // Longer than any fence in an example.
    let fence = "````"
    return """

      ## \(rule.id)

      \(rule.what) \(rule.why)

      Source: \(rule.source).

      Bad:

      \(fence)
      \(rule.bad)
      \(fence)

      Good:

      \(fence)
      \(rule.good)
      \(fence)

      """
  }
}
