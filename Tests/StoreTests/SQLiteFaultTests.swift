// Files that are locked, full, corrupt, read-only, moved or no database: each ends with its own fact, and nothing is
// left half done.

import Foundation
import Outbox
import Store
import StoreSQLite
import Synchronization
import Testing

@Suite struct SQLiteFaultTests {
  private func open(_ folder: ScratchFolder, _ settings: SQLiteDriver.Settings = .init()) throws -> SQLStore {
    try SQLStore(driver: SQLiteDriver(path: folder.path("revere.db"), settings: settings), at: 0)
  }

  private func integrity(_ folder: ScratchFolder) throws -> String {
    try SQLiteDriver(path: folder.path("revere.db")).withConnection { connection in
      let check = try connection.prepare("PRAGMA integrity_check")
      defer { check.reset() }
      _ = try check.step()
      return check.text(0)
    }
  }

  @Test func commitsAreDurable() throws {
    let folder = try ScratchFolder()
    try SQLiteDriver(path: folder.path("revere.db")).withConnection { connection in
      for (pragma, value) in [("journal_mode", "wal"), ("synchronous", "2"), ("foreign_keys", "1")] {
        let statement = try connection.prepare("PRAGMA \(pragma)")
        _ = try statement.step()
        #expect(statement.text(0) == value)
        statement.reset()
      }
    }
  }

