// `revere audience`: the records for machines say what Documentation/audience-json.md promises.

import Bulletins
import Distribution
import Foundation
import Markings
import Store
import Testing
import Workflows

@Suite struct PreviewAudienceTests {
  private func audience(_ site: SmallSite, _ file: BulletinFile, now: Instant = SmallSite.noon) throws
    -> PreviewAudience
  {
    let workspace = try site.workspace()
    let (revision, _) = RevisionBuilding.revision(file, in: workspace, now: now)
    let assembly = ProductAssembly(
      revision, pictures: [:], workspace: workspace, layouts: try #require(workspace.layouts))
    return PreviewAudience(assembly.decider, readers: workspace.lists.readers(), now: now)
  }

  private func records(_ site: SmallSite, _ file: BulletinFile, now: Instant = SmallSite.noon) throws -> [String:
    AudienceRecord]
  {
    var audience = try audience(site, file, now: now)
    var records: [String: AudienceRecord] = [:]
    audience.allChannels { records["\($0.reader) \($0.channel)"] = $0 }
    return records
  }

  @Test func everyReaderByEveryClass() throws {
    let site = try SmallSite()
    let records = try records(site, try site.bulletin())
    #expect(records.count == SmallSite.people.count * ChannelClass.allCases.count)
    let officer = try #require(records["officer email-tls"])
    #expect(officer.decision == "full" && !officer.cut && !officer.thin && officer.reasons == [])
    #expect(officer.banner == "UNCLASSIFIED//LES" && officer.tlp == nil && officer.title == "title")
    #expect(officer.variant?.count == 32)
    let clerk = try #require(records["clerk email-tls"])
    #expect(clerk.banner == "UNCLASSIFIED//FOUO" && clerk.title == "short-title" && clerk.variant != officer.variant)
    #expect(records["officer portal"]?.variant == officer.variant)
    let plain = try #require(records["officer email-plain"])
    #expect(plain.decision == "notice" && plain.reasons == ["channel-ceiling"] && plain.variant == nil)
    #expect(plain.banner == "UNCLASSIFIED" && plain.title == "short-title")
    let suspended = try #require(records["suspended portal"])
    #expect(suspended.decision == "withheld" && suspended.reasons == ["status"])
    #expect(suspended.banner == nil && suspended.variant == nil && suspended.title == nil)
    let lapsed = Set(try #require(records["lapsed email-tls"]).reasons)
    #expect(lapsed.isSuperset(of: ["atom(FOUO)", "hollow(bottom-line)"]))
    #expect(records["officer webhook"]?.thin == true)
    for record in records.values { #expect((record.decision == "full") == record.reasons.isEmpty) }
  }

  @Test func fieldsAreAlwaysThere() throws {
    let site = try SmallSite()
    let keys: Set<String> = [
      "reader", "channel", "decision", "cut", "thin", "variant", "banner", "tlp", "title", "reasons",
    ]
    for record in try records(site, try site.bulletin()).values {
      let object = try JSONSerialization.jsonObject(with: try JSONEncoder().encode(record)) as? [String: Any]
      #expect(Set(try #require(object).keys) == keys)
    }
  }

  @Test func outOfDateAndTooEarly() throws {
    let site = try SmallSite()
    let file = try site.bulletin(BulletinText { $0.front = ["not-before: 2026-11-23"] })
    let early = try records(site, file)
    #expect(early["officer portal"]?.reasons == ["window"])
    let late = try records(site, file, now: Instant(seconds: 1_797_829_200))
    #expect(late["officer portal"]?.decision == "notice" && late["officer portal"]?.reasons == ["expired"])
    #expect(late["lapsed portal"]?.decision == "withheld")
  }

  @Test func pushRowsAreTheLedgersRows() throws {
    let site = try SmallSite()
    let file = try site.bulletin()
    var audience = try audience(site, file)
    let rows = audience.pushRows(lists: try site.workspace().lists.lists.map(\.list), carriers: site.carriers)
    let previewed = Dictionary(uniqueKeysWithValues: rows.map { ($0.reader.id, audience.record($0)) })
    let ledger = try site.rows(try site.release(file).serial)
    #expect(Set(previewed.keys) == Set(ledger.keys))
    for (reader, row) in ledger {
      let record = try #require(previewed[reader])
      #expect(record.channel == row.channel.rawValue)
      #expect(Set(record.decision == "withheld" ? record.reasons : []) == Set(row.reasons))
      if record.decision == "full" { #expect(row.variant?.hasPrefix(record.variant ?? "?") == true) }
    }
  }
}
