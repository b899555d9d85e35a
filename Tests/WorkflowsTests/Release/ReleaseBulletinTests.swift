// What a release writes: serials without gaps, a row for every reader of the push set, and all of it or nothing.

import Bulletins
import Distribution
import Foundation
import Markings
import Outbox
import Store
import StoreSQLite
import Testing
import Workflows

@Suite struct ReleaseBulletinTests {
  @Test func oneRowForEveryReaderOfThePushSet() throws {
    let site = try SmallSite()
    let summary = try site.release(try site.bulletin())
    #expect(summary.serial == "CFC-BR-2026-0001")
    let rows = try site.rows(summary.serial)
    // Suspended readers are in no push set; everybody else of the list has a row.
    #expect(
      Set(rows.keys) == [
        "boss", "deputy", "officer", "clerk", "plain", "lapsed", "portal-only", "firm", "textual",
      ])
    #expect(summary.readers == rows.count)
    for reader in ["boss", "deputy", "officer", "clerk", "textual"] {
      #expect(rows[reader]?.state == .pending && rows[reader]?.kind == .variant && rows[reader]?.reasons == [])
    }
    #expect(rows["clerk"]?.variant != rows["officer"]?.variant)
    #expect(rows["boss"]?.variant == rows["officer"]?.variant)
    for reader in ["lapsed", "portal-only", "firm"] {
      #expect(rows[reader]?.state == .withheld && rows[reader]?.variant == nil)
      #expect(rows[reader]?.reasons.isEmpty == false, "\(reader)")
      #expect(rows[reader]?.words.count == rows[reader]?.reasons.count)
    }
    #expect(rows["portal-only"]?.reasons == ["no-channel"] && rows["portal-only"]?.channel == DeliveryChannel.none)
    #expect(rows["firm"]?.reasons.contains("atom(GOV)") == true)
    let lapsed = try #require(rows["lapsed"])
    #expect(zip(lapsed.reasons, lapsed.words).contains { $0 == "atom(FOUO)" && $1.contains("nda") })
    // By a plain relay entry nothing of the required section may go: a notice goes in its place.
    #expect(rows["plain"]?.channel == .emailPlain)
    #expect(rows["plain"]?.kind == .notice && rows["plain"]?.state == .pending)
    #expect(summary.withheld.values.reduce(0, +) == 3)
    #expect(summary.lines.map(\.readers).reduce(0, +) == 6)
    for row in rows.values {
      #expect(row.policyVersion == "2")
      #expect(row.decisionHash.count == 32)
    }
    #expect(try site.audit().map(\.action) == ["release"])
  }

  @Test func everyReaderOfTheSampleListsHasARow() throws {
    let scratch = try ScratchFolder()
    let folder = scratch.path + "/w"
    _ = try InitWorkspace.run(folder: folder, kit: try #require(Kit(root: Repository.root)), sample: true)
    let files = FolderOnDisk(root: folder)
    let workspace = try WorkspaceLoading.load(files, settings: try WorkspaceLoading.settings(files))
    let store = try SQLStore(driver: try SQLiteDriver(path: folder + "/var/revere.db"), at: 0)
    let stem = "situational-awareness-false-contractors"
    let file = try BulletinFile.load(
      name: stem + ".md", path: stem, folder: FolderOnDisk(root: folder + "/bulletins"),
      settings: workspace.readerSettings())
    let summary = try ReleaseBulletin.run(
      file, in: workspace, order: ReleaseOrder(by: "p.munroe", acceptedRules: ["D02"]),
      carriers: Carriers(relay: .emailTLS), store: store,
      now: SmallSite.noon)
    let (revision, _) = RevisionBuilding.revision(file, in: workspace, now: SmallSite.noon)
    let decider = Decider(
      revision: revision, policy: workspace.policy, site: workspace.site, vocabulary: workspace.vocabulary.vocabulary)
    let planned = PushPlanner(
      decider, lists: workspace.lists.lists.map(\.list), carriers: Carriers(relay: .emailTLS)
    ).rows(workspace.lists.readers(), now: SmallSite.noon)
    var rows: [String: DeliveryRecord] = [:]
    try store.read { session in
      try session.deliveries(release: summary.release, states: []) {
        rows[$0.reader] = $0
        return true
      }
    }
    #expect(rows.count == planned.count && planned.count > 100)
    for plan in planned {
      let row = try #require(rows[plan.reader.id])
      #expect(Set(row.reasons) == Set(plan.decision.reasons.map(\.machine)))
      #expect((row.state == .withheld) == !plan.decision.reasons.isEmpty)
    }
  }

  @Test func serialsOfUpdatesAndCorrections() throws {
    let site = try SmallSite()
    var bulletin = BulletinText()
    func next(_ kind: ReleaseKind, _ stem: String = "visor") throws -> String {
      bulletin.detail? += " More."
      return try site.release(
        try site.bulletin(bulletin, named: stem), ReleaseOrder(by: "boss", kind: kind)
      ).serial
    }
    #expect(try next(.release) == "CFC-BR-2026-0001")
    #expect(try next(.update) == "CFC-BR-2026-0001-U1")
    #expect(try next(.release, "other") == "CFC-BR-2026-0002")
    #expect(try next(.correction) == "CFC-BR-2026-0001-C1")
    #expect(try next(.update) == "CFC-BR-2026-0001-U2")
    #expect(try next(.correction, "other") == "CFC-BR-2026-0002-C1")
    let versions = try site.store.read { try $0.releases(bulletin: "visor") }
    #expect(versions.map(\.version) == [1, 2, 3, 4])
    #expect(versions.map(\.predecessor) == [nil] + versions.dropLast().map(\.id))
    bulletin.series = "alarm"
    bulletin.front = ["urgency: routine"]
    #expect(try next(.release, "third") == "CFC-AL-2026-0001")
  }

  @Test func aVersionKeepsItsNumberInAnotherSeries() throws {
    let site = try SmallSite()
    let routine: (inout BulletinText) -> Void = { $0.front = ["urgency: routine"] }
    try site.release(try site.bulletin(BulletinText(routine)))
    let moved = BulletinText {
      routine(&$0)
      $0.series = "alarm"
    }
    try site.release(try site.bulletin(moved, named: "other"))
    let update = try site.release(try site.bulletin(moved), ReleaseOrder(by: "boss", kind: .update))
    #expect(update.serial == "CFC-BR-2026-0001-U1")
    let third = try site.release(
      try site.bulletin(
        BulletinText {
          $0.series = "alarm"
          $0.front = ["urgency: routine"]
          $0.detail? += " y."
        },
        named: "other"), ReleaseOrder(by: "boss", kind: .update))
    #expect(third.serial == "CFC-AL-2026-0001-U1")
  }

  @Test func theYearIsThatOfTheSite() throws {
    let site = try SmallSite()
    let long: (inout BulletinText) -> Void = { $0.front = ["urgency: routine"] }
    var text = BulletinText(long).text.replacingOccurrences(of: "expires: 2026-12-20", with: "expires: 2027-12-20")
    // Half past four in the morning of 1 January in Greenwich is the old year at the center.
    let night = Instant(seconds: 1_798_777_800)
    try site.write("bulletins/night.md", text)
    #expect(try site.release(try site.load("night"), now: night).serial == "CFC-BR-2026-0001")
    text = text.replacingOccurrences(of: "blades", with: "knives")
    try site.write("bulletins/day.md", text)
    #expect(
      try site.release(try site.load("day"), now: Instant(seconds: night.seconds + 3_600)).serial
        == "CFC-BR-2027-0001")
  }

  @Test func aVersionThatFollowsStopsWhatHasNotGoneOut() throws {
    let site = try SmallSite()
    let first = try site.release(try site.bulletin()).serial
    let update = try site.release(
      try site.bulletin(BulletinText { $0.detail? += " More." }), ReleaseOrder(by: "boss", kind: .correction))
    let before = try site.rows(first)
    #expect(before.values.allSatisfy { $0.state == .cancelled || $0.state == .withheld })
    #expect(before["officer"]?.state == .cancelled)
    #expect(try site.rows(update.serial)["officer"]?.state == .pending)
  }

  @Test func aFullDiskLeavesNothing() throws {
    let site = try SmallSite()
    let file = try site.bulletin()
    try site.store.close()
    var pages = 60
    var refused = 0
    while true {
      let tight = try SQLStore(
        driver: try SQLiteDriver(
          path: site.folder + "/var/revere.db", settings: SQLiteDriver.Settings(maximumPages: pages)), at: 0)
      defer { try? tight.close() }
      do {
        let summary = try ReleaseBulletin.run(
          file, in: try site.workspace(), order: ReleaseOrder(by: "boss", acceptedRules: ["D02"]),
          carriers: site.carriers, store: tight,
          now: SmallSite.noon)
        #expect(summary.serial == "CFC-BR-2026-0001", "a failed release took a number")
        break
      } catch let error as StoreError {
        #expect(error.code == .full)
        refused += 1
        #expect(try tight.read { try $0.releases(limit: 10) }.isEmpty)
        #expect(try tight.read { try $0.currentSnapshot() } == nil)
      }
      pages += 40
      guard pages < 10_000 else {
        Issue.record("never enough room")
        break
      }
    }
    #expect(refused > 0)
  }

  @Test func aLayoutThatCannotBeUsedTakesNoNumber() throws {
    let site = try SmallSite()
    let file = try site.bulletin()
    let path = "templates/layouts/product.html.mustache"
    let good = try site.files.read(path, limit: 1 << 20)
    try site.write(path, "{{#open}} no end")
    let workspace = try WorkspaceLoading.load(site.files, settings: try WorkspaceLoading.settings(site.files))
    #expect(workspace.hasErrors)
    #expect(throws: ReleaseRefusal.self) {
      try ReleaseBulletin.run(
        file, in: workspace, order: ReleaseOrder(by: "boss"), carriers: site.carriers, store: site.store,
        now: SmallSite.noon)
    }
    #expect(try site.releases().isEmpty)
    #expect(try site.audit().isEmpty)
    try site.files.write(good, to: path)
    #expect(try site.release(file).serial == "CFC-BR-2026-0001")
  }

  @Test func holdAndWindowDelayTheFirstMessage() throws {
    let site = try SmallSite()
    try site.settings(extra: "delivery: { hold: { routine: 60s } }")
    let serial = try site.release(try site.bulletin()).serial
    let release = try #require(try site.releases().first)
    #expect(release.serial == serial)
    #expect(release.startsAt == Moment(seconds: SmallSite.noon.seconds + 60))
    // The last second of 20 December at the center.
    #expect(release.lifetimeEnd == Moment(seconds: 1_797_829_200))
    let later = try site.bulletin(BulletinText { $0.front = ["not-before: 2026-11-25"] }, named: "later")
    try site.release(later)
    let second = try #require(try site.releases().first { $0.bulletin == "later" })
    #expect(second.startsAt == Moment(seconds: 1_795_582_800))
  }

  @Test func theSnapshotIsWhatWasReleasedWith() throws {
    let site = try SmallSite()
    try site.release(try site.bulletin())
    let number = try #require(try site.releases().first?.snapshot)
    let snapshot = try #require(try site.store.read { try $0.snapshot(number) })
    let names = Set(snapshot.files.map(\.name))
    #expect(
      names.isSuperset(of: [
        "revere.yaml", "distribution-lists/stakeholders.yaml", "distribution-lists/release-policy.yaml",
        "distribution-lists/lists/everybody.yaml", "templates/brief/template.yaml", "templates/vocab/regions.csv",
        "templates/layouts/product.html.mustache",
      ]))
    try site.release(try site.bulletin(BulletinText { $0.detail? += " x." }, named: "other"))
    #expect(Set(try site.releases().compactMap(\.snapshot)) == [number])
  }
}
