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

  var variant: Variant { product.variant }
  var site: Site { product.site }

  init(_ product: Product) {
    self.product = product
    var known: [PortionMark: String] = [:]
    marks = product.variant.marks.map { mark in
      guard let mark else { return nil }
      if let text = known[mark] { return text }
      let text = mark.text
      known[mark] = text
      return text
    }
    sourceNumbers = Dictionary(product.variant.sources.map { ($0.id, $0.number) }) { first, _ in first }
    footnoteNumbers = Dictionary(product.variant.footnotes.map { ($0.label, $0.number) }) { first, _ in first }
  }

  func mark(of portion: Int?) -> String? {
    guard let portion, marks.indices.contains(portion) else { return nil }
    return marks[portion]
  }
  /// nil: the variant does not list it, and the reference goes too.
  func number(ofSource id: String) -> Int? { sourceNumbers[id] }
  func number(ofFootnote label: String) -> Int? { footnoteNumbers[label] }

  var isDraft: Bool { product.releasedAt == nil }

  /// `Released 22 Nov 2026, 02:14 EST`.
  var releaseLine: String {
    product.releasedAt.map { "Released " + ZonedTime($0, in: site.zone).text } ?? "Draft, not released"
  }
  var cutoffLine: String? { product.infoCutoff.map { "Information as of " + $0.words(in: site.zone) } }
  var expiryLine: String? { product.expires.map { "Expires " + $0.words(in: site.zone) } }

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
  var audienceLine: String? {
    var parts: [String] = []
    for axis in [Clause.Axis.disciplines, .organizationTypes, .sectors, .regions] {
      for clause in variant.details?.audience ?? [] where clause.axis == axis && !clause.values.isEmpty {
        parts.append(joined(clause.values.sorted().map { name(of: $0, axis) }, by: "and"))
      }
    }
    var line = parts.isEmpty ? "" : "For " + parts.joined(separator: ", ") + "."
    if !variant.notices.isEmpty { line += (line.isEmpty ? "" : " ") + "Handling rules are at the end." }
    return line.isEmpty ? nil : line
  }

  private func name(of slug: String, _ axis: Clause.Axis) -> String {
    let name = product.names[axis.rawValue]?[slug] ?? slug.replacing("-", with: " ")
    switch axis {
    case .disciplines, .organizationTypes: return name.prefix(1).lowercased() + name.dropFirst()
    case .regions where slug == "statewide": return "statewide"
    default: return name
    }
  }

  /// `Brockton Police incident reports, three stops, 17 Nov 2026. Reliability B, credibility 1.`
  func words(of source: VariantSource) -> String {
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

  /// `SSI` and `PCII` statements stand at the foot of every page, the CUI designation indicator first.
  func notices(_ place: NoticePlace) -> [FilledNotice] {
    let values = noticeValues
    return variant.notices.filter { NoticePlace($0) == place }.compactMap { kind in
      var own = values
      own["reason"] = product.reasons[kind].map(sentence)
      return product.layouts.notice(kind, own)
    }
  }

  func words(of why: Layouts.Why) -> FilledNotice? { product.layouts.notice(why, noticeValues) }

  private var noticeValues: [String: String] {
    var values = [
      "center": site.name, "serial": product.serial, "series": product.seriesName, "banner": variant.banner.text,
    ]
    if let contact = product.contacts.first ?? watch {
      values["contact"] = [contact.name, contact.phone, contact.email].compactMap { $0 }.joined(separator: ", ")
    }
    values["expires"] = product.expires.map { $0.words(in: site.zone) }
    values["portal"] = site.portal
    values["controlledBy"] = site.designation?.controlledBy ?? site.name
    let point = site.designation.flatMap { site.contacts[$0.pointOfContact] } ?? watch
    values["pointOfContact"] = point.map { [$0.name, $0.phone, $0.email].compactMap { $0 }.joined(separator: ", ") }
    let printedMarks =
      variant.marks.compactMap { $0?.mark }
      + ([variant.title] + variant.sources.map(\.describe)).compactMap { $0.mark?.mark }
    let cui = printedMarks.filter { $0.family == .cui }
    let categories = Set(cui.flatMap(\.categories)).sorted()
    values["categories"] = categories.isEmpty ? "Basic, no category named" : categories.joined(separator: ", ")
    let controls = Set(cui.flatMap(\.disseminationControls)).sorted()
    values["controls"] = controls.isEmpty ? "none" : controls.joined(separator: ", ")
    return values
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

/// Where in a product a notice stands.
enum NoticePlace {
  case first, last, foot
  init(_ kind: NoticeKind) {
    switch kind {
    case .cui: self = .first
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
