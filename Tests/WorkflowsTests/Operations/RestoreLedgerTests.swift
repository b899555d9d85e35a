// A copy is marked before it is put in place: serials move on and never back, a changed audit log is refused.

import Foundation
import Outbox
import Store
import StoreSQLite
import Testing
import Workflows

@Suite struct RestoreLedgerTests {
  private let folder: URL
  private let store: SQLStore
  private let driver: SQLiteDriver
  private let now = Moment(seconds: 1_795_363_200)

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "revere-restore-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    driver = try SQLiteDriver(path: folder.appending(path: "revere.db").path(percentEncoded: false))
    store = try SQLStore(driver: driver, at: 0)
  }

  @Test func serialsMoveOnAndNeverBack() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try store.write { session in
      for _ in 0..<5 { _ = try session.allocateNumber(series: "a", year: 2026) }
      _ = try session.allocateNumber(series: "b", year: 2026)
    }
    let ledger = try RestoreLedger.mark(
      store,
      counters: [
        SerialCounter(series: "a", year: 2026, last: 3), SerialCounter(series: "b", year: 2026, last: 9),
        SerialCounter(series: "b", year: 2025, last: 4),
      ], by: "ops", at: now, copy: "copy.db")
    #expect(ledger.advanced.map(\.last) == [9, 4] && ledger.releases == 0 && ledger.rows == 0)
    #expect(try store.write { try $0.allocateNumber(series: "a", year: 2026) } == 6)
    #expect(try store.write { try $0.allocateNumber(series: "b", year: 2026) } == 10)
    #expect(try store.read { try $0.pauses() }.map(\.scope) == [.halt])
    #expect(try store.read { try $0.verifyAudit() } == 3)
  }

  @Test func theAgeOfTheCopyIsThatBeforeItWasMarked() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try store.write { try $0.audit(actor: "a", action: "release", subject: "s", detail: "", at: now) }
    let ledger = try RestoreLedger.mark(
      store, counters: [SerialCounter(series: "a", year: 2026, last: 3)], by: "ops", at: now + .hours(2),
      copy: "copy.db")
    #expect(ledger.newest == now)
  }

  @Test func aChangedAuditLogIsRefused() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try store.write { session in
      for word in ["a", "b"] { try session.audit(actor: word, action: word, subject: word, detail: word, at: now) }
    }
    try driver.withConnection { connection in
      try connection.run(
        script: "DROP TRIGGER audit_update; UPDATE audit SET actor = 'somebody else' WHERE id = 1")
    }
    let error = #expect(throws: StoreError.self) {
      try RestoreLedger.mark(store, counters: [], by: "ops", at: now, copy: "copy.db")
    }
    #expect(error?.code == .auditBroken)
    #expect(try store.read { try $0.pauses() }.isEmpty)
  }
}
