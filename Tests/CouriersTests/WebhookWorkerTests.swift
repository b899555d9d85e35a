// The whole worker for webhooks: a real ledger, a real HTTPS server, and what the ledger says afterwards of rows and
// endpoints.

import Couriers
import Foundation
import Outbox
import Store
import Synchronization
import Testing
import Webhooks

/// Posts to the path that a row's address names; the endpoint is the address.
private struct PathPreparer: AttemptPreparer {
  var base: String
  func grounds(now: Moment) throws -> Int { 0 }
  func prepare(_ rows: [ClaimedDelivery], now: Moment) throws -> [PreparedAttempt] {
    rows.map { row in
      .post(
        OutgoingPost(
          endpoint: row.address, url: base + "/" + row.address,
          headers: [OutgoingPost.Header("webhook-id", "msg_\(row.id)")], body: Array("{\"row\":\(row.id)}".utf8),
          id: "msg_\(row.id)", signedAt: now))
    }
  }
}

@Suite struct WebhookWorkerTests {
  private func drain(
    _ ledger: Ledger, _ server: TestServer, store: (any UnitOfWork)? = nil, name: String = "w", timeout: Int = 15_000,
    connections: Int = 8, now: @escaping @Sendable () -> Moment = { Ledger.now() },
    report: @escaping @Sendable (DispatchReport) -> Void = { _ in }
  ) throws -> DispatchProgress {
    var settings = WebhookLoopTests.settings(server)
    settings.timeout = timeout
    settings.connections = connections
    let worker = try #require(
      WebhookWorker(
        worker: DispatchWorker.identity(startedAt: Ledger.now()) + name, settings, store: store ?? ledger.store,
        preparer: PathPreparer(base: "https://localhost:\(server.port)"), now: now, report: report))
    return try worker.run(once: true)
  }

  @Test func everyAnswerHasItsState() throws {
    let server = try TestServer("webhook_server.py")
    let ledger = try Ledger()
    let paths = ["ok", "200", "404", "500", "410", "429-100", "503-30000", "302", "drop", "ok-2"]
    let release = try ledger.release(paths, channel: .webhook)
    let clock = ManualClock(Ledger.now())
    let progress = try drain(ledger, server, now: { clock.now })
    let rows = try ledger.rows(release)
    #expect(progress.accepted == 3 && progress.deferred == 5 && progress.bounced == 1 && progress.uncertain == 1)
    #expect(rows["ok"]?.state == .accepted && rows["ok"]?.reply.code == 204)
    #expect(rows["ok"]?.messageID == rows["ok"].map { "msg_\($0.id)" } && rows["ok"]?.relay == "ok")
    for path in ["404", "500", "302"] { #expect(rows[path]?.state == .deferred && rows[path]?.attempts == 1) }
    #expect(rows["410"]?.state == .bounced)
    #expect(rows["drop"]?.state == .uncertain)
    func wait(_ path: String) throws -> Int64 {
      try (#require(rows[path]?.nextAttempt) - clock.now).milliseconds / 1_000
    }
    // Retry-After, and at most a fifth more; eight hours at most, and not beyond.
    #expect((100...120).contains(try wait("429-100")))
    #expect((28_800...34_560).contains(try wait("503-30000")))
    #expect((48...72).contains(try wait("500")))
    let states = try ledger.store.read { try $0.endpointStates() }
    #expect(states.filter(\.isDisabled).map(\.id) == ["410"])
    #expect(Set(states.filter { $0.failures > 0 }.map(\.id)) == ["404", "500", "429-100", "503-30000", "302", "drop"])
    #expect(try ledger.store.read { try $0.leaseHoldings() }.isEmpty)
    // What it says of itself, by endpoint.
    let report = try #require(try ledger.store.read { try $0.workers() }.first)
    #expect(report.endedAt != nil && report.inFlight == 0)
    let lines = Dictionary(uniqueKeysWithValues: report.relays.map { ($0.relay, $0) })
    #expect(Set(lines.keys).isSuperset(of: Set(paths).subtracting(["drop"])))
    #expect(lines["ok"]?.accepted == 1 && lines["ok"]?.isInTrouble == false)
    #expect(lines["500"]?.deferred == 1 && lines["500"]?.alert.contains("500") == true)
    #expect(lines["410"]?.bounced == 1 && lines["410"]?.isInTrouble == true)
  }

  @Test func anAttemptAfterTheFirstHasTheSameId() throws {
    let server = try TestServer("webhook_server.py")
    let ledger = try Ledger()
    let clock = ManualClock(Ledger.now())
    let release = try ledger.release(["flaky-2"], channel: .webhook)
    for _ in 0..<3 {
      _ = try drain(ledger, server, now: { clock.now })
      clock.advance(.hours(1))
    }
    #expect(try ledger.counts(release) == [.accepted: 1])
    let ids = try (0..<3).map { _ in (try server.next()["headers"] as? [String: String])?["webhook-id"] }
    #expect(Set(ids).count == 1 && ids[0] != nil)
    #expect(try ledger.store.read { try $0.endpointStates() }.map(\.failures) == [0])
  }

  @Test func fiveDaysOfFailureDisableAndTheRestWaits() throws {
    let server = try TestServer("webhook_server.py")
    let ledger = try Ledger()
    let clock = ManualClock(Ledger.now())
    var releases: [Int64] = []
    let told = Mutex<[String]>([])
    // Bulletins live for three days: the failure outlives them.
    for day in 0..<7 {
      if day < 6 { releases.append(try ledger.release(["500"], channel: .webhook, at: clock.now)) }
      _ = try drain(
        ledger, server, now: { clock.now },
        report: { if case .endpointDisabled(let id, let why) = $0 { told.withLock { $0.append("\(id): \(why)") } } })
      clock.advance(.hours(24))
    }
    #expect(told.withLock { $0.count } == 1 && told.withLock { $0[0] }.hasPrefix("500: it has failed for 120 hours"))
    let state = try #require(try ledger.store.read { try $0.endpointStates() }.first)
    #expect(state.isDisabled)
    let last = try #require(try ledger.rows(releases[5])["500"])
    // Under way while its neighbour's failure disabled the endpoint, it was claimed once more and given back.
    #expect([.deferred, .pending].contains(last.state) && last.held == EndpointState.held)
    var actions: [String] = []
    try ledger.store.read { session in
      try session.auditEntries(after: 0) {
        actions.append($0.action)
        return true
      }
    }
    #expect(actions.filter { $0 == "webhook-disabled" }.count == 1)
  }

  /// Rows that come while the endpoint is disabled wait for a person, and go when it is enabled.
  @Test func aDisabledEndpointsRowsWait() throws {
    let server = try TestServer("webhook_server.py")
    let ledger = try Ledger()
    let release = try ledger.release(["ok", "other"], channel: .webhook)
    let now = Ledger.now()
    _ = try ledger.store.write { try $0.disable(endpoint: "ok", by: "watch", why: "test", at: now) }
    _ = try drain(ledger, server)
    let row = try #require(try ledger.rows(release)["ok"])
    #expect(row.state == .pending && row.held == EndpointState.held && row.attempts == 0)
    #expect(try ledger.rows(release)["other"]?.state == .accepted)
    let (enabled, letGo) = try ledger.store.write { session in
      (
        try session.enable(endpoint: "ok"),
        try session.letGo(reader: row.reader, channel: .webhook, reason: EndpointState.held, at: now)
      )
    }
    #expect(enabled && letGo == 1)
    _ = try drain(ledger, server)
    #expect(try ledger.counts(release) == [.accepted: 2])
  }

  @Test func theKillSwitchAndAPausedChannelHoldThem() throws {
    let server = try TestServer("webhook_server.py")
    let ledger = try Ledger()
    let release = try ledger.release(["ok"], channel: .webhook)
    for scope in [Pause.Scope.halt, .channel] {
      let name = scope == .channel ? "webhook" : ""
      try ledger.store.write { try $0.set(pause: Pause(scope: scope, name: name, by: "watch", at: Ledger.now())) }
      _ = try drain(ledger, server)
      #expect(try ledger.counts(release) == [.pending: 1])
      try ledger.store.write { try $0.resume(scope: scope, name: name) }
    }
    _ = try drain(ledger, server)
    #expect(try ledger.counts(release) == [.accepted: 1])
  }

  @Test(arguments: [3, 4, 6, 9, 14])
  func afterACrashNobodyIsSkippedAndCopiesAreBounded(_ commits: Int) throws {
    let server = try TestServer("webhook_server.py")
    let ledger = try Ledger()
    let (count, connections) = (400, 8)
    let release = try ledger.release((0..<count).map { "ok-\($0)" }, channel: .webhook, onUncertain: .resend)
    let dying = DyingStore(ledger.store, commits: commits)
    #expect(throws: (any Error).self) {
      _ = try drain(ledger, server, store: dying, name: "dying", connections: connections)
    }
    let carried = try ledger.rows(release).values.count { $0.sendingSince != nil }
    #expect(carried <= connections + 64, "\(carried) rows carry sending_since")
    for hours in [1, 2, 3] {
      _ = try drain(
        ledger, server, name: "later \(hours)", now: { Ledger.now() + .hours(Int64(hours)) })
    }
    #expect(try ledger.counts(release) == [.accepted: count])
    var ids: [String: Int] = [:]
    _ = try WebhookLoopTests.send(["https://localhost:\(server.port)/last"], WebhookLoopTests.settings(server))
    while let line = try? server.next(), line["path"] as? String != "/last" {
      ids[(line["headers"] as? [String: String])?["webhook-id"] ?? "", default: 0] += 1
    }
    #expect(ids.count == count)
    let copies = ids.values.reduce(0, +) - count
    #expect(copies <= connections + 64, "\(copies) second copies")
  }
}
