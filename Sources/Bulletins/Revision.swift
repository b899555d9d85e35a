// A revision: one state of a bulletin's file and the files that it names, bound by its hash to what people decided
// about it. `decide` sees nothing else of the bulletin.

/// What the release authority recorded for one revision (site-files.md). Only these widen anything.
package struct RecordedDecisions: Hashable, Sendable {
  package var publicRelease: Bool
  package var privateRelease: Bool
  /// ISO 3166 alpha-3 codes.
  package var foreignRelease: Set<String>
  /// Ids of sources whose originator consented.
  package var consents: Set<String>
  /// Slugs of sections that may be hollow at urgency immediate.
  package var acceptHollow: Set<String>

  package init(
    publicRelease: Bool = false, privateRelease: Bool = false, foreignRelease: Set<String> = [],
    consents: Set<String> = [], acceptHollow: Set<String> = []
  ) {
    self.publicRelease = publicRelease
    self.privateRelease = privateRelease
    self.foreignRelease = foreignRelease
    self.consents = consents
    self.acceptHollow = acceptHollow
  }
  package static let none = RecordedDecisions()
}

package struct Revision: Hashable, Sendable {
  /// The file stem in `bulletins/`: the bulletin's identity.
  package var bulletin: String
  /// `sha256:` and 64 hexadecimal digits (site-files.md, last item).
  package var hash: String
  package var document: Document
  package var template: SeriesTemplate
  package var decisions: RecordedDecisions

  package init(
    bulletin: String, hash: String, document: Document, template: SeriesTemplate,
    decisions: RecordedDecisions = .none
  ) {
    self.bulletin = bulletin
    self.hash = hash
    self.document = document
    self.template = template
    self.decisions = decisions
  }
}

/// `Bottom line` to `bottom-line`: how reasons name a section.
package func sectionSlug(_ heading: String) -> String {
  heading.lowercased().split { !($0.isLetter || $0.isNumber) }.joined(separator: "-")
}
