// The words around the body, made once and used by HTML and plain text alike, so that neither can say more.

import Bulletins
import Foundation
import Markings

struct Sheet {
  let product: Product
  /// Printed mark of each portion, by index.
  let marks: [String?]
  private let sourceNumbers: [String: Int]
  private let footnoteNumbers: [String: Int]

  /// `Released 22 Nov 2026, 02:14 EST`.
  let releaseLine: String
  let cutoffLine: String?
  let expiryLine: String?
  let audienceLine: String?
  let titleMark: String?
  /// Mark and words of each source.
  let sources: [(number: Int, mark: String?, words: String)]
  private let notices: [(place: NoticePlace, notice: FilledNotice)]
  /// Its place in a digest, from 1: headings stand a level lower, and anchors are told apart by it.
  let place: Int?

  var variant: Variant { product.variant }
  var site: Site { product.site }
  var isDraft: Bool { product.releasedAt == nil }

  /// - Parameter kinds: the notices that it prints itself; nil is all of its variant's.
  init(_ product: Product, place: Int? = nil, notices kinds: Set<NoticeKind>? = nil) {
    self.product = product
    self.place = place
    let variant = product.variant
    let zone = product.site.zone
    var texts = MarkTexts()
    marks = variant.marks.map { texts.text(of: $0) }
    sourceNumbers = Dictionary(variant.sources.map { ($0.id, $0.number) }) { first, _ in first }
    footnoteNumbers = Dictionary(variant.footnotes.map { ($0.label, $0.number) }) { first, _ in first }
    releaseLine = product.releasedAt.map { "Released " + ZonedTime($0, in: zone).text } ?? "Draft, not released"
    cutoffLine = product.infoCutoff.map { "Information as of " + $0.words(in: zone) }
    expiryLine = product.expires.map { (product.hasExpired ? "Expired " : "Expires ") + $0.words(in: zone) }
    audienceLine = Self.audienceLine(product)
    titleMark = variant.title.mark?.text
    sources = variant.sources.map { ($0.number, $0.describe.mark?.text, Self.words(of: $0)) }
    var values = NoticeValues.values(product)
    notices = variant.notices.filter { kinds?.contains($0) ?? true }.flatMap { kind -> [(NoticePlace, FilledNotice)] in
      // Words of the front matter have the short title's label (markings.md section 2).
      values[.reason] = variant.details == nil ? nil : product.reasons[kind].map(sentence)
      guard let notice = product.layouts.notice(kind, values) else { return [] }
      guard kind == .cui, let indicator = notice.paragraphs.first else { return [(NoticePlace(kind), notice)] }
      // The designation indicator belongs on the first page, how to handle it to the other rules.
      var rest = notice
      rest.paragraphs.removeFirst()
      return [(.first, FilledNotice(name: "", paragraphs: [indicator])), (.last, rest)]
    }
  }

  func mark(of portion: Int?) -> String? {
    guard let portion, portion >= 0, portion < marks.count else { return nil }
    return marks[portion]
  }
  /// nil: the variant does not list it, and the reference goes too.
  func number(ofSource id: String) -> Int? { sourceNumbers[id] }
  func number(ofFootnote label: String) -> Int? { footnoteNumbers[label] }

  func notices(_ place: NoticePlace) -> [FilledNotice] { notices.lazy.filter { $0.place == place }.map(\.notice) }

  /// Why a product without a body is sent.
  func words(of why: Layouts.Why) -> FilledNotice? { product.layouts.notice(why, NoticeValues.values(product)) }

  /// `This product updates CFC-OS-2026-0042.`
  var relationLine: String? {
    guard let relation = product.relation else { return nil }
    switch relation.kind {
    case .updates: return "Update. This product updates \(relation.serial)."
    case .corrects: return "Correction. This product corrects \(relation.serial); do not use the earlier text."
    case .supersedes: return "This product takes the place of \(relation.serial)."
    }
  }

  /// `For law enforcement and corrections, statewide. Handling rules are at the end.`
  private static func audienceLine(_ product: Product) -> String? {
    let variant = product.variant
    var parts: [String] = []
    for axis in [Clause.Axis.disciplines, .organizationTypes, .sectors, .regions] {
      for clause in variant.details?.audience ?? [] where clause.axis == axis && !clause.values.isEmpty {
        parts.append(joined(clause.values.sorted().map { name(of: $0, axis, product.names) }, by: "and"))
      }
    }
    if variant.details != nil, product.isForNamedReaders { parts.append("named recipients only") }
    var line = parts.isEmpty ? "" : "For " + parts.joined(separator: ", ") + "."
    if !variant.notices.isEmpty { line += (line.isEmpty ? "" : " ") + "Handling rules are at the end." }
    return line.isEmpty ? nil : line
  }

  private static func name(
    of slug: String, _ axis: Clause.Axis, _ names: [String: [String: String]]
  ) -> String {
    let name = names[axis.rawValue]?[slug] ?? spaced(slug)
    switch axis {
    case .disciplines, .organizationTypes: return name.prefix(1).lowercased() + name.dropFirst()
    case .regions where slug == "statewide": return "statewide"
    default: return name
    }
  }

  /// `Brockton Police incident reports, three stops, 17 Nov 2026. Reliability B, credibility 1.`
  private static func words(of source: VariantSource) -> String {
    var words = source.describe.text
    while words.hasSuffix(".") { words.removeLast() }
    if let date = source.date { words += ", " + date.words }
    words += "."
    switch (source.reliability, source.credibility) {
    case (let r?, let c?): words += " Reliability \(r), credibility \(c)."
    case (let r?, nil): words += " Reliability \(r)."
    case (nil, let c?): words += " Credibility \(c)."
    case (nil, nil): break
    }
    return words
  }

