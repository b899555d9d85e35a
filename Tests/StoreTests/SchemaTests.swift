// The numbered schema: applied once, by whoever comes first; an older file is brought up, a newer one refused; the
// rules of a row hold against anybody.

import Outbox
import Store
import StoreSQLite
import Testing

@Suite struct SchemaTests {
  /// A change that may come one day.
  private static let next = SchemaChange(
    number: (SchemaChange.all.last?.number ?? 0) + 1, name: "next",
    sqlite: "ALTER TABLE bulletins ADD COLUMN note TEXT; CREATE TABLE notes (id INTEGER PRIMARY KEY)",
    postgres: "ALTER TABLE bulletins ADD COLUMN note TEXT; CREATE TABLE notes (id BIGINT PRIMARY KEY)")

  @Test func changesAreInOrder() {
    let numbers = SchemaChange.all.map(\.number)
    #expect(numbers.first == 1 && zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 })
    for change in SchemaChange.all {
      #expect(!change.sqlite.contains("SERIAL_KEY") && !change.postgres.contains("SERIAL_KEY"))
      #expect(!change.sqlite.contains("BIGINT") && !change.postgres.contains("STRICT"))
      #expect(!change.sqlite.contains("END_TABLE") && !change.postgres.contains("END_TABLE"))
    }
  }

  @Test(arguments: TestedDriver.allCases)
  func anOlderFileIsBroughtUp(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    let release = try bench.store.write { try Samples.enqueue(Samples.release(1), readers: 4, in: $0) }
    try SchemaChange.apply(SchemaChange.all + [Self.next], through: bench.driver, at: 5)
    try bench.run("UPDATE bulletins SET note = 'kept'; INSERT INTO notes (id) VALUES (1)")
    #expect(try bench.store.read { try $0.counts(release: release) } == [.pending: 4])
    // Again is nothing.
    try SchemaChange.apply(SchemaChange.all + [Self.next], through: bench.driver, at: 6)
  }

