// The eight sample bulletins against the sample readers, with every proposal decided: what their README says of them.

import Authoring
import Bulletins
import Foundation
import Markings
import TestSupport
import Testing

@testable import Distribution

@Suite struct SampleBulletinTests {
  static let lists: SiteLists? = (try? SampleSite.listFiles()).map {
    SiteListsLoader.load($0, vocabulary: Shipped.vocabulary)
  }

  static let sections: [String: (required: [String], ifPresent: [String])] = [
    "officer-safety": (
      [
        "Bottom line", "Threat", "Indicators", "Recommended action", "Source summary", "Reporting",
        "Privacy and civil rights",
      ], ["Person to look out for"]
    ),
    "situational-awareness": (
      [
        "Bottom line", "Timeline", "What is known", "What is not known", "Source summary", "Reporting", "Next update",
        "Privacy and civil rights",
      ], []
    ),
    "high-profile-incident": (
      [
        "Bottom line", "Timeline", "What is known", "What is not known", "Intelligence gaps", "Source summary",
        "Reporting", "Next update", "Privacy and civil rights",
      ], []
    ),
    "opioid-arrests": (
      ["Bottom line", "Statistics", "Method and limits", "Source summary", "Privacy and civil rights"], []
    ),
    "sar-quarterly": (
      [
        "Bottom line", "Statistics", "Key judgments", "Method and limits", "Source summary", "Reporting",
        "Privacy and civil rights",
      ], []
    ),
    "special-event": (
      [
        "Bottom line", "Threat", "Indicators", "Recommended action", "Key judgments", "Statistics",
        "Intelligence gaps", "Source summary", "Reporting", "Privacy and civil rights",
      ], []
    ),
    "crime-statistics": (
      ["Bottom line", "Statistics", "Method and limits", "Source summary", "Privacy and civil rights"], []
    ),
    "hate-crime": (
      [
        "Bottom line", "Incidence", "By city or town and by type of bias", "By criminal act", "By target and injury",
        "Victims", "Offenders", "Weapons", "Trends", "Method and limits", "Source summary",
        "Privacy and civil rights",
      ], []
    ),
  ]

  static func decider(_ name: String) throws -> Decider {
    @Sendable func bytes(_ name: String) -> [UInt8]? {
      let bytes = Shipped.file("templates/sample/bulletins/\(name)").bytes
      return bytes.isEmpty ? nil : bytes
    }
    let settings = ReaderSettings(registry: Shipped.registry, zone: Shipped.zone, chartData: { bytes($0) })
    let read = BulletinReader.read(try #require(bytes(name + ".md")), file: name + ".md", settings: settings)
    #expect(read.document.faults.isEmpty)
    let front = read.document.frontMatter
    let section = try #require(sections[front.series])
    let decisions = RecordedDecisions(
      publicRelease: front.publicRelease, privateRelease: front.privateRelease,
      foreignRelease: Set(front.foreignRelease), consents: Set(front.sources.map(\.id)))
    return Decider(
      revision: Revision(
        bulletin: name, hash: "", document: read.document,
        template: SeriesTemplate(
          series: front.series, name: front.series, code: "X", publicName: "Bulletin",
          requiredSections: section.required, requiredIfPresent: section.ifPresent), decisions: decisions),
      policy: Shipped.policy, site: Shipped.site, vocabulary: Shipped.vocabulary)
  }

  @Test(arguments: [
    ("crime-statistics-2026-9m", 0), ("hate-crime-2025", 0), ("high-profile-incident-worcester-terminal", 0),
    ("officer-safety-conversion-devices", 21), ("opioid-arrests-2026-q3", 46), ("sar-quarterly-2026-q3", 46),
    ("situational-awareness-false-contractors", 0), ("special-event-first-night-boston", 0),
  ])
  func hollowOnlyWhereTheDesignIntendsIt(_ name: String, _ count: Int) throws {
    let decider = try Self.decider(name)
    let round = decider.round(at: Shipped.noon)
    var hollow = 0
    for reader in try #require(Self.lists).readers() {
      let decision = round.decide(reader, Endpoint(.portal), words: false)
      // Readers who meet at least the short title, and yet find a section hollow.
      if decision.reasons.contains(where: { $0.code == .hollow }),
        round.met(reader).contains(Document.shortTitlePortion)
      {
        hollow += 1
      }
    }
    #expect(hollow == count)
  }
}
