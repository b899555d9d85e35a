// A variant: the bulletin as the readers of one visible set get it. It holds nothing of what they may not see,
// so that whatever is made from it cannot leak (release-policy.md section 4).

package import Markings

/// A source that a visible block cites, with the number under which it is listed.
package struct VariantSource: Hashable, Sendable {
  package var id: String
  package var number: Int
  package var describe: MarkedText
  package var reliability: String?
  package var credibility: String?
  package var date: CivilDate?
  package init(
    id: String, number: Int, describe: MarkedText, reliability: String? = nil, credibility: String? = nil,
    date: CivilDate? = nil
  ) {
    self.id = id
    self.number = number
    self.describe = describe
    self.reliability = reliability
    self.credibility = credibility
    self.date = date
  }
}

package struct VariantFootnote: Hashable, Sendable {
  package var label: String
  package var number: Int
  package var mark: PortionMark?
  package var blocks: [Block]
  package init(label: String, number: Int, mark: PortionMark?, blocks: [Block]) {
    self.label = label
    self.number = number
    self.mark = mark
    self.blocks = blocks
  }
}

package struct Variant: Hashable, Sendable {
  package enum TitleForm: String, Hashable, Sendable {
    case title
    case shortTitle = "short-title"
  }

  /// Digest of revision, visible set and cut; 32 hexadecimal digits.
  package var id: String
  /// The channel's ceiling removed something that the reader meets: the product ends with one fixed line.
  package var cut: Bool
  /// Whether the portal is named in the fixed line of a cut variant is the product's affair, not the variant's.
  package var titleForm: TitleForm
  /// Marks here and below are the effective ones: countries that no decision grants are not printed.
  package var title: MarkedText
  /// The short title when the reader sees it.
  package var shortTitle: MarkedText?
  package var banner: Banner
  /// The marks that the banner is the roll-up of: where it stands beside others, all roll up together.
  package var rolledUp: [PortionMark] = []
  package var scheme: Scheme
  /// Reduced and normalized: no `only`, no `tearline`; `Block.portion` indexes `marks`.
  package var body: [Block]
  /// The effective mark of each portion, by the portion index of the source; nil where it is hidden.
  package var marks: [PortionMark?]
  package var sources: [VariantSource]
  package var footnotes: [VariantFootnote]
  /// Each once, in printing order.
  package var notices: [NoticeKind]
  /// Of what is printed some is released to private partners and some is not: that notice speaks of parts.
  package var isPrivateInPart = false
  /// Front-matter facts that have the short title's label: nil or empty when the reader does not meet it.
  package var details: Details?

  package struct Details: Hashable, Sendable {
    package var authors: [String]
    package var coauthorOrganizations: [String]
    package var topics: [String]
    package var hsec: [Int]
    package var statePriorities: [String]
    package var audience: [Clause]
    package var productionPlan: String?
    package init(
      authors: [String] = [], coauthorOrganizations: [String] = [], topics: [String] = [], hsec: [Int] = [],
      statePriorities: [String] = [], audience: [Clause] = [], productionPlan: String? = nil
    ) {
      self.authors = authors
      self.coauthorOrganizations = coauthorOrganizations
      self.topics = topics
      self.hsec = hsec
      self.statePriorities = statePriorities
      self.audience = audience
      self.productionPlan = productionPlan
    }
  }

  package init(
    id: String, cut: Bool, titleForm: TitleForm, title: MarkedText, shortTitle: MarkedText?, banner: Banner,
    scheme: Scheme, body: [Block], marks: [PortionMark?], sources: [VariantSource] = [],
    footnotes: [VariantFootnote] = [], notices: [NoticeKind] = [], details: Details? = nil
  ) {
    self.id = id
    self.cut = cut
    self.titleForm = titleForm
    self.title = title
    self.shortTitle = shortTitle
    self.banner = banner
    self.scheme = scheme
    self.body = body
    self.marks = marks
    self.sources = sources
    self.footnotes = footnotes
    self.notices = notices
    self.details = details
  }
}
