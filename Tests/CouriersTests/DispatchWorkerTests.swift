// The whole worker: a real ledger, real servers, and what the ledger says afterwards.

import Couriers
import Foundation
import Mail
import Outbox
import Store
import Synchronization
import Testing

@Suite struct DispatchWorkerTests {
  func relay(_ server: TestServer, name: String = "main", connections: Int = 4, rate: Double? = nil) throws -> Relay {
    try Relay(
      name: name, host: "127.0.0.1", port: server.port, tls: .none, maxConnections: connections, perDomainRate: rate)
  }

  @Test func everyReaderGetsAnOutcomeWithItsReason() throws {
    let server = try TestServer("smtp_server.py", "--quiet")
    let ledger = try Ledger()
    let good = (0..<30).map { "reader\($0)@city.test" }
    let release = try ledger.release(
      good + [
        "550-5.1.1@city.test", "450-4.2.1@city.test", "dot-554@city.test", "drop@city.test", "withhold@city.test",
        "bad@city.test",
      ])
    let summary = try DispatchWorker.drain(ledger, [relay(server)])
    let rows = try ledger.rows(release)
    for address in good {
      #expect(rows[address]?.state == .accepted)
      #expect(rows[address]?.relay == "main")
      #expect(rows[address]?.queueID?.hasPrefix("T") == true)
      #expect(rows[address]?.messageID == rows[address].map { "<\($0.id)@center.test>" })
    }
    #expect(rows["550-5.1.1@city.test"]?.state == .bounced)
    #expect(rows["550-5.1.1@city.test"]?.reply.enhanced == "5.1.1")
    #expect(rows["450-4.2.1@city.test"]?.state == .deferred)
    #expect(rows["450-4.2.1@city.test"]?.attempts == 1)
    #expect(rows["dot-554@city.test"]?.state == .deferred)
    #expect(rows["dot-554@city.test"]?.held == "quarantine")
    #expect(rows["drop@city.test"]?.state == .uncertain)
    #expect(rows["withhold@city.test"]?.state == .withheld)
    #expect(rows["withhold@city.test"]?.reasons == ["atom(LES)"])
    #expect(rows["bad@city.test"]?.state == .bounced)
    #expect(summary.progress.accepted == 30)
    #expect(summary.progress.bounced == 2)
    #expect(summary.progress.inFlight == 0)
    #expect(!summary.isRelayDown)
    let holdings = try ledger.store.read { try $0.leaseHoldings() }
    #expect(holdings.isEmpty)
  }

  @Test func thousandsOverManyConnections() throws {
    let server = try TestServer("pipelining_receiver.py")
    let ledger = try Ledger()
    let release = try ledger.release((0..<3000).map { "reader\($0)@city.test" })
    let summary = try DispatchWorker.drain(ledger, [relay(server, connections: 20)])
    #expect(try ledger.counts(release) == [.accepted: 3000])
    try server.ask("")
    #expect(try server.next()["messages"] as? Int == 3000)
    #expect(summary.progress.accepted == 3000)
  }

  @Test func absentRelayLeavesRowsPendingAndSaysSo() throws {
    let ledger = try Ledger()
    let release = try ledger.release(["a@city.test", "b@city.test"])
    let gone = try Relay(name: "gone", host: "127.0.0.1", port: try unusedPort(), tls: .none)
    let summary = try DispatchWorker.drain(ledger, [gone])
    #expect(try ledger.counts(release) == [.pending: 2])
    #expect(summary.isRelayDown)
    #expect(Set(summary.alerts.map(\.failure.stage)) == [.connect])
    #expect(try ledger.rows(release).values.allSatisfy { $0.attempts == 0 })
  }

  @Test func rowsForTLSNeverGoByAPlainRelay() throws {
    let server = try TestServer("smtp_server.py")
    let ledger = try Ledger()
    let release = try ledger.release(["a@city.test"], channel: .emailTLS)
    let plain = try ledger.release(["b@city.test"], channel: .emailPlain)
    let summary = try DispatchWorker.drain(ledger, [relay(server)])
    #expect(try ledger.counts(release) == [.pending: 1])
    #expect(try ledger.counts(plain) == [.accepted: 1])
    #expect(summary.isRelayDown)
  }

  @Test func failoverKeepsTheRows() throws {
    let server = try TestServer("smtp_server.py", "--quiet")
    let ledger = try Ledger()
    let release = try ledger.release((0..<10).map { "reader\($0)@city.test" })
    let gone = try Relay(name: "gone", host: "127.0.0.1", port: try unusedPort(), tls: .none)
    _ = try DispatchWorker.drain(ledger, [gone, relay(server, name: "second")])
    #expect(try ledger.counts(release) == [.accepted: 10])
    #expect(try ledger.rows(release).values.allSatisfy { $0.relay == "second" && $0.attempts == 1 })
  }

