// A backup is a state between two transactions, whatever goes on meanwhile; a restored one sends nothing by itself and
// gives no number twice.

import Foundation
import Outbox
import Store
import StoreSQLite
import Testing

@Suite struct BackupTests {
  private let folder: ScratchFolder
  private let path: String
  private let store: SQLStore
  private let now = Workbench.start

  init() throws {
    folder = try ScratchFolder()
    path = folder.path("revere.db")
    store = try SQLStore(driver: try SQLiteDriver(path: path), at: Workbench.start.milliseconds)
  }

  private func look(_ path: String) throws -> SQLStore {
    SQLStore(asIs: try SQLiteDriver(path: path, settings: SQLiteDriver.Settings(readOnly: true)))
  }

  @Test func theDatabaseIsItsOwnersAlone() throws {
    _ = try store.write { try Samples.enqueue(Samples.release(1), readers: 1, in: $0) }
    for ending in ["", "-wal", "-shm"] {
      let mode = try FileManager.default.attributesOfItem(atPath: path + ending)[.posixPermissions] as? Int
      #expect(mode == 0o600, "\(ending)")
    }
  }

  /// Each transaction of the writer adds one audit entry and one release of ten rows: a torn copy would disagree.
  @Test func copyHoldsOneTransactionsState() throws {
    let (store, now) = (store, now)
    let writer = Thread {
      for number in 1...60 {
        try? store.write { session in
          try Samples.enqueue(Samples.release(number), readers: 10, in: session)
          try session.audit(actor: "w", action: "release", subject: "\(number)", detail: "", at: now)
        }
      }
    }
    writer.start()
    var copies: [String] = []
    while !writer.isFinished || copies.isEmpty {
      let target = folder.path("copy-\(copies.count).db")
      try SQLiteBackup.copy(path, to: target)
      copies.append(target)
    }
    for copy in copies {
      let (rows, releases, entries) = try look(copy).read { session in
        (try session.figures().total, try session.releases(limit: 1_000).count, try session.verifyAudit())
      }
      #expect(rows == 10 * releases && entries == releases)
      #expect(
        !FileManager.default.fileExists(atPath: copy + "-wal")
          && !FileManager.default.fileExists(atPath: copy + ".part"))
      let mode = try FileManager.default.attributesOfItem(atPath: copy)[.posixPermissions] as? Int
      #expect(mode == 0o600)
    }
    #expect(try look(copies[copies.count - 1]).read { try $0.releases(limit: 1_000).count } <= 60)
  }

  @Test func nothingIsOverwritten() throws {
    let target = folder.path("copy.db")
    try Data("mine".utf8).write(to: URL(filePath: target))
    let error = #expect(throws: StoreError.self) { try SQLiteBackup.copy(path, to: target) }
    #expect(error?.code == .exists && error?.place == target)
    #expect(FileManager.default.contents(atPath: target) == Data("mine".utf8))
    #expect(throws: StoreError.self) { try SQLiteBackup.copy(folder.path("none.db"), to: folder.path("other.db")) }
    #expect(!FileManager.default.fileExists(atPath: folder.path("other.db.part")))
  }

  @Test func aDamagedFileGivesNoCopy() throws {
    _ = try store.write { try Samples.enqueue(Samples.release(1), readers: 2_000, in: $0) }
    let sound = folder.path("sound.db")
    try SQLiteBackup.copy(path, to: sound)
    var bytes = try #require(FileManager.default.contents(atPath: sound))
    for index in 20_000..<min(60_000, bytes.count) { bytes[index] = 0xA5 }
    let broken = folder.path("broken.db")
    try bytes.write(to: URL(filePath: broken))
    #expect(throws: StoreError.self) { try SQLiteBackup.copy(broken, to: folder.path("copy.db")) }
    #expect(!FileManager.default.fileExists(atPath: folder.path("copy.db")))
    #expect(throws: StoreError.self) { try SQLiteBackup.verify(broken) }
    try SQLiteBackup.verify(sound)
  }

  @Test func aRestoredLedgerSendsNothingByItself() throws {
    // Two releases; of the first some rows are leased and being sent while the copy is made.
    try store.write { session in
      try Samples.enqueue(Samples.release(1), readers: 10, withheld: 2, in: session)
      try Samples.enqueue(Samples.release(2, onUncertain: .resend), readers: 5, in: session)
      _ = try session.allocateNumber(series: "officer-safety", year: 2026)
      let rows = try session.claim(Samples.order("gone", limit: 13, now: now))
      _ = try session.begin(Array(rows.map(\.id).prefix(4)) + [rows[12].id], worker: "gone", now: now)
    }
    let copy = folder.path("copy.db")
    try SQLiteBackup.copy(path, to: copy)
    // Afterwards everything is accepted, and numbers are given.
    try store.write { session in
      for _ in 0..<6 { _ = try session.allocateNumber(series: "officer-safety", year: 2026) }
    }
    let counters = try store.read { try $0.serialCounters() }
    try store.close()

    let prepared = try SQLiteRestore.prepare(copy, for: path)
    let restored = try SQLStore(driver: try SQLiteDriver(path: prepared), at: now.milliseconds)
    let later = now + .hours(5)
    let marks = try restored.write { session in
      for counter in counters { try session.advance(counter) }
      return try session.markRestored(by: "operator", at: later, copy: "copy.db")
    }
    #expect(marks.leases == 13 && marks.openRows == 11 && marks.uncertainRows == 4)
    #expect(marks.paused == ["CFC-OS-2026-0001", "CFC-OS-2026-0002"])
    // A recall tells whoever may have been sent something after the copy was made.
    var copies: [DeliveryState: Int] = [:]
    try restored.read { session in
      for release in try session.releases(bulletin: Samples.release(1).bulletin) {
        try session.sentCopies(release: release.id) { copy in
          #expect(!copy.isCertain)
          copies[copy.state, default: 0] += 1
        }
      }
    }
    #expect(copies == [.uncertain: 4, .pending: 6])
    try restored.close()
    let aside = try SQLiteRestore.place(prepared, at: path, aside: ".replaced")
    #expect(aside == path + ".replaced")

    let open = try SQLStore(driver: try SQLiteDriver(path: path), at: later.milliseconds)
    func claimable() throws -> Int {
      try open.write { try $0.claim(Samples.order("new", now: later)).count }
    }
    #expect(try claimable() == 0)
    // The end of the halt alone sends none of the old rows again, but new releases go.
    try open.write { try $0.resume(scope: .halt, name: "") }
    #expect(try claimable() == 0)
    _ = try open.write { try Samples.enqueue(Samples.release(3), readers: 3, in: $0) }
    #expect(try claimable() == 3)
    try open.write { try $0.resume(scope: .release, name: "CFC-OS-2026-0002") }
    // One of its five was being sent, and waits for its second try.
    #expect(try claimable() == 4)
    #expect(try open.write { try $0.allocateNumber(series: "officer-safety", year: 2026) } == 8)
    var actions: Set<String> = []
    try open.read { session in
      _ = try session.verifyAudit()
      try session.auditEntries(after: 0) { entry in
        actions.insert(entry.action)
        return true
      }
    }
    #expect(actions.contains("restore"))
    #expect(try look(path + ".replaced").read { try $0.serialCounters() }.first?.last == 7)
  }

  @Test func aDatabaseInUseIsNotReplaced() throws {
    let copy = folder.path("copy.db")
    _ = try store.write { try Samples.enqueue(Samples.release(1), readers: 1, in: $0) }
    try SQLiteBackup.copy(path, to: copy)
    let prepared = try SQLiteRestore.prepare(copy, for: path)
    let error = #expect(throws: StoreError.self) { try SQLiteRestore.place(prepared, at: path, aside: ".replaced") }
    #expect(error?.code == .locked)
    #expect(!FileManager.default.fileExists(atPath: path + ".replaced"))
    #expect(try store.read { try $0.figures().total } == 1)
  }

  @Test func aDamagedDatabaseIsSetAsideWithItsLog() throws {
    let copy = folder.path("copy.db")
    _ = try store.write { try Samples.enqueue(Samples.release(1), readers: 1, in: $0) }
    try SQLiteBackup.copy(path, to: copy)
    try store.close()
    try Data("not a database".utf8).write(to: URL(filePath: path))
    try Data("a log".utf8).write(to: URL(filePath: path + "-wal"))
    let prepared = try SQLiteRestore.prepare(copy, for: path)
    #expect(try SQLiteRestore.place(prepared, at: path, aside: ".replaced") == path + ".replaced")
    #expect(FileManager.default.contents(atPath: path + ".replaced") == Data("not a database".utf8))
    #expect(!FileManager.default.fileExists(atPath: path + "-wal"))
    #expect(try look(path).read { try $0.figures().total } == 1)
  }

  /// Two restores in one second: what either set aside stays as it was.
  @Test func whatIsSetAsideOverwritesNothing() throws {
    let copy = folder.path("copy.db")
    try SQLiteBackup.copy(path, to: copy)
    _ = try store.write { try Samples.enqueue(Samples.release(1), readers: 3, in: $0) }
    try store.close()
    let names = try (1...3).map { _ in
      try SQLiteRestore.place(try SQLiteRestore.prepare(copy, for: path), at: path, aside: ".replaced")
    }
    #expect(names == [path + ".replaced", path + ".replaced-2", path + ".replaced-3"])
    #expect(try look(path + ".replaced").read { try $0.figures().total } == 3)
    for later in [".replaced-2", ".replaced-3", ""] {
      #expect(try look(path + later).read { try $0.figures().total } == 0)
    }
    #expect(!FileManager.default.fileExists(atPath: path + ".restoring"))
  }

  /// A companion that is left of an earlier one takes the name as well: it would be read as the log of the new one.
  @Test func aNameIsTakenByALogAlone() throws {
    let copy = folder.path("copy.db")
    try SQLiteBackup.copy(path, to: copy)
    try store.close()
    try Data("a log".utf8).write(to: URL(filePath: path + ".replaced-wal"))
    let name = try SQLiteRestore.place(try SQLiteRestore.prepare(copy, for: path), at: path, aside: ".replaced")
    #expect(name == path + ".replaced-2")
    #expect(FileManager.default.contents(atPath: path + ".replaced-wal") == Data("a log".utf8))
  }
}
