// What a rule of the check may know: the bulletin as it was read and the facts of the site, all as values. Rules open
// nothing and ask no clock.

package import Bulletins
package import Markings

/// Every name that a bulletin may use, from the workspace and the shipped vocabularies.
package struct CheckVocabulary: Sendable {
  /// Names of the template folders.
  package var series: Set<String> = []
  package var lists: Set<String> = []
  /// Ids of stakeholders; authors and `to:` name them.
  package var readers: Set<String> = []
  /// Ids of organizations, each with what it may originate: `ssi`, `pcii`.
  package var organizations: [String: Set<String>] = [:]
  /// Kinds of which names may be missing above, because a file could not be read: one that is not found may be right.
  package var unread: Set<IDKind> = []
  package var topics: Set<String> = []
  package var statePriorities: Set<String> = []
  package var sectors: Set<String> = []
  package var disciplines: Set<String> = []
  package var regions: Set<String> = []
  package var organizationTypes: Set<String> = []
  /// ISO 3166 alpha-3.
  package var countries: Set<String> = []
  package init() {}
}

package struct CheckContext: Sendable {
  /// The path that findings name.
  package var file: String
  package var bulletin: ReadBulletin
  /// nil when the series is unknown.
  package var template: SeriesTemplate?
  package var site: Site
  package var vocabulary: CheckVocabulary
  /// What each atom demands under the site's policy.
  package var order: AtomOrder
  package var now: Instant
  /// Notices that have a text in `templates/notices/`.
  package var noticeTexts: Set<NoticeKind>
  /// Every country that some REL TO of the bulletin names; computed once, for the labels that rules compare.
  let releasable: Set<String>
  /// Everything that is printed, read once for the rules that look through it.
  let written: [WrittenText]

  package init(
    file: String, bulletin: ReadBulletin, template: SeriesTemplate?, site: Site, vocabulary: CheckVocabulary,
    order: AtomOrder, now: Instant, noticeTexts: Set<NoticeKind>
  ) {
    self.file = file
    self.bulletin = bulletin
    self.template = template
    self.site = site
    self.vocabulary = vocabulary
    self.order = order
    self.now = now
    self.noticeTexts = noticeTexts
    written = WrittenText.all(in: bulletin)
    releasable = bulletin.document.portions.reduce(into: []) { codes, portion in
      for mark in portion.marks { codes.formUnion(mark.mark?.releasableTo ?? []) }
    }
  }

  package var document: Document { bulletin.document }
  package var frontMatter: FrontMatter { document.frontMatter }
}

extension Portion {
  /// Its own mark and those joined to it.
  var marks: [PortionMark] { (mark.map { [$0] } ?? []) + furtherMarks }
}
