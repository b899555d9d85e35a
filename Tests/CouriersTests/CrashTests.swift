// What a crash leaves: the ledger stops taking anything at some commit, and another worker takes over after the leases.
// No reader is skipped, and second copies stay within connections + one uncommitted batch.

import Couriers
import Foundation
import Mail
import Outbox
import Store
import Synchronization
import Testing

/// Takes so many transactions, then none: as after `kill -9`, for the ledger.
final class DyingStore: UnitOfWork {
  private let inner: SQLStore
  private let left: Atomic<Int>
  init(_ inner: SQLStore, commits: Int) {
    self.inner = inner
    left = Atomic(commits)
  }

  func write<Value>(_ work: (any StoreSession) throws -> Value) throws -> Value {
    guard left.subtract(1, ordering: .relaxed).newValue >= 0 else { throw StoreError(.io, detail: "died") }
    return try inner.write(work)
  }
  func read<Value>(_ work: (any StoreSession) throws -> Value) throws -> Value { try inner.read(work) }
}

@Suite struct CrashTests {
  @Test(arguments: [3, 4, 6, 9, 14, 25], [1, 8])
  func secondCopiesAreBoundedAndNobodyIsSkipped(_ commits: Int, _ connections: Int) throws {
    let server = try TestServer("pipelining_receiver.py")
    let ledger = try Ledger()
    let count = 800
    let release = try ledger.release((0..<count).map { "reader\($0)@city.test" }, onUncertain: .resend)
    let relay = try Relay(
      name: "main", host: "127.0.0.1", port: server.port, tls: .none, maxConnections: connections)
    func arrived() throws -> Int {
      try server.ask("")
      return try server.next()["messages"] as? Int ?? 0
    }
    func worker(_ name: String, _ store: any UnitOfWork, after: Moment.Span = .zero) throws -> DispatchWorker {
      let made = DispatchWorker(
        DispatchWorker.Settings(worker: name, relays: [relay]), store: store, preparer: PlainPreparer(),
        now: { Ledger.now() + after })
      return try #require(made)
    }

    #expect(throws: StoreError.self) {
      _ = try worker("first", DyingStore(ledger.store, commits: commits)).run(once: true)
    }
    let before = try arrived()
    let recorded = try ledger.counts(release)[.accepted] ?? 0
    let carried = try ledger.rows(release).values.count { $0.sendingSince != nil }
    #expect(carried <= connections + 64, "\(carried) rows carry sending_since")
    #expect(before - recorded <= connections + 64, "\(before) arrived, \(recorded) recorded")

    // The leases end; what was being sent is sent once more, by the series' word.
    for hours in [1, 2, 3] {
      _ = try worker("later \(hours)", ledger.store, after: .hours(Int64(hours))).run(once: true)
    }
    #expect(try ledger.counts(release) == [.accepted: count])
    let copies = try arrived() - count
    #expect(copies >= 0 && copies <= connections + 64, "\(copies) second copies")
  }
}
