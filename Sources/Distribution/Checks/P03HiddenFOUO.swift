// P03: LES, SSI or DSEN can be met without FOUO. A mark with one of these leaves FOUO out of the banner (markings.md),
// so a reader who meets the one must meet the other. Shown by trying all combinations of facts, not by example.

package import Bulletins
import Markings

package enum P03HiddenFOUO: ListRule {
  package static let id = "P03"

  package static func findings(in context: ListCheckContext) -> [Finding] {
    guard let order = context.order else {
      return [
        finding(
          Place(file: SiteListsLoader.folder + "/release-policy.yaml"),
          "the policy tells too many facts apart to be checked",
          hint: "name fewer different sets of words: at most \(AtomTable.limit) combinations are tried")
      ]
    }
    return [Atom.les, .ssi, .deaSensitive].filter { !order.isAtMost(.fouo, $0) }.map { atom in
      finding(
        context.place(of: atom), "`\(atom)` can be met without `FOUO`, which the banner hides beside it",
        hint: "add `- atom: FOUO` to its predicate, or every test of FOUO")
    }
  }

  private static func finding(_ place: Place, _ message: String, hint: String) -> Finding {
    Finding(rule: id, severity: .error, place: place, message: message, explanation: hint)
  }
}
