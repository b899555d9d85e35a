// The words that facts, clauses and predicates may use. A word outside it is a finding of a check and FALSE in a
// decision, on either side: a reader who states it has nothing, a test that names it is met by nobody.

package import Markings

package struct Vocabulary: Hashable, Sendable {
  package var organizationTypes: Set<String>
  package var sectors: Set<String>
  package var disciplines: Set<String>
  package var regions: RegionTree
  package var agreements: Set<String>
  /// ISO 3166 alpha-3.
  package var countries: Set<String>
  /// CUI registry markings as written (`LEI`, `SP-SSI`): each is an atom.
  package var cuiCategories: Set<String>

  package init(
    organizationTypes: Set<String> = [], sectors: Set<String> = [], disciplines: Set<String> = [],
    regions: RegionTree = RegionTree(), agreements: Set<String> = [], countries: Set<String> = [],
    cuiCategories: Set<String> = []
  ) {
    self.organizationTypes = organizationTypes
    self.sectors = sectors
    self.disciplines = disciplines
    self.regions = regions
    self.agreements = agreements
    self.countries = countries
    self.cuiCategories = cuiCategories
  }

  /// The closed set of atoms that a policy or ceiling may name.
  package func knows(_ atom: Atom) -> Bool {
    Self.registerAtoms.contains(atom) || cuiCategories.contains { Atom.category($0) == atom }
  }

  /// Atoms of the CAPCO register, the LDCs and TLP; the CUI categories come from the registry's table.
  package static let registerAtoms: Set<Atom> = Set(
    [
      "GOV", "PARTNER", "FOUO", "LES", "NF", "SSI", "PCII", "DSEN", "P23", "NOCON", "CUI", "FED ONLY", "FEDCON",
      "ORCON", "ORCON-USGOV", "IMCON", "RSEN", "PROPIN", "RELIDO", "FISA", "LIMDIS", "EXDIS", "NODIS", "SBU", "AC",
      "AWP", "DP", "DL ONLY",
    ].map(Atom.init) + TrafficLight.allCases.map(\.atom))
}
