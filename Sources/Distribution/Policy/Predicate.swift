// The policy's language: `all`, `any` or one test; there is no `not`, so that a further true fact never takes anything
// away. What a file got wrong is kept as `invalid`, which is false (release-policy.md section 2).

package import Markings

package indirect enum Predicate: Hashable, Sendable {
  /// A fact of which a reader has one value, or several, tested against a set of words.
  package enum Fact: String, Hashable, Sendable, CaseIterable {
    case level, type, role, citizenship, mailbox
    case sector, discipline, region
    /// Ids; in the members of a list only.
    case organizations, stakeholders
  }

  /// `all: []` is everybody.
  case all([Predicate])
  /// `any: []` is nobody.
  case any([Predicate])
  /// `level: [state, local]`: true when the reader has at least one of the words. A region stands for all below it.
  case has(Fact, Set<String>)
  /// `clearance: fouo`: that or higher; an unknown word is false.
  case clearance(String)
  /// `agreement: nda`: held, and valid now.
  case agreement(String)
  /// `vetting: current`.
  case vettingCurrent
  /// `attested: true`.
  case attested
  case atom(Atom)
  /// An unknown test, two keys in one map, a wrong type: false. The text says what stood there.
  case invalid(String)

  package static let everybody = Predicate.all([])
  package static let nobody = Predicate.any([])

  /// The atoms that it names, at any depth.
  package var atoms: Set<Atom> {
    switch self {
    case .all(let parts), .any(let parts): parts.reduce(into: []) { $0.formUnion($1.atoms) }
    case .atom(let atom): [atom]
    default: []
    }
  }
}
