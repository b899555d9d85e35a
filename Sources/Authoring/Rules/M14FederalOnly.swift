// M14: FED ONLY or FEDCON inbound. State and local readers are excluded by definition, so a center has nothing to
// pass on.

import Bulletins
import Markings

struct M14FederalOnly: Rule {
  static let id = "M14"

  func findings(in context: CheckContext) -> [Finding] {
    context.bulletin.marks.flatMap { site -> [Finding] in
      let limits = site.reading.mark?.mark?.disseminationControls ?? []
      return ["FED ONLY", "FEDCON"].filter(limits.contains).map { limit in
        finding(
          context, line: site.line, column: site.column, "\(limit) excludes every state and local reader",
          explanation: "Return it to the originator, or ask for a version without \(limit).")
      }
    }
  }
}
