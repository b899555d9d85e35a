// A product without a body: tells a reader that a bulletin exists, has expired or was recalled
// (release-policy.md section 5). It says no more than its short title or the series' public name.

package import Bulletins
package import Markings

package struct NoticeProduct: Sendable {
  /// Names the content: boundaries and content ids are derived from it. Never a variant's id.
  package var id: String
  package var why: Layouts.Why
  package var serial: String
  /// The short title where the reader meets it and it is within the header ceiling; nil prints the public name.
  package var shortTitle: MarkedText?
  /// The roll-up of what it says.
  package var banner: Banner
  package var scheme: Scheme
  package var notices: [NoticeKind]
  package var releasedAt: Instant?
  package var expires: CivilMoment?
  package var site: Site
  package var seriesName: String
  package var layouts: Layouts
  package var seal: PrintedPicture?
  /// Where the reader finds the bulletin; nil names the watch.
  package var portal: String?
  package var contacts: [Site.Contact]

  package init(
    id: String, why: Layouts.Why, serial: String, shortTitle: MarkedText?, banner: Banner, scheme: Scheme,
    notices: [NoticeKind] = [], releasedAt: Instant?, expires: CivilMoment?, site: Site, seriesName: String,
    layouts: Layouts, seal: PrintedPicture? = nil, portal: String? = nil, contacts: [Site.Contact] = []
  ) {
    self.id = id
    self.why = why
    self.serial = serial
    self.shortTitle = shortTitle
    self.banner = banner
    self.scheme = scheme
    self.notices = notices
    self.releasedAt = releasedAt
    self.expires = expires
    self.site = site
    self.seriesName = seriesName
    self.layouts = layouts
    self.seal = seal
    self.portal = portal
    self.contacts = contacts
  }

  /// A public name counts as a (U) portion, in scheme tlp as a (TLP:CLEAR) one.
  var title: MarkedText {
    shortTitle
      ?? MarkedText(
        mark: scheme == .tlp ? PortionMark(trafficLight: .clear) : PortionMark(mark: .unclassified), text: seriesName)
  }

  /// The title as it stands over the notice: what has become of the bulletin is read before what it was about.
  private var heading: MarkedText {
    let word: String? =
      switch why {
      case .recalled: "Recalled"
      case .expired: "Expired"
      case .withdrawn: "No longer current"
      case .cut: nil
      }
    return MarkedText(mark: title.mark, text: [word, title.text].compactMap { $0 }.joined(separator: ": "))
  }

  /// It takes something back: printed so that nobody overlooks it.
  var isWarning: Bool { why != .cut }

  var product: Product {
    var site = site
    site.portal = portal
    let variant = Variant(
      id: id, cut: false, titleForm: .shortTitle, title: heading, shortTitle: shortTitle, banner: banner,
      scheme: scheme, body: [], marks: [], notices: notices)
    var product = Product(
      variant: variant, serial: serial, releasedAt: releasedAt, infoCutoff: nil, expires: expires, site: site,
      seriesName: seriesName, layouts: layouts, seal: seal,
      contacts: contacts.isEmpty ? [site.contacts["watch"]].compactMap { $0 } : contacts)
    product.hasExpired = why == .expired
    return product
  }
}
