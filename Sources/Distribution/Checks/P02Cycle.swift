// P02: an atom whose predicate leads back to itself. The test that would close the cycle is false.

package import Bulletins
import Markings

package enum P02Cycle: ListRule {
  package static let id = "P02"

  package static func findings(in context: ListCheckContext) -> [Finding] {
    CompiledPolicy.cycles(in: context.lists.policy.merged).map { atom in
      Finding(
        rule: id, severity: .error, place: context.place(of: atom),
        message: "the predicate of `\(atom)` depends on `\(atom)` itself",
        explanation: "follow its `atom:` tests and remove one of them")
    }
  }
}

extension ListCheckContext {
  func place(of atom: Atom) -> Place {
    lists.policy.places[atom] ?? Place(file: SiteListsLoader.folder + "/release-policy.yaml")
  }
}
