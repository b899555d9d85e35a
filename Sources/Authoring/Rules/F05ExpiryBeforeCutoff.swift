// F05: a window that never opens: expiry before the information cut-off, or a beginning after the end.
// A date is valid through its last second and begins with its first (release-policy.md section 1).

import Bulletins

struct F05ExpiryBeforeCutoff: Rule {
  static let id = "F05"

  func findings(in context: CheckContext) -> [Finding] {
    let front = context.frontMatter
    let zone = context.site.zone
    guard let end = front.expires?.end(in: zone) else { return [] }
    var findings: [Finding] = []
    if let cutoff = front.infoCutoff?.start(in: zone), end <= cutoff {
      // An expiry that the template computed has no line of its own.
      let line = front.lines["expires"] ?? context.line(of: "info-cutoff")
      findings.append(
        finding(
          context, line: line, "the bulletin expires before its information cut-off",
          explanation: "Nobody would ever read it; correct one of the two."))
    }
    if let begin = front.notBefore?.start(in: zone), begin >= end {
      findings.append(
        finding(
          context, line: context.line(of: "not-before"), "not-before lies after the expiry",
          explanation: "Nobody would ever read it; correct one of the two."))
    }
    return findings
  }
}
