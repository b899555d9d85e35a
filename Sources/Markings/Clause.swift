// An access clause: one disjunction over one vocabulary. A label holds a set of them (CNF), so that
// a member of Energy and Health reads both {Energy, Water} and {Water, Health} (markings.md law 4).

package struct Clause: Hashable, Sendable {
  package enum Axis: String, Hashable, Sendable, CaseIterable {
    case sectors, disciplines, regions
    case organizationTypes = "organization-types"
  }

  package var axis: Axis
  /// Slugs. An empty set is met by nobody. A region stands for itself and everything below it.
  package var values: Set<String>

  package init(_ axis: Axis, _ values: Set<String>) {
    self.axis = axis
    self.values = values
  }

  /// Everybody who meets self meets the other.
  package func subsumes(_ other: Clause) -> Bool { axis == other.axis && values.isSubset(of: other.values) }
}
