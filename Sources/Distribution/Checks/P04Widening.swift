// P04: an atom that only the site's policy names. Nobody met it before; whoever meets it now sees more, which is for
// the release authority to decide.

package import Bulletins
import Markings

package enum P04Widening: ListRule {
  package static let id = "P04"

  package static func findings(in context: ListCheckContext) -> [Finding] {
    context.lists.policy.widenings.map { atom in
      Finding(
        rule: id, severity: .warning, place: context.place(of: atom),
        message: "the site's policy lets readers meet `\(atom)`, which the shipped policy leaves to nobody",
        explanation: "a widening: it needs the release authority, and is logged when the lists are imported")
    }
  }
}
