// The dissemination record: who got it or may have, by what lists, and who released it.

import Bulletins
import Outbox
import Store
import Testing
import Workflows

@Suite struct DisseminationRecordTests {
  private func entries(_ site: SmallSite, _ name: String) throws -> [String: DisseminationEntry] {
    var found: [String: DisseminationEntry] = [:]
    try DisseminationRecord.entries(of: name, version: 1, in: site.store) { found[$0.reader] = $0 }
    return found
  }

  /// A relay that took a message and never said so: the record tells as much as a recall does.
  @Test func aCopyOfWhichNobodyKnows() throws {
    let site = try SmallSite()
    try site.resendsWhenUncertain()
    let serial = try site.release(try site.bulletin()).serial
    let attempt = try Attempt(site)
    let rows = try attempt.claim().filter { ["officer", "boss", "clerk", "deputy"].contains($0.reader) }
    let events: [String: DeliveryEvent] = ["officer": .lose, "boss": .accept, "clerk": .defer]
    try site.store.write { session in
      _ = try session.begin(rows.map(\.id), worker: "w", now: attempt.now)
      _ = try session.record(
        rows.compactMap { row in
          events[row.reader].map {
            DeliveryOutcome(row, begun: true, event: $0, at: attempt.now, nextAttempt: attempt.now + .minutes(5))
          }
        }, worker: "w")
      _ = try session.handBack(worker: "w")
    }
    // Before and after its second copy is cancelled.
    var told: Set<String> = []
    for state in [DeliveryState.deferred, .cancelled] {
      if state == .cancelled { told = Set(try site.rows(release: site.end(serial).release).keys) }
      let found = try entries(site, serial)
      let officer = try #require(found["officer"])
      #expect(officer.delivery.state == state && officer.copy == .perhaps && officer.sentAt == nil)
      #expect(officer.lacksAcknowledgement)
      #expect(found["clerk"]?.delivery.state == state && found["clerk"]?.copy == .no)
      #expect(found["clerk"]?.lacksAcknowledgement == (state == .deferred))
      #expect(found["boss"]?.copy == .yes && found["boss"]?.sentAt == attempt.now)
      // On the wire.
      #expect(found["deputy"]?.copy == .perhaps && found["deputy"]?.sentAt == attempt.now)
    }
    // The recall goes to exactly those of whom the record says so.
    #expect(told == ["officer", "boss", "deputy"])
  }

  /// Need to know and right to know: by which list, by whose decision. As it was then, whatever the lists say now.
  @Test func whatBroughtThemAndWhoReleasedIt() throws {
    let site = try SmallSite()
    let serial = try site.release(
      try site.bulletin(), ReleaseOrder(by: "boss", second: "deputy", reason: "patrols ask")
    ).serial
    try site.list(except: "officer")
    let found = try entries(site, serial)
    for reader in ["officer", "boss", "lapsed", "portal-only"] {
      let entry = try #require(found[reader])
      #expect(entry.broughtBy == ["list(everybody)"], "\(reader)")
      #expect(entry.release.by == "boss" && entry.release.second == "deputy" && entry.release.reason == "patrols ask")
    }
    // The recall goes to who holds it, not by a list.
    try Attempt(site).settle(["officer": .accept])
    try site.end(serial)
    var recalled: [DisseminationEntry] = []
    try DisseminationRecord.entries(of: serial, in: site.store) { if $0.event == .recall { recalled.append($0) } }
    #expect(recalled.map(\.reader) == ["officer"] && recalled[0].broughtBy.isEmpty)
    #expect(recalled[0].delivery.reasons == ["was-sent(\(serial))"])
  }

  @Test func readersWhomTheBulletinNames() throws {
    let site = try SmallSite()
    let serial = try site.release(try site.bulletin(BulletinText { $0.front = ["to: [officer, clerk]"] })).serial
    let found = try entries(site, serial)
    #expect(found.keys.sorted() == ["clerk", "officer"] && found.values.allSatisfy { $0.broughtBy == ["to"] })
  }
}