  /// Pulls of a ledger that did not keep what they carried stay, as words of a variant that nobody knows.
  @Test func pullsFromBeforeTheirFormsStay() throws {
    let folder = try ScratchFolder()
    let driver = try SQLiteDriver(path: folder.path("revere.db"))
    try SchemaChange.apply(SchemaChange.all.filter { $0.number < 12 }, through: driver, at: 1)
    let release = try SQLStore(asIs: driver).write { session in
      _ = try session.add(partner: "p", requestsPerMinute: 60, by: "d", at: Workbench.start)
      return try session.insert(release: Samples.release(1))
    }
    try driver.withConnection { connection in
      for values in ["'all', 2, 3, 4, 5", "'cap', 2, 3, 3, 1"] {
        try connection.run(script: "INSERT INTO feed_pulls VALUES ('p', \(release), \(values))")
      }
    }
    let store = try SQLStore(driver: driver, at: 2)
    let pulls = try store.read { try $0.pulls(release: release) }
    #expect(
      pulls == [
        PullRecord(
          partner: "p", release: release, version: 2, feed: "all", firstAt: Moment(milliseconds: 3),
          lastAt: Moment(milliseconds: 4), count: 5),
        PullRecord(
          partner: "p", release: release, version: 2, feed: "cap", firstAt: Moment(milliseconds: 3),
          lastAt: Moment(milliseconds: 3), count: 1),
      ])
    #expect(pulls.allSatisfy { $0.kind == .text && $0.variant.isEmpty && $0.banner.isEmpty })
  }

  /// Imports from before do not know why rows were left out.
  @Test func importsFromBeforeTheirReasonsStay() throws {
    let folder = try ScratchFolder()
    let driver = try SQLiteDriver(path: folder.path("revere.db"))
    try SchemaChange.apply(SchemaChange.all.filter { $0.number < 13 }, through: driver, at: 1)
    try driver.withConnection {
      try $0.run(
        script: """
          INSERT INTO data_imports VALUES
            (1, 'A', 'Records', 1, 'a.csv', '2026-10-20', 'm', 1, 2, 'f', 'm', 7, 4, 2, 1, 0)
          """)
    }
    let found = try SQLStore(driver: driver, at: 2).read { try $0.dataImports() }
    #expect(found.map(\.counts) == [DataImportCounts(mapped: 4, dropped: 2, doubled: 1)])
    #expect(found.first?.counts.underAge == nil && found.first?.counts.noSubstance == nil)
  }

  @Test(arguments: TestedDriver.allCases)
  func aNewerFileIsRefused(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    try SchemaChange.apply(SchemaChange.all + [Self.next], through: bench.driver, at: 5)
    let error = #expect(throws: StoreError.self) { try bench.another(driver) }
    #expect(error?.code == .newerSchema)
    #expect(error?.detail == "schema \(Self.next.number), this version knows \(Self.next.number - 1)")
    #expect(error?.hint.isEmpty == false && error?.place.isEmpty == false)
  }

  /// A file of another program is not written into.
  @Test func aForeignFileIsRefused() throws {
    let folder = try ScratchFolder()
    let driver = try SQLiteDriver(path: folder.path("recipes.db"))
    try driver.withConnection { try $0.run(script: "CREATE TABLE recipes (name TEXT)") }
    let error = #expect(throws: StoreError.self) { try SQLStore(driver: driver, at: 0) }
    #expect(error?.code == .foreignSchema && error?.place.isEmpty == false)
    let tables = try driver.withConnection { connection in
      let query = try connection.prepare("SELECT COUNT(*) FROM sqlite_master")
      defer { query.reset() }
      _ = try query.step()
      return query.integer(0)
    }
    #expect(tables == 1)
  }

  @Test(arguments: TestedDriver.allCases)
  func aChangeThatFailsLeavesTheFileAsItWas(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    let broken = "CREATE TABLE notes (id INTEGER PRIMARY KEY); INSERT INTO nowhere VALUES (1)"
    let change = SchemaChange(number: Self.next.number, name: "broken", sqlite: broken, postgres: broken)
    #expect(throws: StoreError.self) {
      try SchemaChange.apply(SchemaChange.all + [change], through: bench.driver, at: 5)
    }
    try SchemaChange.apply(SchemaChange.all + [Self.next], through: bench.driver, at: 6)
    try bench.run("INSERT INTO notes (id) VALUES (1)")
  }

  @Test(arguments: TestedDriver.allCases)
  func manyStartAtOnce(driver: TestedDriver) async throws {
    let folder = try ScratchFolder()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<6 {
        group.addTask {
          let store = try SQLStore(driver: try driver.open(folder), at: 1)
          _ = try store.write { try $0.allocateNumber(series: "os", year: 2026) }
        }
      }
      try await group.waitForAll()
    }
    let store = try SQLStore(driver: try driver.open(folder), at: 1)
    #expect(try store.write { try $0.allocateNumber(series: "os", year: 2026) } == 7)
  }

  /// Each would make a row that DeliveryMachine.swift cannot make.
  @Test(
    arguments: TestedDriver.allCases,
    [
      "state = 'leased'", "state = 'sent'", "state = 'accepted', next_attempt_at = NULL", "next_attempt_at = NULL",
      "lease_owner = 'x'", "lease_owner = 'x', lease_until = 5", "sending_since = 5", "attempts = -1",
      "state = 'uncertain', next_attempt_at = NULL", "variant_id = NULL", "held = ''", "second_copies = 1",
      "state = 'leased', next_attempt_at = NULL, lease_owner = 'x', lease_until = 5, sending_since = 5",
      "state = 'cancelled'", "state = 'bounced', next_attempt_at = NULL, held = 'x'", "channel = 'fax'", "lane = 3",
      "state = 'leased', next_attempt_at = NULL, lease_owner = 'x', lease_until = 5, held = 'x'", "format = 2",
      "decision_id = 99", "variant_id = 99", "release_id = 99", "reader = ''", "acknowledged_at = 5",
      "state = NULL", "reader = 'r2'",
    ])
  func rowsThatCannotBeAreRefused(driver: TestedDriver, change: String) throws {
    let bench = try Workbench(driver)
    try bench.store.write { _ = try Samples.enqueue(Samples.release(1), readers: 2, in: $0) }
    let error = #expect(throws: StoreError.self, "\(change)") {
      try bench.run("UPDATE deliveries SET \(change) WHERE reader = 'r1'")
    }
    #expect(error?.code == .constraint, "\(change)")
  }

  @Test(arguments: TestedDriver.allCases)
  func whatIsAppendedStays(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    try bench.store.write { session in
      try Samples.enqueue(Samples.release(1), readers: 1, in: session)
      for action in ["release", "pause", "resume"] {
        try session.audit(actor: "director", action: action, subject: "s", detail: "", at: bench.now)
      }
    }
    for sql in [
      "UPDATE audit SET actor = 'nobody'", "DELETE FROM audit WHERE id = 1", "UPDATE blobs SET hash = 'x'",
      "DELETE FROM revision_files", "UPDATE revisions SET hash = 'x'",
    ] {
      #expect(throws: StoreError.self, "\(sql)") { try bench.run(sql) }
    }
    // Somebody takes the trigger away first.
    if driver == .sqlite {
      try bench.run("DROP TRIGGER audit_update; UPDATE audit SET actor = 'nobody' WHERE id = 2")
      let error = #expect(throws: StoreError.self) { try bench.store.read { try $0.verifyAudit() } }
      #expect(error?.code == .auditBroken && error?.detail == "entry 2")
    }
  }
}

extension Int {
  fileprivate var asNumber: Int64 { Int64(self) }
}
