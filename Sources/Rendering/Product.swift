// A product: one variant with everything around it that a reader sees. A value; nothing here decides who sees what.

package import Bulletins
package import Markings

/// A picture as it leaves the center: metadata stripped.
package struct PrintedPicture: Hashable, Sendable {
  package var bytes: [UInt8]
  /// `image/png` or `image/jpeg`.
  package var mediaType: String
  /// Pixels.
  package var width: Int
  package var height: Int
  package init(bytes: [UInt8], mediaType: String, width: Int, height: Int) {
    self.bytes = bytes
    self.mediaType = mediaType
    self.width = width
    self.height = height
  }
}

/// How this product stands to an earlier one; printed before the body.
package struct Relation: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable { case updates, corrects, supersedes }
  package var kind: Kind
  package var serial: String
  package init(_ kind: Kind, serial: String) {
    self.kind = kind
    self.serial = serial
  }
}

package struct Product: Sendable {
  package var variant: Variant
  /// `CFC-OS-2026-0042`, `CFC-OS-2026-0042-U1`, or `DRAFT`.
  package var serial: String
  /// nil before release.
  package var releasedAt: Instant?
  package var infoCutoff: CivilMoment?
  package var expires: CivilMoment?
  /// That moment is past: said of what tells so.
  package var hasExpired = false
  package var relation: Relation?
  package var site: Site
  /// The series' public name.
  package var seriesName: String
  /// Layouts and notice texts, parsed once.
  package var layouts: Layouts
  /// By the author's file name.
  package var pictures: [String: PrintedPicture]
  /// The center's seal; nil shows its monogram.
  package var seal: PrintedPicture?
  package var contacts: [Site.Contact]
  package var feedback: [Site.TextBlock]
  package var reporting: [Site.TextBlock]
  /// Words that a notice's text may ask for as `reason`: why US persons are named.
  package var reasons: [NoticeKind: String]
  /// Stem of the vocabulary (`sectors`, as an axis is named) to slug to name, for the audience line; a slug without a name is printed with spaces for hyphens.
  package var names: [String: [String: String]]
  /// Headers may carry the short title: it is within the header ceiling.
  package var shortTitleInHeaders: Bool
  /// Where a cut variant sends its reader; nil names the watch.
  package var portal: String?
  /// What an acknowledgement link begins with, `https://portal.example.gov/a/`; nil makes no button and no slot.
  package var acknowledgement: String?
  /// Charts that were drawn for another variant of the same revision.
  package var drawings = Drawings()
  /// The bulletin names its readers; who they are is not printed.
  package var isForNamedReaders = false

  package init(
    variant: Variant, serial: String, releasedAt: Instant?, infoCutoff: CivilMoment?, expires: CivilMoment?,
    relation: Relation? = nil, site: Site, seriesName: String, layouts: Layouts,
    pictures: [String: PrintedPicture] = [:],
    seal: PrintedPicture? = nil, contacts: [Site.Contact] = [], feedback: [Site.TextBlock] = [],
    reporting: [Site.TextBlock] = [], reasons: [NoticeKind: String] = [:],
    names: [String: [String: String]] = [:], shortTitleInHeaders: Bool = true, portal: String? = nil,
    acknowledgement: String? = nil
  ) {
    self.variant = variant
    self.serial = serial
    self.releasedAt = releasedAt
    self.infoCutoff = infoCutoff
    self.expires = expires
    self.relation = relation
    self.site = site
    self.seriesName = seriesName
    self.layouts = layouts
    self.pictures = pictures
    self.seal = seal
    self.contacts = contacts
    self.feedback = feedback
    self.reporting = reporting
    self.reasons = reasons
    self.names = names
    self.shortTitleInHeaders = shortTitleInHeaders
    self.portal = portal
    self.acknowledgement = acknowledgement
  }

  /// With the blocks of the site that the front matter names (unknown names are left out; the check reports them).
  package init(
    variant: Variant, frontMatter: FrontMatter, serial: String, releasedAt: Instant?, relation: Relation? = nil,
    site: Site, seriesName: String, layouts: Layouts, pictures: [String: PrintedPicture] = [:],
    seal: PrintedPicture? = nil,
    expires: CivilMoment? = nil, names: [String: [String: String]] = [:], shortTitleInHeaders: Bool = true,
    portal: String? = nil, acknowledgement: String? = nil
  ) {
    var reasons: [NoticeKind: String] = [:]
    if let gate = frontMatter.gates[.usPersons], gate.value { reasons[.usPersons] = gate.reason }
    self.init(
      variant: variant, serial: serial, releasedAt: releasedAt, infoCutoff: frontMatter.infoCutoff,
      expires: frontMatter.expires ?? expires, relation: relation, site: site, seriesName: seriesName,
      layouts: layouts, pictures: pictures, seal: seal,
      contacts: frontMatter.contacts.compactMap { site.contacts[$0] },
      feedback: frontMatter.feedback.compactMap { site.feedback[$0] },
      reporting: site.reporting.keys.sorted().compactMap { site.reporting[$0] },
      reasons: reasons, names: names, shortTitleInHeaders: shortTitleInHeaders, portal: portal,
      acknowledgement: acknowledgement)
    isForNamedReaders = frontMatter.to != nil
  }
}
