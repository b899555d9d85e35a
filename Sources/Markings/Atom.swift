// An atom is one requirement that a reader meets or does not. The policy says who meets it
// (release-policy.md section 2); a predicate sees the reader and the time, never the label.

/// The name as policies write it: `GOV`, `FOUO`, `LES`, `NF`, `CUI`, `CUI//SP-SSI`, `TLP:AMBER`.
package struct Atom: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let name: String
  package init(_ name: String) { self.name = name }
  package var description: String { name }
  package static func < (a: Atom, b: Atom) -> Bool { a.name < b.name }

  package static let government = Atom("GOV")
  package static let partner = Atom("PARTNER")
  package static let fouo = Atom("FOUO")
  package static let les = Atom("LES")
  package static let noforn = Atom("NF")
  package static let ssi = Atom("SSI")
  package static let pcii = Atom("PCII")
  package static let deaSensitive = Atom("DSEN")
  package static let criminalIntelligence = Atom("P23")
  package static let cuiBasic = Atom("CUI")
  /// Built in: met by the readers named in `to:`, by nobody without it.
  package static let namedOnly = Atom("DL ONLY")

  package static func category(_ marking: String) -> Atom { Atom("CUI//" + marking) }
}

/// x ⊑ y for atoms under a policy: whoever meets y meets x. Computed by the policy check over all
/// combinations of facts; the empty table still knows that an atom demands itself.
package struct AtomOrder: Hashable, Sendable {
  /// For an atom, those that everybody who meets it meets too; itself may be among them.
  package var demandedBy: [Atom: Set<Atom>]
  package init(demandedBy: [Atom: Set<Atom>] = [:]) { self.demandedBy = demandedBy }

  package func isAtMost(_ x: Atom, _ y: Atom) -> Bool {
    x == y || demandedBy[y]?.contains(x) == true
  }
}