  var watch: Site.Contact? { site.contacts["watch"] ?? product.contacts.first }

  /// The one fixed line of a variant that the channel cut; the only difference to the whole variant of the same set.
  var cutLine: (words: String, link: String?)? {
    guard variant.cut else { return nil }
    if let portal = product.portal {
      return (
        "You may read more of this product than this channel may carry. The rest is in the center's portal:", portal
      )
    }
    let watch = watch.map { [$0.name, $0.phone, $0.email].compactMap { $0 }.joined(separator: ", ") }
    return (
      "You may read more of this product than this channel may carry. Ask the center for the rest"
        + (watch.map { ": " + $0 + "." } ?? "."), nil
    )
  }

  /// What tells a loose sheet of paper: the serial, or DRAFT. No title: it would need a mark of its own.
  var looseLine: String { Self.inStyles(isDraft ? "DRAFT" : product.serial) }

  /// Words for a string in a style sheet: letters, digits and what serials and dates are written with.
  static func inStyles(_ words: String) -> String {
    String(words.filter { $0.isASCII && ($0.isLetter || $0.isNumber || " -,.".contains($0)) })
  }

  /// `CFC` of `CFC-OS-2026-0042`.
  var monogram: String { String(site.serialPrefix.prefix(4)) }

  /// `(U) Officer safety: pistols altered to fire automatically`.
  var subject: String {
    if product.shortTitleInHeaders, let short = variant.shortTitle { return Renderer.subject(short, serial: nil) }
    let mark = variant.scheme == .tlp ? PortionMark(trafficLight: .clear) : PortionMark(mark: .unclassified)
    return Renderer.subject(MarkedText(mark: mark, text: product.seriesName), serial: product.serial)
  }
}

/// A bulletin has few different marks and many portions: the plain ones are written once.
private struct MarkTexts {
  private var known: [(control: String, trafficLight: TrafficLight?, text: String)] = []

  mutating func text(of mark: PortionMark?) -> String? {
    guard let mark else { return nil }
    guard let value = mark.mark, value.family == .legacy, value.level == .unclassified, value.controls.count < 2,
      value.releasableTo == nil, value.displayOnly == nil, value.unknown.isEmpty
    else { return mark.text }
    let control = value.controls.first ?? ""
    for index in known.indices where known[index].control == control && known[index].trafficLight == mark.trafficLight {
      return known[index].text
    }
    let text = mark.text
    known.append((control, mark.trafficLight, text))
    return text
  }
}

/// What the texts of notices may ask for.
enum NoticeValues {
  static func values(_ product: Product) -> FieldValues {
    let (site, variant) = (product.site, product.variant)
    let watch = site.contacts["watch"] ?? product.contacts.first
    var values = FieldValues()
    values[.center] = site.name
    values[.serial] = product.serial
    values[.series] = product.seriesName
    values[.banner] = variant.banner.text
    values[.contact] = (product.contacts.first ?? watch).map(words)
    values[.expires] = product.expires.map { $0.words(in: site.zone) }
    values[.portal] = site.portal
    // LES NOFORN says it in the words of its own notice.
    if variant.banner.isNoforn, !variant.notices.contains(.lesNoforn) { values[.noforn] = "NOFORN" }
    if variant.isPrivateInPart { values[.parts] = "parts" }
    guard variant.notices.contains(.cui) else { return values }
    values[.controlledBy] = site.designation?.controlledBy ?? site.name
    values[.pointOfContact] = (site.designation.flatMap { site.contacts[$0.pointOfContact] } ?? watch).map(words)
    let marks =
      variant.marks.compactMap { $0?.mark }
      + ([variant.title] + variant.sources.map(\.describe)).compactMap { $0.mark?.mark }
    let cui = marks.filter { $0.family == .cui }
    let categories = Set(cui.flatMap(\.categories)).sorted()
    values[.categories] = categories.isEmpty ? "Basic, no category named" : categories.joined(separator: ", ")
    let controls = Set(cui.flatMap(\.disseminationControls)).sorted()
    values[.controls] = controls.isEmpty ? "none" : controls.joined(separator: ", ")
    return values
  }

  private static func words(_ contact: Site.Contact) -> String {
    [contact.name, contact.phone, contact.email].compactMap { $0 }.joined(separator: ", ")
  }
}

/// Where in a product a notice stands: SSI and PCII statements at the foot of every page.
enum NoticePlace {
  case first, last, foot
  init(_ kind: NoticeKind) {
    switch kind {
    case .ssi, .pcii: self = .foot
    default: self = .last
    }
  }
}

/// `a`, `a and b`, `a, b and c`.
func joined(_ words: [String], by conjunction: String) -> String {
  guard words.count > 1, let last = words.last else { return words.first ?? "" }
  return words.dropLast().joined(separator: ", ") + " \(conjunction) " + last
}

/// With one full stop at its end.
func sentence(_ words: String) -> String {
  guard let last = words.last else { return words }
  return ".!?".contains(last) ? words : words + "."
}

/// A slug in words: spaces for hyphens.
func spaced(_ slug: String) -> String {
  String(decoding: slug.utf8.map { $0 == 0x2D ? 0x20 : $0 }, as: UTF8.self)
}
