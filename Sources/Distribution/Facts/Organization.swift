// An organization as organizations.yaml states it. Facts that are missing or malformed are nil or left out: they meet
// no test (release-policy.md section 1). The finding about a malformed fact is the loader's.

package enum OrganizationLevel: String, Hashable, Sendable, CaseIterable {
  case federal, state, local, tribal, `private`, foreign
}

package struct Organization: Hashable, Sendable {
  package var id: String
  package var name: String
  /// nil: missing or malformed.
  package var level: OrganizationLevel?
  /// A slug of the vocabulary; nil: missing or unknown.
  package var type: String?
  /// ISO 3166 alpha-3; nil: missing or unknown, then only portions open to all countries are met.
  package var country: String?
  package var municipality: String?
  package var sectors: [String]
  package var disciplines: [String]
  package var regions: [String]
  /// Mail domains, lower case.
  package var domains: [String]
  package var ori: String?
  /// `ssi`, `pcii`: what it may originate.
  package var mayOriginate: [String]

  package init(
    id: String, name: String, level: OrganizationLevel?, type: String?, country: String?, municipality: String? = nil,
    sectors: [String] = [], disciplines: [String] = [], regions: [String] = [], domains: [String] = [],
    ori: String? = nil, mayOriginate: [String] = []
  ) {
    self.id = id
    self.name = name
    self.level = level
    self.type = type
    self.country = country
    self.municipality = municipality
    self.sectors = sectors
    self.disciplines = disciplines
    self.regions = regions
    self.domains = domains
    self.ori = ori
    self.mayOriginate = mayOriginate
  }

  /// Level foreign and country USA contradict each other: such an organization meets nothing by either fact.
  package var contradictsItself: Bool { level == .foreign && country == "USA" }
}
