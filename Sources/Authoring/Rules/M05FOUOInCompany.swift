// M05: FOUO beside LES, SSI or DSEN in one mark. A warning: it is understood, and the label keeps what FOUO demands.

import Bulletins
import Markings

struct M05FOUOInCompany: Rule {
  static let id = "M05"

  func findings(in context: CheckContext) -> [Finding] {
    context.problems(
      Self.id, .warning, explanation: "The stricter control demands what FOUO demands, under this site's policy too.",
      isSafe: { mark in
        // The mended mark must demand as much as the old one.
        let atoms = mark.label(basis: .closed).atoms
        return atoms.contains { $0 != .fouo && context.order.isAtMost(.fouo, $0) }
      })
  }
}
