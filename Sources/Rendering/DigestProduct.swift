// One message of a reader's digest: several bulletins, each as its own product has it, under one banner that is the
// roll-up of them all. A value; which bulletins it holds, and for whom, was decided before.

import Bulletins
package import Markings

package struct DigestProduct: Sendable {
  /// A bulletin in it.
  package struct Entry: Sendable {
    package var product: Product
    /// Says why, in place of a body; nil for a bulletin.
    package var notice: Layouts.Why?
    package init(_ product: Product) { self.product = product }
    package init(_ notice: NoticeProduct) {
      product = notice.product
      product.variant.rolledUp = [notice.title.mark].compactMap { $0 }
      self.notice = notice.why
    }
  }
  /// Names the content: boundaries and content ids are derived from it.
  package var id: String
  package var entries: [Entry]
  /// The time of the digest.
  package var at: Instant
  /// Which of how many messages of the day; nil for the only one.
  package var part: (number: Int, of: Int)?

  package init(id: String, entries: [Entry], at: Instant, part: (number: Int, of: Int)? = nil) {
    self.id = id
    self.entries = entries
    self.at = at
    self.part = part
  }

  /// Bytes of HTML that one message may have (products.md), what frames the bulletins left aside.
  package static let bodyLimit = 74_000
  /// Bytes of a whole message; what relays commonly take is 10 MB and more.
  package static let messageLimit = 8_000_000

  /// Places of the entries in as many messages as they need, in the order given: none over the limits unless a single
  /// bulletin is, and never CUI beside legacy marks, which no document may mix.
  package static func split(_ entries: [Entry]) -> [[Int]] {
    var open: [Bool: (places: [Int], body: Int, whole: Int)] = [:]
    var messages: [[Int]] = []
    func close(_ family: Bool) {
      if let full = open.removeValue(forKey: family) { messages.append(full.places) }
    }
    for (index, entry) in entries.enumerated() {
      let isCUI = entry.product.variant.scheme == .cui
      let (body, whole) = entry.weight
      if let before = open[isCUI], before.body + body > bodyLimit || before.whole + whole > messageLimit {
        close(isCUI)
      }
      var now = open[isCUI] ?? ([], 0, 0)
      now.places.append(index)
      now.body += body
      now.whole += whole
      open[isCUI] = now
    }
    close(false)
    close(true)
    return messages.sorted { $0[0] < $1[0] }
  }
}

extension DigestProduct.Entry {
  /// Bytes of its HTML, and of all that it brings into a message, encoded.
  var weight: (body: Int, whole: Int) {
    let sheet = Sheet(product, place: 1, notices: DigestProduct.ownNotices)
    let section = HTMLDigest.section(self, sheet)
    let pictures = section.images.reduce(0) { $0 + ($1.isForPages ? 0 : $1.bytes.count) }
    let body = section.html.utf8.count + 600
    return (body, body * 3 + pictures * 3 / 2)
  }
}

extension DigestProduct {
  /// Notices that speak of one bulletin: its expiry, why it names somebody. The others are said once, at the end.
  static let ownNotices: Set<NoticeKind> = [.criminalIntelligence, .usPersons, .retention]

  /// In scheme tlp where all of it is.
  package var scheme: Scheme {
    let schemes = Set(entries.map(\.product.variant.scheme))
    return schemes.count == 1 ? schemes.first ?? .legacy : schemes.contains(.cui) ? .cui : .legacy
  }

  /// What the digest says of itself: (U), in scheme tlp (TLP:CLEAR).
  package var ownMark: PortionMark {
    scheme == .tlp ? PortionMark(trafficLight: .clear) : PortionMark(mark: .unclassified)
  }

  var count: String { entries.count == 1 ? "1 bulletin" : "\(entries.count) bulletins" }
  var partWords: String? { part.map { "message \($0.number) of \($0.of)" } }

  /// The product that frames them: masthead, banner, contacts, notices; nil without entries or without a roll-up.
  var frame: Product? {
    guard let first = entries.first?.product else { return nil }
    let marks = entries.flatMap(\.product.variant.rolledUp)
    guard let banner = RollUp.banner(marks + [ownMark], scheme: scheme) else { return nil }
    var kinds = Set(entries.flatMap(\.product.variant.notices)).subtracting(Self.ownNotices)
    // One that forbids more says all of the other. The check of none of the bulletins asked for its text.
    if banner.isNoforn, kinds.contains(.les), first.layouts.noticeKinds.contains(.lesNoforn) {
      kinds.insert(.lesNoforn)
    }
    let notices = kinds.subtracting(kinds.contains(.lesNoforn) ? [.les] : []).sorted()
    let zone = first.site.zone
    let title = "Daily digest, " + ZonedTime(at, in: zone).dayText
    var variant = Variant(
      id: id, cut: false, titleForm: .title, title: MarkedText(mark: ownMark, text: title), shortTitle: nil,
      banner: banner, scheme: scheme, body: [], marks: marks, notices: notices)
    variant.isPrivateInPart =
      kinds.contains(.privateSector)
      && entries.contains { entry in
        entry.product.variant.isPrivateInPart || !entry.product.variant.notices.contains(.privateSector)
      }
    func union<Value: Hashable>(_ values: (Product) -> [Value]) -> [Value] {
      var seen: Set<Value> = []
      return entries.flatMap { values($0.product) }.filter { seen.insert($0).inserted }
    }
    return Product(
      variant: variant, serial: [count, partWords].compactMap { $0 }.joined(separator: ", "), releasedAt: at,
      infoCutoff: nil, expires: nil, site: first.site, seriesName: "Daily digest", layouts: first.layouts,
      seal: first.seal,
      contacts: union(\.contacts), feedback: union(\.feedback), reporting: union(\.reporting))
  }

  /// Nothing of the bulletins but their number: it travels in a header.
  func subject(_ site: Site) -> String {
    let day = ZonedTime(at, in: site.zone).dayText
    let part = part.map { " (\($0.number) of \($0.of))" } ?? ""
    return Renderer.subject(
      MarkedText(mark: ownMark, text: "\(site.serialPrefix) daily digest, \(day): \(count)\(part)"), serial: nil)
  }
}

extension Renderer {
  /// - Throws: a notice that a bulletin needs has no text; there is no bulletin in it, or one without marks.
  package static func render(_ digest: DigestProduct) throws(LayoutProblem) -> Rendered {
    guard let frame = digest.frame else {
      throw LayoutProblem(name: "digest.html", message: "a digest without a banner", hint: "this is a fault of revere")
    }
    for entry in digest.entries { try requireNotices(entry.product) }
    for entry in digest.entries {
      guard let why = entry.notice else { continue }
      if Sheet(entry.product).words(of: why) == nil { throw missing(why.rawValue) }
    }
    let sheet = Sheet(frame)
    let page = HTMLDigest(digest: digest, sheet: sheet).page()
    let text = TextDigest(digest: digest, sheet: sheet).page()
    return Rendered(
      id: digest.id, html: page.html, text: text, subject: digest.subject(frame.site), banner: frame.variant.banner,
      images: page.images)
  }
}
