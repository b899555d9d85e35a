// The shape of a rule, and the check that runs them all. One rule a file, named by its id; one test file a rule.

package import Bulletins

package protocol Rule: Sendable {
  /// `M01`.
  static var id: String { get }
  func findings(in context: CheckContext) -> [Finding]
}

extension Rule {
  func finding(
    _ context: CheckContext, _ severity: Finding.Severity = .error, line: Int, column: Int = 1, _ message: String,
    explanation: String, fix: Finding.Fix? = nil
  ) -> Finding {
    Finding(
      rule: Self.id, severity: severity, place: Place(file: context.file, line: max(1, line), column: max(1, column)),
      message: message, explanation: explanation, fix: fix)
  }
}

package enum BulletinCheck {
  /// Everything that the rules find, in order of place, with the severities of the series' template.
  package static func findings(in context: CheckContext, rules: [any Rule] = AllRules.rules) -> [Finding] {
    var findings = rules.flatMap { $0.findings(in: context) }
    // What the reader refuses without a rule of its own is reported as it is.
    let known = Set(AllRules.rules.map { type(of: $0).id })
    findings += context.bulletin.findings.filter { !known.contains($0.rule) }
    return tightened(findings, by: context.template)
      .enumerated()
      .sorted { ($0.element.place, $0.element.rule, $0.offset) < ($1.element.place, $1.element.rule, $1.offset) }
      .map(\.element)
  }

  /// The findings with the severities of a series.
  package static func tightened(_ findings: [Finding], by template: SeriesTemplate?) -> [Finding] {
    let lint = template?.lint ?? [:]
    return findings.compactMap { tightened($0, by: lint[$0.rule]) }
  }

  /// A template may raise a warning to an error or switch a warning off; an error stays one.
  private static func tightened(_ finding: Finding, by setting: String?) -> Finding? {
    guard finding.severity == .warning, let setting else { return finding }
    switch setting {
    case "off": return nil
    case "error":
      var raised = finding
      raised.severity = .error
      return raised
    default: return finding
    }
  }
}