  @Test func aRefusedMessageIsHeldForAllItsReadersAndOthersGoOn() throws {
    let server = try TestServer("smtp_server.py", "--quiet")
    let ledger = try Ledger()
    let poison = try ledger.release((0..<800).map { "dot-554@city\($0).test" })
    let good = try ledger.release((0..<20).map { "reader\($0)@city.test" })
    _ = try DispatchWorker.drain(ledger, [relay(server, connections: 1)])
    #expect(try ledger.counts(good) == [.accepted: 20])
    let rows = try ledger.rows(poison)
    #expect(rows.values.allSatisfy { $0.held == "quarantine" })
    #expect(rows.values.contains { $0.attempts == 0 })
  }

  @Test func haltStopsClaimsAtOnce() throws {
    let server = try TestServer("smtp_server.py", "--quiet")
    let ledger = try Ledger()
    let release = try ledger.release(["a@city.test"])
    try ledger.store.write { try $0.set(pause: Pause(scope: .halt, by: "watch", at: Ledger.now())) }
    _ = try DispatchWorker.drain(ledger, [relay(server)])
    #expect(try ledger.counts(release) == [.pending: 1])
    try ledger.store.write { try $0.resume(scope: .halt, name: "") }
    _ = try DispatchWorker.drain(ledger, [relay(server)])
    #expect(try ledger.counts(release) == [.accepted: 1])
  }

  /// Pausing a release takes back what was claimed of it; the others go on; resuming lets it go.
  @Test func pausingAReleaseStopsItWithinItsRun() throws {
    let server = try TestServer("pipelining_receiver.py", "--delay-ms", "20")
    let ledger = try Ledger()
    let paused = try ledger.release((0..<400).map { "reader\($0)@city.test" })
    let other = try ledger.release((0..<20).map { "other\($0)@city.test" })
    let isSet = Mutex(false)
    _ = try DispatchWorker.drain(ledger, [relay(server, connections: 2)]) { report in
      guard case .progress(let progress) = report, progress.accepted > 5 else { return }
      isSet.withLock { isSet in
        guard !isSet else { return }
        isSet = true
        try? ledger.store.write {
          try $0.set(pause: Pause(scope: .release, name: "CFC-OS-2026-0001", by: "watch", at: Ledger.now()))
        }
      }
    }
    let counts = try ledger.counts(paused)
    #expect(counts[.accepted] ?? 0 < 400)
    #expect((counts[.accepted] ?? 0) + (counts[.pending] ?? 0) == 400)
    #expect(try ledger.counts(other) == [.accepted: 20])
    try ledger.store.write { try $0.resume(scope: .release, name: "CFC-OS-2026-0001") }
    _ = try DispatchWorker.drain(ledger, [relay(server, connections: 2)])
    #expect(try ledger.counts(paused) == [.accepted: 400])
    try server.ask("")
    #expect(try server.next()["messages"] as? Int == 420)
  }

  @Test func aPausedRelayIsNotUsed() throws {
    let server = try TestServer("smtp_server.py", "--quiet")
    let ledger = try Ledger()
    let release = try ledger.release(["a@city.test"])
    try ledger.store.write { try $0.set(pause: Pause(scope: .relay, name: "main", by: "watch", at: Ledger.now())) }
    let summary = try DispatchWorker.drain(ledger, [relay(server), relay(server, name: "second")])
    #expect(try ledger.rows(release)["a@city.test"]?.relay == "second")
    #expect(summary.alerts == [])
  }

  @Test func domainRateDefersWhatWouldWaitTooLong() throws {
    let server = try TestServer("smtp_server.py", "--quiet")
    let ledger = try Ledger()
    let release = try ledger.release(
      (0..<300).map { "reader\($0)@slow.test" } + (0..<50).map { "reader@city\($0).test" })
    var settings = DispatchWorker.Settings(
      worker: DispatchWorker.identity(startedAt: Ledger.now()), relays: [try relay(server, rate: 20)])
    settings.timeouts = SmtpTimeouts(all: 60_000)
    let made = DispatchWorker(settings, store: ledger.store, preparer: PlainPreparer(), now: { Ledger.now() })
    let worker = try #require(made)
    // Stopped as soon as the other domains are served: the slow one must not have held them up.
    let thread = Thread { _ = try? worker.run(once: false) }
    thread.start()
    try wait("the other domains") {
      try ledger.rows(release).values.count { $0.state == .accepted && !$0.address.hasSuffix("slow.test") } == 50
    }
    worker.stop()
    try wait("the end") { try ledger.store.read { try $0.leaseHoldings() }.isEmpty }
    let rows = try ledger.rows(release).values.filter { $0.address.hasSuffix("slow.test") }
    #expect(rows.contains { $0.state == .accepted })
    #expect(rows.contains { $0.state == .deferred && $0.attempts == 0 })
  }

