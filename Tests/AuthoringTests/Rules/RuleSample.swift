// A bulletin in a few words for the tests of one rule each, and the facts of the sample workspace around it.

import Authoring
import Bulletins
import Foundation
import Markings
import SiteFiles

struct RuleSample {
  var series = "officer-safety"
  var title = "(U//FOUO) Title"
  var shortTitle = "(U) Short"
  var scheme = "legacy"
  var cutoff = "2026-11-18"
  var expires = "2026-12-02"
  var sources = ["{ id: s1, describe: \"(U//FOUO) Report\" }"]
  /// Further lines of front matter, from `firstExtra` on.
  var extra: [String] = []
  var body = ""
  var template: SeriesTemplate?
  var site = SampleSite.site
  var noticeTexts = Set(NoticeKind.allCases)

  private var head: [String] {
    [
      "---", "series: \(series)", "title: \"\(title)\"", "short-title: \"\(shortTitle)\"", "scheme: \(scheme)",
      "authors: [a.okafor]", "info-cutoff: \(cutoff)", "expires: \(expires)", "contacts: [watch]", "sources:",
    ] + sources.map { "  - " + $0 }
  }
  /// Lines of the file, from 1.
  static let (seriesLine, titleLine, shortTitleLine, schemeLine, cutoffLine, expiresLine) = (2, 3, 4, 5, 7, 8)
  static let firstSource = 11
  var firstExtra: Int { head.count + 1 }
  var firstBody: Int { head.count + extra.count + 2 }

  var context: CheckContext {
    let text = (head + extra + ["---", body]).joined(separator: "\n")
    return SampleSite.context(
      Samples.read(text), file: "test.md", template: template, site: site, noticeTexts: noticeTexts)
  }

  /// `+3 error` for the third line of the body, `4 error` for a line of the front matter.
  func places(_ rule: any Rule) -> [String] {
    rule.findings(in: context).map { finding in
      let line = finding.place.line
      return (line < firstBody ? "\(line)" : "+\(line - firstBody + 1)") + " \(finding.severity.rawValue)"
    }
  }

  /// `old -> new` of every fix that replaces something; a `!` after what is not safe.
  func fixes(_ rule: any Rule) -> [String] {
    rule.findings(in: context).compactMap(\.fix).compactMap { fix in
      guard let old = fix.replacing, let new = fix.replacement else { return nil }
      return "\(old) -> \(new)" + (fix.safe ? "" : " !")
    }
  }
}

enum SampleSite {
  static let site = Site(
    id: "cfc", name: "Commonwealth Fusion Center", serialPrefix: "CFC",
    zone: TimeZone(identifier: "America/New_York") ?? .gmt,
    designation: Site.Designation(controlledBy: "CFC, Analysis Section", pointOfContact: "watch"),
    contacts: Dictionary(
      uniqueKeysWithValues: ["watch", "analysis", "cyber", "infrastructure", "privacy"].map { ($0, .init(name: $0)) }),
    feedback: ["standard": .init(text: "Tell us")], reporting: ["standard": .init(text: "Call 911")])

  /// What the shipped policy comes to.
  static let order: AtomOrder = {
    let category = Atom.category
    let fouo: Set<Atom> = [.fouo, .cuiBasic]
    let les = fouo.union([.les, category("LEI"), category("INV")])
    return AtomOrder(demandedBy: [
      .government: [.partner], .fouo: [.cuiBasic], .cuiBasic: [.fouo], .les: les, category("LEI"): les,
      category("INV"): les, .ssi: fouo, .pcii: fouo, .deaSensitive: les, .criminalIntelligence: les,
    ])
  }()

  static let vocabulary: CheckVocabulary = {
    var names = CheckVocabulary()
    names.series = [
      "officer-safety", "situational-awareness", "opioid-arrests", "high-profile-incident", "sar-quarterly",
      "special-event", "crime-statistics", "hate-crime",
    ]
    names.lists = ["situational-awareness-all", "officer-safety-statewide"]
    names.readers = Set(entries("stakeholders").compactMap { $0["id"]?.text })
    for entry in entries("organizations") {
      guard let id = entry["id"]?.text else { continue }
      names.organizations[id] = Set(entry["may-originate"]?.list?.compactMap(\.text) ?? [])
    }
    names.topics = slugs("topics")
    names.statePriorities = slugs("state-priorities")
    names.sectors = slugs("sectors")
    names.disciplines = slugs("disciplines")
    names.regions = slugs("regions")
    names.organizationTypes = slugs("organization-types")
    names.countries = slugs("countries")
    return names
  }()

  static func context(
    _ read: ReadBulletin, file: String, template: SeriesTemplate?, site: Site = site,
    noticeTexts: Set<NoticeKind> = Set(NoticeKind.allCases)
  ) -> CheckContext {
    CheckContext(
      file: file, bulletin: read, template: template, site: site, vocabulary: vocabulary, order: order,
      // 2026-11-22T17:00:00Z, the day as of which the samples were written.
      now: Instant(seconds: 1_795_366_800), noticeTexts: noticeTexts)
  }

  /// The sections of a shipped template; nil when the series has none.
  static func template(_ series: String) -> SeriesTemplate? {
    guard let bytes = Samples.bytes("templates/\(series)/template.yaml"), let node = try? YAMLReader.read(bytes) else {
      return nil
    }
    func texts(_ key: String) -> [String] { node["sections"]?[key]?.list?.compactMap(\.text) ?? [] }
    return SeriesTemplate(
      series: series, name: series, code: node["code"]?.text ?? "", publicName: series,
      requiredSections: texts("required"), requiredIfPresent: texts("required-if-present"),
      requiredFrontMatter: node["front-matter"]?.list?.compactMap(\.text) ?? [])
  }

  private static func slugs(_ name: String) -> Set<String> {
    let records = (try? CSVReader.records(Samples.bytes("templates/vocab/\(name).csv") ?? [])) ?? []
    return Set(records.dropFirst().compactMap(\.fields.first))
  }

  /// The maps of the only list in a file.
  private static func entries(_ name: String) -> [Node] {
    guard let bytes = Samples.bytes("distribution-lists/\(name).yaml"), let node = try? YAMLReader.read(bytes) else {
      return []
    }
    return node.list ?? node.map?.compactMap(\.value.list).first ?? []
  }
}