  @Test func aLockedFile() throws {
    let folder = try ScratchFolder()
    let holder = try SQLiteDriver(path: folder.path("revere.db"))
    _ = try SQLStore(driver: holder, at: 0)
    let store = try open(folder, .init(busySeconds: 0.05))
    try holder.withConnection { connection in
      try connection.run(script: "BEGIN IMMEDIATE")
      let error = #expect(throws: StoreError.self) {
        try store.write { try $0.allocateNumber(series: "os", year: 2026) }
      }
      #expect(error?.code == .locked && error?.place == folder.path("revere.db") && error?.hint.isEmpty == false)
      // Readers do not wait for the writer.
      #expect(try store.read { try $0.releases(limit: 1) }.isEmpty)
      try connection.run(script: "ROLLBACK")
    }
    #expect(try store.write { try $0.allocateNumber(series: "os", year: 2026) } == 1)
  }

  /// A file of which no log is there yet wants to be had alone: whoever holds it is told of after one wait, not many.
  @Test func aFileThatIsLockedBeforeItIsOpened() throws {
    let folder = try ScratchFolder()
    try SQLStore(driver: SQLiteDriver(path: folder.path("revere.db")), at: 0).close()
    let holder = try SQLiteDriver(path: folder.path("revere.db"))
    try holder.withConnection { connection in
      try connection.run(script: "PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE")
      let error = #expect(throws: StoreError.self) { try open(folder, .init(busySeconds: 0.05)) }
      #expect(error?.code == .locked)
      try connection.run(script: "ROLLBACK")
    }
    _ = try open(folder)
  }

  /// A worker that commits without a pause must not keep a pause or a release of another process waiting.
  @Test func aBusyWriterLetsOthersIn() async throws {
    let folder = try ScratchFolder()
    let busy = try open(folder)
    let other = try open(folder, .init(busySeconds: 5))
    let done = Mutex(false)
    async let commits: Void = {
      while !done.withLock({ $0 }) {
        try busy.write { for _ in 0..<20 { _ = try $0.allocateNumber(series: "busy", year: 2026) } }
      }
    }()
    let numbers = Result {
      try (0..<20).map { _ in try other.write { try $0.allocateNumber(series: "os", year: 2026) } }
    }
    done.withLock { $0 = true }
    try await commits
    #expect(try numbers.get() == Array(1...20))
  }

  /// With a million rows waiting, a claim reads its own rows alone, in order, and a worker's look-ups none too many.
  @Test(arguments: [
    (DriverStatements.sqlite.claim, "deliveries_claim (channel=? AND lane=? AND next_attempt_at<?)"),
    (DriverStatements.sqlite.claimAroundPauses, "deliveries_claim (channel=? AND lane=? AND next_attempt_at<?)"),
    (
      "SELECT state, COUNT(*) FROM deliveries WHERE release_id = 1 AND state <> 'leased' AND state <> 'accepted' GROUP BY state",
      "COVERING INDEX deliveries_state (release_id=?)"
    ),
    ("SELECT COUNT(*) FROM deliveries WHERE release_id = 1", "COVERING INDEX"),
    ("SELECT COUNT(*) FROM deliveries WHERE release_id = 1 AND state = 'leased'", "deliveries_lease (release_id=?)"),
  ])
  func plansUseTheIndexes(sql: String, index: String) throws {
    let folder = try ScratchFolder()
    _ = try open(folder)
    try SQLiteDriver(path: folder.path("revere.db")).withConnection { connection in
      let plan = try connection.prepare("EXPLAIN QUERY PLAN " + sql)
      defer { plan.reset() }
      var steps: [String] = []
      while try plan.step() { steps.append(plan.text(3)) }
      #expect(steps.contains { $0.contains(index) }, "\(steps)")
      #expect(!steps.contains { $0.contains("TEMP B-TREE") || $0.hasPrefix("SCAN deliveries") }, "\(steps)")
    }
  }

  /// SQLite calls both an error of the disk: a database is opened whose log's index finds no room.
  @Test(
    arguments: [(4_874, StoreError.Code.full, StoreError.Code.io), (778, .full, .io), (266, .io, .io)]
      as [(CInt, StoreError.Code, StoreError.Code)])
  func aWriteThatFailed(_ result: CInt, withoutRoom: StoreError.Code, withRoom: StoreError.Code) {
    #expect(SQLiteDriver.code(result, hasRoom: false) == withoutRoom)
    #expect(SQLiteDriver.code(result, hasRoom: true) == withRoom)
  }

  @Test func aFullDisk() throws {
    let folder = try ScratchFolder()
    let small = try open(folder, .init(maximumPages: 150))
    try small.write { _ = try Samples.enqueue(Samples.release(1), readers: 10, in: $0) }
    let error = #expect(throws: StoreError.self) {
      try small.write { session in
        _ = try session.allocateNumber(series: "os", year: 2026)
        try Samples.enqueue(Samples.release(2), readers: 20_000, in: session)
      }
    }
    #expect(error?.code == .full)
    #expect(try small.read { try $0.releases(limit: 9) }.map(\.serial) == ["CFC-OS-2026-0001"])
    // What is there can still be delivered, and with room again everything goes on.
    let claimed = try small.write { try $0.claim(Samples.order("a")) }
    #expect(claimed.count == 10)
    try small.close()
    let roomy = try open(folder)
    try roomy.write { session in
      #expect(try session.allocateNumber(series: "os", year: 2026) == 1)
      try Samples.enqueue(Samples.release(2), readers: 20_000, in: session)
    }
    #expect(try integrity(folder) == "ok")
  }

  @Test func aCorruptFile() throws {
    let folder = try ScratchFolder()
    let store = try open(folder)
    try store.write { _ = try Samples.enqueue(Samples.release(1), readers: 2_000, in: $0) }
    try store.close()
    let file = try FileHandle(forUpdating: URL(filePath: folder.path("revere.db")))
    let size = try file.seekToEnd()
    try file.seek(toOffset: 4096 * 30)
    try file.write(contentsOf: Data(repeating: 0xAA, count: Int(size) - 4096 * 30))
    try file.close()
    let error = #expect(throws: StoreError.self) {
      let damaged = try open(folder)
      _ = try damaged.write { try $0.claim(Samples.order("a", limit: 2_000)) }
      try damaged.read { session in try session.deliveries(release: 1, states: []) { _ in true } }
    }
    #expect(error?.code == .corrupt)
  }

  @Test func aFileThatIsNoDatabase() throws {
    let folder = try ScratchFolder()
    try Data(String(repeating: "not a database at all\n", count: 500).utf8).write(
      to: URL(filePath: folder.path("revere.db")))
    let error = #expect(throws: StoreError.self) { try open(folder) }
    #expect(error?.code == .notADatabase)
    #expect(try Data(contentsOf: URL(filePath: folder.path("revere.db"))).count == 11_000)
  }

  @Test func aReadOnlyFile() throws {
    let folder = try ScratchFolder()
    try open(folder).write { _ = try Samples.enqueue(Samples.release(1), readers: 1, in: $0) }
    let driver = try SQLiteDriver(path: folder.path("revere.db"), settings: .init(readOnly: true))
    let store = try SQLStore(driver: driver, at: 0)
    let error = #expect(throws: StoreError.self) { try store.write { try $0.claim(Samples.order("a")) } }
    #expect(error?.code == .readOnly)
    #expect(try store.read { try $0.counts(release: 1) } == [.pending: 1])
  }

  @Test func noFolder() throws {
    let folder = try ScratchFolder()
    let error = #expect(throws: StoreError.self) { try SQLiteDriver(path: folder.path("absent/revere.db")) }
    #expect(error?.code == .cannotOpen)
    #expect(throws: StoreError.self) { try SQLiteDriver(path: folder.path("")) }
  }

  @Test func aFileThatWasMovedAway() throws {
    let folder = try ScratchFolder()
    let store = try open(folder)
    try store.write { _ = try Samples.enqueue(Samples.release(1), readers: 1, in: $0) }
    for name in ["revere.db", "revere.db-wal", "revere.db-shm"] {
      try? FileManager.default.moveItem(atPath: folder.path(name), toPath: folder.path("kept-" + name))
    }
    let error = #expect(throws: StoreError.self) { try store.write { try $0.claim(Samples.order("a")) } }
    #expect(error?.code == .moved)
    for name in ["revere.db", "revere.db-wal", "revere.db-shm"] {
      try? FileManager.default.moveItem(atPath: folder.path("kept-" + name), toPath: folder.path(name))
    }
    #expect(try store.write { try $0.claim(Samples.order("a")) }.count == 1)
    #expect(try integrity(folder) == "ok")
  }

  @Test func aStoreThatWasClosed() throws {
    let folder = try ScratchFolder()
    let store = try open(folder)
    try store.close()
    #expect(throws: (any Error).self) { try store.read { try $0.releases(limit: 1) } }
  }
}