  @Test func stopFinishesWhatIsUnderWayAndGivesTheRestBack() throws {
    let server = try TestServer("pipelining_receiver.py", "--delay-ms", "30")
    let ledger = try Ledger()
    let release = try ledger.release((0..<2000).map { "reader\($0)@city.test" })
    var settings = DispatchWorker.Settings(
      worker: DispatchWorker.identity(startedAt: Ledger.now()), relays: [try relay(server, connections: 2)])
    settings.timeouts = SmtpTimeouts(all: 60_000)
    let stopper = Mutex<DispatchWorker?>(nil)
    let made = DispatchWorker(
      settings, store: ledger.store, preparer: PlainPreparer(), now: { Ledger.now() },
      report: { report in
        if case .progress(let progress) = report, progress.accepted > 5 { stopper.withLock { $0?.stop() } }
      })
    let worker = try #require(made)
    stopper.withLock { $0 = worker }
    let summary = try worker.run(once: true)
    stopper.withLock { $0 = nil }
    try server.ask("")
    let arrived = try #require(try server.next()["messages"] as? Int)
    #expect(arrived < 2000)
    #expect(try ledger.counts(release) == [.accepted: arrived, .pending: 2000 - arrived])
    #expect(summary.progress.accepted == arrived)
  }

  @Test func immediateOvertakesARunningBulkSend() throws {
    let server = try TestServer("pipelining_receiver.py", "--delay-ms", "20")
    let ledger = try Ledger()
    let bulk = try ledger.release((0..<300).map { "reader\($0)@city.test" })
    let urgent = Mutex<Int64?>(nil)
    let summary = try DispatchWorker.drain(ledger, [relay(server, connections: 4)], reserved: 2) { report in
      guard case .progress(let progress) = report, progress.accepted > 20 else { return }
      urgent.withLock { if $0 == nil { $0 = try? ledger.release(["chief@city.test"], lane: .immediate) } }
    }
    #expect(summary.progress.accepted == 301)
    let release = try #require(urgent.withLock { $0 })
    let chief = try #require(try ledger.rows(release)["chief@city.test"])
    #expect(chief.state == .accepted)
    // What is prepared and what is on the wire when it comes is less than this.
    let after = try ledger.rows(bulk).values.count { $0.changedAt > chief.changedAt }
    #expect(after > 100, "the bulk went on after it")
  }

  @Test func rowsOfADeadWorkerAreTakenUpAtOnce() throws {
    let server = try TestServer("smtp_server.py", "--quiet")
    let ledger = try Ledger()
    let release = try ledger.release(["a@city.test", "b@city.test"], onUncertain: .hold)
    // A process of this machine that has ended.
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/true")
    try process.run()
    process.waitUntilExit()
    var parts = DispatchWorker.identity(startedAt: Moment(seconds: 1)).split(
      separator: "/", omittingEmptySubsequences: false)
    parts[2] = "\(process.processIdentifier)"
    let dead = parts.joined(separator: "/")
    let now = Ledger.now()
    try ledger.store.write { session in
      let rows = try session.claim(
        ClaimOrder(worker: dead, now: now, leaseUntil: now + .hours(1), limit: 10, channels: [.emailPlain]))
      _ = try session.begin([rows[0].id], worker: dead, now: now)
    }
    _ = try DispatchWorker.drain(ledger, [relay(server)])
    #expect(try ledger.counts(release) == [.accepted: 1, .uncertain: 1])
  }

  @Test func aPreparerThatFailsStopsTheWorkerAndNothingIsLost() throws {
    struct Broken: AttemptPreparer {
      func prepare(_ rows: [ClaimedDelivery], now: Moment) throws -> [PreparedAttempt] {
        throw StoreError(.corrupt, detail: "test")
      }
      func grounds(now: Moment) throws -> Int { 0 }
    }
    let server = try TestServer("smtp_server.py", "--quiet")
    let ledger = try Ledger()
    let release = try ledger.release(["a@city.test", "b@city.test"])
    #expect(throws: StoreError.self) { try DispatchWorker.drain(ledger, [relay(server)], preparer: Broken()) }
    #expect(try ledger.counts(release) == [.pending: 2])
  }
}
