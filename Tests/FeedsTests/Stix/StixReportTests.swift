// What a bulletin becomes in STIX 2.1. Whether it is valid is for the validators of Tests/Content/test_stix.py.

import Crypto
import Feeds
import Foundation
import Markings
import Testing

struct StixReportTests {
  private func report(_ item: FeedItem) throws -> StixReport {
    let object = try #require(StixSamples.reports.entries(item).last?.object)
    guard case .report(let report) = object else { throw NoReport() }
    return report
  }
  private struct NoReport: Error {}

  private func names(_ item: FeedItem) throws -> [String] { try names(report(item).markings) }

  private func names(_ markings: [String]) -> [String] {
    markings.compactMap { id -> String? in
      guard case .marking(let marking)? = StixSamples.support.entry(id)?.object else { return nil }
      return marking.name
    }.sorted()
  }

  @Test func aVariantIsAReportOfItsOwn() {
    let whole = StixSamples.item(1, labels: ["FOUO", "LES"])
    let lower = StixSamples.item(1, labels: ["FOUO"])
    let updated = StixSamples.item(1, version: 2, at: StixSamples.noon + 5_000, labels: ["LES", "FOUO", "LES"])
    let id = StixSamples.reports.id(whole)
    #expect(id != StixSamples.reports.id(lower))
    #expect(id == StixSamples.reports.id(updated))
    #expect(id != StixSamples.reports.id(StixSamples.item(2, labels: ["FOUO", "LES"])))
    // Another site's key, another id: nobody can work it out.
    let other = StixIdentifiers.Key(SymmetricKey(data: Data(repeating: 8, count: 32)))
    #expect(StixIdentifiers.report(bulletin: whole.id, labels: whole.labels, key: other) != id)
    // Lists that would be equal if they were only strung together.
    #expect(
      StixIdentifiers.report(bulletin: "a", labels: ["b", "c"], key: other)
        != StixIdentifiers.report(bulletin: "a", labels: ["bc"], key: other))
  }

  @Test func aBulletinIsFoundByTheBeginningOfItsReportsIDs() {
    let one = StixSamples.item(1, labels: ["FOUO"])
    let tag = StixIdentifiers.tag(bulletin: one.id, key: StixSamples.key)
    for labels in [["FOUO"], ["LES"], []] {
      let id = StixSamples.reports.id(StixSamples.item(1, labels: labels))
      #expect(StixIdentifiers.tag(report: id) == tag)
    }
    #expect(StixIdentifiers.tag(report: StixSamples.reports.id(StixSamples.item(2))) != tag)
    for id in ["", "report--", "identity--" + one.id, "report--" + String(repeating: "é", count: 18)] {
      #expect(StixIdentifiers.tag(report: id) == nil)
    }
  }

  @Test func idsHaveTheFormOfVersion4() throws {
    let form = try Regex("[a-z-]+--[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
    for entry in StixSamples.support.entries + StixSamples.variety.flatMap(StixSamples.reports.entries) {
      #expect(entry.object.id.wholeMatch(of: form) != nil, "\(entry.object.id)")
      #expect(entry.object.id.hasPrefix(entry.object.type + "--"))
    }
  }

  @Test func everyEndIsRevoked() throws {
    for standing in FeedItem.Standing.allCases {
      #expect(try report(StixSamples.item(1, standing: standing)).revoked == (standing == .live ? nil : true))
    }
  }

  @Test func timesHaveMillisecondsAndFollowThePosition() throws {
    let made = try report(StixSamples.item(1, at: StixSamples.noon + 1_234_567))
    #expect(made.modified == "2026-11-22T17:00:01.234Z")
    #expect(made.created == "2026-11-22T16:59:00.000Z")
    #expect(made.published == made.created)
    // A position before the release makes no report that was modified before it was created.
    let early = try report(StixSamples.item(1, at: StixSamples.noon - 3_600_000_000))
    #expect(early.created == early.modified)
  }

  @Test func aChangedSetOfLabelsEndsTheReportBefore() throws {
    let entries = StixSamples.reports.entries(StixSamples.variety[1])
    #expect(entries.map(\.position) == [StixSamples.noon + 1_234_566, StixSamples.noon + 1_234_567])
    guard case .report(let old) = entries[0].object, case .report(let new) = entries[1].object else {
      throw NoReport()
    }
    #expect(old.id == StixSamples.reports.id(StixSamples.item(2, labels: ["FOUO"])))
    #expect(old.revoked == true && new.revoked == nil)
    // Of what was in it nothing is left.
    #expect(old.name == "Officer Safety CFC-OS-2026-2")
    #expect(old.description == "Replaced by \(new.id).")
    #expect(names(old.markings) == ["U"])
  }

  @Test func endedReportsStayBelowTheNextBulletin() {
    let many = StixSamples.item(
      1, version: 41, earlier: (0..<40).map { StixSamples.earlier("S\($0)", $0 + 1, labels: ["L\($0)"]) })
    let entries = StixSamples.reports.entries(many)
    #expect(entries.map(\.position) == Array(StixSamples.noon - StixReports.room + 1...StixSamples.noon))
    // The newest ones: those before were listed when they ended.
    #expect(entries.first?.object.id == StixSamples.reports.id(StixSamples.item(1, labels: ["L25"])))
  }

  @Test func marksBecomeDefinitions() throws {
    let variety = StixSamples.variety
    #expect(try names(variety[0]) == ["FOUO", "U"])
    // Unlike in a banner nothing hides another.
    #expect(try names(variety[1]) == ["FOUO", "LES", "NF", "TLP:AMBER", "U"])
    #expect(try names(variety[2]) == ["CUI", "CUI//LEI", "CUI//NOCON", "CUI//NOFORN", "CUI//SP-CHRI"])
    #expect(try names(variety[3]) == ["TLP:GREEN"])
    #expect(try names(variety[5]) == ["DSEN", "REL TO", "U"])
    let lights = [TrafficLight.clear, .red, .amberStrict].map { PortionMark(trafficLight: $0) }
    #expect(try names(StixSamples.item(1, marks: lights)) == ["TLP:RED"])
  }

  @Test func everyReferenceIsToAnObjectThatIsThere() throws {
    for item in StixSamples.variety {
      let report = try report(item)
      for id in report.markings + report.objects + [report.createdBy] {
        #expect(StixSamples.support.entry(id) != nil, "\(item.serial): \(id)")
      }
    }
  }

  /// An id may not stand for two objects: what is the same at every site never changes.
  @Test func sharedDefinitionsNeverChange() {
    var shared: [String: String] = [:]
    for case .marking(let marking) in StixSamples.support.entries.map(\.object) { shared[marking.name] = marking.id }
    #expect(shared["TLP:AMBER+STRICT"] == "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003")
    #expect(shared["FOUO"] == "marking-definition--e75cc681-42cb-416c-b185-bcd8235aacf0")
    #expect(shared["LES"] == "marking-definition--88720657-1662-42d2-951a-031b36cbc07f")
    #expect(shared["CUI//LEI"] == "marking-definition--fa624db6-1c06-4108-bd17-3193061d3151")
  }

  @Test func aTownIsItsCountyAndAnUnknownPlaceIsNone() throws {
    let county = StixSamples.support.entries.compactMap { entry -> String? in
      guard case .location(let place) = entry.object, place.name == "Suffolk County" else { return nil }
      return place.id
    }
    let town = FeedItem.Region(slug: "boston", name: "Boston", county: "025025")
    let nowhere = FeedItem.Region(slug: "elsewhere", name: "Elsewhere", county: "099001")
    #expect(
      try report(StixSamples.item(1, regions: [town, nowhere])).objects == [StixSamples.support.identity] + county)
  }

  @Test func supportStandsFirstEachObjectOnce() {
    let ids = StixSamples.support.entries.map(\.object.id)
    #expect(Set(ids).count == ids.count)
    let positions = StixSamples.support.entries.map(\.position)
    #expect(positions == Array(StixSamples.founded + 1...StixSamples.founded + Int64(ids.count)))
  }
}
