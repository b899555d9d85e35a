// Pause, resume and halt, as several workers on one database see them; and the immediate lane beside a bulk run.

import Couriers
import Foundation
import Outbox
import Store
import Testing

@Suite struct SwitchTests {
  private func relay(_ server: TestServer, connections: Int = 2) throws -> Relay {
    try Relay(name: "main", host: "127.0.0.1", port: server.port, tls: .none, maxConnections: connections)
  }

  @Test(arguments: [Pause.Scope.halt, .all, .lane, .channel, .release])
  func stopsEveryWorkerAndSurvivesARestart(_ scope: Pause.Scope) throws {
    let server = try TestServer("pipelining_receiver.py", "--delay-ms", "10", "--hold", "30")
    let ledger = try Ledger()
    let count = 1_500
    let release = try ledger.release((0..<count).map { "reader\($0)@city.test" })
    let name =
      switch scope {
      case .lane: "routine"
      case .channel: "email-plain"
      case .release: "CFC-OS-2026-0001"
      default: ""
      }
    func accepted() throws -> Int { try ledger.counts(release)[.accepted] ?? 0 }
    let workers = try (0..<2).map { try Working(ledger, try relay(server), number: $0) }
    defer { for worker in workers { worker.stop() } }
    try wait("a few messages") { try accepted() == 30 }
    try ledger.store.write {
      try $0.set(pause: Pause(scope: scope, name: name, by: "watch", at: Ledger.now()))
    }
    try server.go()
    // Every row is where it waits, and nothing is on its way.
    try wait("the stop") { try ledger.store.read { try $0.leaseHoldings() }.isEmpty }
    let stopped = try accepted()
    #expect(stopped < count)
    for worker in workers { worker.stop() }
    // A new worker finds nothing that it may send.
    #expect(try DispatchWorker.drain(ledger, [relay(server)]).progress.accepted == 0)
    try server.ask("")
    #expect(try server.next()["messages"] as? Int == stopped)
    try ledger.store.write { try $0.resume(scope: scope, name: name) }
    _ = try DispatchWorker.drain(ledger, [relay(server, connections: 10)])
    #expect(try accepted() == count)
    try server.ask("")
    #expect(try server.next()["messages"] as? Int == count, "nobody twice, nobody left out")
  }

  @Test func aPausedLaneLeavesTheOthers() throws {
    let server = try TestServer("pipelining_receiver.py")
    let ledger = try Ledger()
    let routine = try ledger.release((0..<20).map { "reader\($0)@city.test" })
    let priority = try ledger.release((0..<20).map { "other\($0)@city.test" }, lane: .priority)
    try ledger.store.write {
      try $0.set(pause: Pause(scope: .lane, name: "routine", by: "watch", at: Ledger.now()))
    }
    _ = try DispatchWorker.drain(ledger, [relay(server)])
    #expect(try ledger.counts(routine) == [.pending: 20])
    #expect(try ledger.counts(priority) == [.accepted: 20])
  }

  /// What a slow relay has not begun with comes back at once: only what is on its connections ends.
  @Test func whatWaitsInTheWorkerComesBack() throws {
    let server = try TestServer("pipelining_receiver.py", "--hold", "4")
    let ledger = try Ledger()
    let release = try ledger.release((0..<300).map { "reader\($0)@city.test" })
    let worker = try Working(ledger, try relay(server, connections: 2), number: 0)
    defer { worker.stop() }
    try wait("the first messages") { try ledger.counts(release)[.accepted] == 4 }
    try ledger.store.write { try $0.set(pause: Pause(scope: .halt, by: "watch", at: Ledger.now())) }
    // While the relay still answers nothing: two connections with two messages each stay, of 66 that were marked.
    try wait("what comes back") { try ledger.store.read { try $0.leaseHoldings() }.reduce(0) { $0 + $1.rows } <= 2 * 2 }
    try server.go()
    try wait("the end of what is on the wire") { try ledger.store.read { try $0.leaseHoldings() }.isEmpty }
    let counts = try ledger.counts(release)
    #expect(counts[.accepted] ?? 0 <= 4 + 2 * 2)
    #expect((counts[.accepted] ?? 0) + (counts[.pending] ?? 0) == 300)
  }

  /// While an urgent release of several hundred goes out, the bulk stands still but for what was under way.
  @Test func anUrgentReleaseOvertakesAsAWhole() throws {
    let server = try TestServer("pipelining_receiver.py", "--delay-ms", "20")
    let ledger = try Ledger()
    let bulk = try ledger.release((0..<4_000).map { "reader\($0)@city.test" })
    let worker = try Working(ledger, try relay(server, connections: 10), number: 0, reserved: 2)
    defer { worker.stop() }
    try wait("the bulk run") { try ledger.counts(bulk)[.accepted] ?? 0 > 200 }
    let urgent = try ledger.release((0..<600).map { "chief\($0)@city.test" }, lane: .immediate)
    try wait("the urgent release") { try ledger.counts(urgent)[.accepted] == 600 }
    let times = try ledger.rows(urgent).values.map(\.changedAt)
    let (first, last) = (try #require(times.min()), try #require(times.max()))
    let between = try ledger.rows(bulk).values.count {
      $0.state == .accepted && $0.changedAt > first && $0.changedAt < last
    }
    // 10 connections + 64 may be marked when the first of them comes.
    #expect(between <= 2 * (10 + 64), "\(between) messages of the bulk run went between")
    #expect(try ledger.counts(bulk)[.accepted] ?? 0 < 4_000, "the bulk was still going")
  }
}
