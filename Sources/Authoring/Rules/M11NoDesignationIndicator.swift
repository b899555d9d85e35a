// M11: CUI in the bulletin, and the site does not say who controls it and whom to ask (32 CFR 2002.20, designation
// indicator). Reported at the line of the scheme.

import Bulletins
import Markings

struct M11NoDesignationIndicator: Rule {
  static let id = "M11"

  func findings(in context: CheckContext) -> [Finding] {
    let isCUI = context.document.portions.contains { portion in
      portion.marks.contains { $0.mark?.family == .cui }
    }
    guard isCUI else { return [] }
    let contacts = context.site.contacts
    if let designation = context.site.designation, contacts[designation.pointOfContact] != nil { return [] }
    let missing = context.site.designation == nil ? "who controls its CUI" : "an existing point of contact for its CUI"
    return [
      finding(
        context, line: context.line(of: "scheme"), "the site does not say \(missing)",
        explanation:
          "Products with CUI carry a designation indicator: `cui: { controlled-by, point-of-contact }` in revere.yaml.")
    ]
  }
}
