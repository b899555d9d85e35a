// One bulletin as one caller sees it now, in no form yet. Everything in it is the caller's own: whoever makes a form of
// it decides nothing and can leave nothing hidden in it.

package import Bulletins
package import Markings

package struct FeedItem: Hashable, Sendable {
  /// How the bulletin stands for this caller.
  package enum Standing: String, Hashable, Sendable, CaseIterable {
    case live
    case recalled
    /// Its time ran out, or it was ended before.
    case expired
    /// No longer current: another bulletin took its place, or a newer version is not for this caller.
    case withdrawn
  }

  /// What the newest version that the caller knows is to the one before it.
  package enum Change: String, Hashable, Sendable { case released, updated, corrected }

  /// An earlier version that this caller could see, oldest first.
  package struct Version: Hashable, Sendable {
    package var serial: String
    package var version: Int
    package var releasedAt: Instant
    /// As `FeedItem.labels`, of what the caller could see of that version.
    package var labels: [String]
    /// As `FeedItem.run`.
    package var run: Int
    /// When its own lifetime ended or ends.
    package var expires: Instant?
    package init(
      serial: String, version: Int, releasedAt: Instant, labels: [String] = [], run: Int = 0, expires: Instant? = nil
    ) {
      self.serial = serial
      self.version = version
      self.releasedAt = releasedAt
      self.labels = labels
      self.run = run
      self.expires = expires
    }
  }

  /// A word of a vocabulary and its name: `officer-safety`, `Officer Safety`.
  package struct Term: Hashable, Sendable {
    package var slug: String
    package var name: String
    package init(slug: String, name: String) {
      self.slug = slug
      self.name = name
    }
  }

  /// A place of templates/vocab/regions.csv.
  package struct Region: Hashable, Sendable {
    package var slug: String
    package var name: String
    /// FIPS 6-4 code of a county (`025025` as CAP's SAME has it); nil where there is none.
    package var county: String?
    package init(slug: String, name: String, county: String? = nil) {
      self.slug = slug
      self.name = name
      self.county = county
    }
  }

  /// Of the bulletin, the same for every version and every caller: a UUID in lower case.
  package var id: String
  /// `CFC-OS-2026-0042-U1`: of the newest version that the caller knows.
  package var serial: String
  /// Of that version, from 1.
  package var version: Int
  package var change: Change
  package var standing: Standing
  /// Of the first version.
  package var publishedAt: Instant
  /// Of the newest version's release.
  package var releasedAt: Instant
  /// When it last changed for anybody who can see it: the newest version's release, or its end.
  package var updatedAt: Instant
  /// Its place among all changes: microseconds since 1970, of no two bulletins within `StixReports.room` of each other;
  /// moves with each change that the caller sees, by a millisecond at least, and with nothing else.
  package var position: Int64
  package var expires: Instant?
  /// Of the product, or of the notice where there is only a notice.
  package var title: MarkedText
  package var banner: Banner
  /// The marks of everything in it: what the banner was rolled up from.
  package var marks: [PortionMark]
  /// The labels and clauses of the portions in it as words, each once, sorted: they tell the variants of a bulletin
  /// apart and stay the same from version to version, so that a report of STIX keeps its id. Empty: only a
  /// notice could be made of it.
  package var labels: [String]
  /// The version with which this run of versions began: versions next to each other that this caller sees with the same
  /// labels in the same feeds. 0 of the first run with these labels.
  package var run: Int
  package var scheme: Scheme
  package var series: Term
  package var urgency: Urgency
  /// Of the bulletin's audience, those that the caller is of.
  package var sectors: [Term]
  /// Standing information needs: number and name.
  package var needs: [Term]
  package var regions: [Region]
  /// Elements that may stand in a `<div>`, styles inline, pictures as data.
  package var html: String
  /// 72 columns.
  package var text: String
  /// Only a notice: what the feed may not carry, or what is over.
  package var isNotice: Bool
  /// All of it is under a recorded public release, and it is no notice of something that is not.
  package var isPublic: Bool
  /// Something in it is LES or above, or TLP:RED: nothing on the way may keep what carries it.
  package var isSensitive: Bool
  package var earlier: [Version]

  package init(
    id: String, serial: String, version: Int, change: Change, standing: Standing, publishedAt: Instant,
    releasedAt: Instant, updatedAt: Instant, position: Int64, expires: Instant?, title: MarkedText, banner: Banner,
    marks: [PortionMark], labels: [String] = [], run: Int = 0, scheme: Scheme, series: Term, urgency: Urgency,
    sectors: [Term] = [],
    needs: [Term] = [], regions: [Region] = [], html: String, text: String, isNotice: Bool = false,
    isPublic: Bool = false, isSensitive: Bool, earlier: [Version] = []
  ) {
    self.id = id
    self.serial = serial
    self.version = version
    self.change = change
    self.standing = standing
    self.publishedAt = publishedAt
    self.releasedAt = releasedAt
    self.updatedAt = updatedAt
    self.position = position
    self.expires = expires
    self.title = title
    self.banner = banner
    self.marks = marks
    self.labels = labels
    self.run = run
    self.scheme = scheme
    self.series = series
    self.urgency = urgency
    self.sectors = sectors
    self.needs = needs
    self.regions = regions
    self.html = html
    self.text = text
    self.isNotice = isNotice
    self.isPublic = isPublic
    self.isSensitive = isSensitive
    self.earlier = earlier
  }
}
