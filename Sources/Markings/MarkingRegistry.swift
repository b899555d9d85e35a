// The tables that a marking is read against, given as values: this module loads nothing.

package struct MarkingRegistry: Hashable, Sendable {
  package enum Basis: String, Hashable, Sendable { case basic, specified }

  /// CUI registry: marking as written (`LEI`, `SP-SSI`) to its basis.
  package var categories: [String: Basis]
  /// Limited dissemination controls: every accepted form (`NOFORN`, `NF`, `FED ONLY` ..) to the banner form.
  package var disseminationControls: [String: String]
  /// ISO 3166 alpha-3 codes.
  package var countries: Set<String>

  package init(categories: [String: Basis], disseminationControls: [String: String], countries: Set<String>) {
    self.categories = categories
    self.disseminationControls = disseminationControls
    self.countries = countries
  }
}
