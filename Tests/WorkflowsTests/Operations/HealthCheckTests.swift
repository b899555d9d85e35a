// The thresholds of `revere doctor`, one by one, on both sides.

import Distribution
import Markings
import Outbox
import Store
import Testing
import Workflows

@Suite struct HealthCheckTests {
  private let now = Moment(seconds: 100_000)
  private func ago(_ seconds: Int64) -> Moment { now - .seconds(seconds) }

  @Test(
    arguments: [
      (Lane.immediate, 59, HealthCheck.Verdict.ok), (.immediate, 60, .warning), (.immediate, 300, .failure),
      (.priority, 299, .ok), (.priority, 300, .warning), (.priority, 1_800, .failure), (.routine, 1_799, .ok),
      (.routine, 1_800, .warning), (.routine, 14_400, .failure), (.routine, -500, .ok),
    ] as [(Lane, Int64, HealthCheck.Verdict)])
  func backlog(_ lane: Lane, _ seconds: Int64, _ verdict: HealthCheck.Verdict) {
    let check = HealthChecks.backlog(LedgerFigures(earliestDue: [lane: ago(seconds)]), now: now)
    #expect(check.verdict == verdict && check.advice.isEmpty == (verdict == .ok))
  }

  /// Quiet from 50,000 to 90,000; what waits for their end is late from then on alone.
  @Test(
    arguments: [
      (60_000, 55_000, nil), (60_000, 40_000, nil), (95_000, 55_000, 5_000), (95_000, 49_000, 5_000),
      (95_000, 40_000, 55_000), (49_000, 40_000, 9_000), (95_000, 93_000, 2_000),
    ] as [(Int64, Int64, Int64?)])
  func routineMailInQuietHours(now seconds: Int64, due: Int64, late: Int64?) {
    let now = Moment(seconds: seconds)
    let quiet = Moment(seconds: 50_000)..<Moment(seconds: 90_000)
    let figures = LedgerFigures(
      earliestDue: [.routine: Moment(seconds: due), .immediate: Moment(seconds: due)]
    ).outsideQuietHours(now: now) { quiet.contains($0) ? quiet.upperBound : nil }
    #expect(figures.earliestDue[.immediate] == Moment(seconds: due))
    let found = figures.earliestDue[.routine].flatMap { now > $0 ? (now - $0).milliseconds / 1_000 : nil }
    #expect(found == late)
  }

  @Test func rowsWithoutARelayOfTheirClass() {
    #expect(HealthChecks.relayClasses([]).verdict == .ok)
    func words(_ rows: Int, _ relays: [String]) -> String {
      UncarriedRows(needed: .emailTLS, rows: rows, due: 0, relays: relays).words
    }
    #expect(words(12, ["x"]) == "12 rows need a relay of class email-tls; `x` is email-plain")
    #expect(words(1, ["x", "y"]) == "1 row needs a relay of class email-tls; `x` and `y` are email-plain")
    #expect(words(2, []) == "2 rows need a relay of class email-tls; revere.yaml names no relay")
    let check = HealthChecks.relayClasses([UncarriedRows(needed: .emailTLS, rows: 3, due: 3, relays: ["x"])])
    #expect(check.verdict == .failure && check.says.hasPrefix("3 rows") && check.advice.contains("tls: required"))
  }

  @Test func rowsThatWaitForPeople() {
    #expect(HealthChecks.waitingForPeople(uncertain: 0, held: [:]).verdict == .ok)
    let check = HealthChecks.waitingForPeople(uncertain: 3, held: ["quarantine": 2])
    #expect(check.verdict == .warning && check.says.contains("2 held, 3 uncertain"))
    #expect(check.advice.contains("settle") && !check.advice.contains("webhooks"))
    // No word of `settle` helps these.
    let ofEndpoints = HealthChecks.waitingForPeople(uncertain: 0, held: ["endpoint": 4])
    #expect(ofEndpoints.verdict == .warning && ofEndpoints.says.contains("4 held for a disabled endpoint"))
    #expect(ofEndpoints.advice.contains("webhooks enable") && !ofEndpoints.advice.contains("settle"))
    let both = HealthChecks.waitingForPeople(uncertain: 0, held: ["endpoint": 4, "quarantine": 1])
    #expect(both.says.contains(": 1 held, 4 held for") && both.advice.contains("settle"))
    #expect(both.advice.contains("webhooks enable"))
  }

  private func endpoint(_ state: EndpointState?, waiting: Int = 0) -> HealthCheck {
    let endpoint = WebhookEndpoint(id: "hook", stakeholder: "machine", url: "https://hooks.example.gov/SECRET")
    return HealthChecks.endpoint(
      EndpointStanding(endpoint: endpoint, state: state, secrets: 1, waiting: waiting), now: now)
  }

  @Test func endpoints() {
    #expect(endpoint(nil).verdict == .ok && endpoint(nil).name == "endpoint hook")
    #expect(endpoint(EndpointState(id: "hook")).verdict == .ok)
    func failing(_ seconds: Int64) -> HealthCheck {
      endpoint(
        EndpointState(id: "hook", failingSince: ago(seconds), failures: 3, lastFailure: "500 for bob@x.gov"), waiting: 2
      )
    }
    #expect(failing(3_599).verdict == .ok && failing(3_600).verdict == .warning)
    #expect(failing(7_200).says.contains("3 times in a row, for 2 h: 500 for (address); 2 deliveries wait"))
    let closed = EndpointState(id: "hook", disabledAt: ago(300), disabledBy: "w", disabledWhy: "it answered 410 Gone")
    #expect(endpoint(closed).verdict == .warning && endpoint(closed, waiting: 1).verdict == .failure)
    #expect(endpoint(closed).says == "it has been disabled for 5 min: it answered 410 Gone")
    #expect(endpoint(closed).advice.contains("revere webhooks enable hook"))
    #expect(!endpoint(closed, waiting: 1).says.contains("SECRET"))
  }

  @Test func leasesThatLapsedOrWhoseOwnerIsGone() {
    let holdings = [
      LeaseHolding(owner: "a", rows: 5, sending: 1, earliestEnd: now + .seconds(1)),
      LeaseHolding(owner: "b", rows: 2, sending: 2, earliestEnd: now),
    ]
    #expect(HealthChecks.leases([holdings[0]], now: now) { _ in false }.verdict == .ok)
    let lapsed = HealthChecks.leases(holdings, now: now) { _ in false }
    #expect(lapsed.verdict == .warning && lapsed.says.contains("2 rows are leased by 1 workers"))
    #expect(HealthChecks.leases(holdings, now: now) { $0 == "a" }.says.contains("7 rows"))
  }

  @Test func nobodySends() {
    let due = LedgerFigures(earliestDue: [.routine: ago(121)])
    let justDue = LedgerFigures(earliestDue: [.immediate: ago(120)])
    let later = LedgerFigures(earliestDue: [.routine: now + .seconds(1)])
    let present = WorkerReport(worker: "w", startedAt: ago(500), seenAt: ago(120))
    let silent = WorkerReport(worker: "w", startedAt: ago(500), seenAt: ago(121))
    let ended = WorkerReport(worker: "w", startedAt: ago(500), seenAt: ago(121), endedAt: ago(121))
    #expect(HealthChecks.workers([present], due, now: now).verdict == .ok)
    // A timer's run has just ended: the next is near.
    let run = WorkerReport(worker: "w", startedAt: ago(130), seenAt: ago(1), endedAt: ago(1))
    #expect(HealthChecks.workers([run], due, now: now).verdict == .ok)
    for gone in [[], [silent], [ended]] {
      #expect(HealthChecks.workers(gone, due, now: now).verdict == .failure)
      #expect(HealthChecks.workers(gone, later, now: now).verdict == .ok)
      #expect(HealthChecks.workers(gone, justDue, now: now).verdict == .ok)
    }
  }

  @Test func pauses() {
    #expect(HealthChecks.pauses([], now: now).verdict == .ok)
    let lane = Pause(scope: .lane, name: "routine", by: "ops", at: ago(300), reason: "relay moves")
    let check = HealthChecks.pauses([lane], now: now)
    #expect(check.verdict == .warning && check.says == "paused: lane routine by ops, 5 min ago (relay moves)")
    #expect(HealthChecks.pauses([lane, Pause(scope: .halt, by: "ops", at: now)], now: now).verdict == .failure)
  }

  @Test func schema() {
    func verdict(_ newest: Int64) -> HealthCheck.Verdict {
      HealthChecks.schema([AppliedChange(number: newest, name: "x", at: now)], known: 7).verdict
    }
    #expect(verdict(7) == .ok && verdict(6) == .warning && verdict(8) == .failure)
  }

  @Test(
    arguments: [
      (nil, 0, HealthCheck.Verdict.ok), (-60, 0, .ok), (4, 0, .ok), (5, 0, .warning), (300, 0, .failure),
      (0, 250, .ok), (0, -251, .warning),
    ] as [(Int64?, Int64, HealthCheck.Verdict)])
  func clock(_ ahead: Int64?, _ drift: Int64, _ verdict: HealthCheck.Verdict) {
    let newest = ahead.map { now + .seconds($0) }
    #expect(HealthChecks.clock(newest: newest, now: now, drift: Moment.Span(milliseconds: drift)).verdict == verdict)
  }

  @Test(
    arguments: [
      (100, 100_000, HealthCheck.Verdict.failure), (199, 200, .failure), (200, 300, .warning), (1_023, 2_000, .warning),
      (1_024, 10_000, .ok), (4_000, 100_000, .warning), (50_000, 100_000, .ok),
    ] as [(Int64, Int64, HealthCheck.Verdict)])
  func disk(_ free: Int64, _ total: Int64, _ verdict: HealthCheck.Verdict) {
    #expect(HealthChecks.disk(free: free << 20, total: total << 20, place: "var").verdict == verdict)
  }

  @Test func secretFiles() {
    func verdict(_ mode: UInt32?, owned: Bool = true) -> HealthCheck.Verdict {
      HealthChecks.secretFile("var/x", what: "password", mode: mode, isOwned: owned).verdict
    }
    #expect(verdict(0o600) == .ok && verdict(0o400) == .ok && verdict(0o600, owned: false) == .warning)
    #expect(verdict(0o640) == .warning && verdict(0o604) == .failure && verdict(nil) == .failure)
  }

  private func relay(_ days: Int64?, failure: Failure? = nil, verified: Bool = true) -> HealthCheck {
    let now = Instant(seconds: 1_000_000)
    return HealthChecks.relay(
      HealthChecks.RelayFacts(
        name: "main", place: "relay.example.gov:587", isVerified: verified, failure: failure, milliseconds: 12,
        certificateEnds: days.map { Instant(seconds: now.seconds + $0 * 86_400) }), now: now)
  }

  @Test func relays() {
    #expect(relay(90).verdict == .ok && relay(14).verdict == .ok && relay(13).verdict == .warning)
    #expect(relay(2).verdict == .failure && relay(-1).verdict == .failure && relay(nil).verdict == .ok)
    #expect(relay(nil, verified: false).says.contains("neither FOUO nor LES"))
    let refused = relay(nil, failure: Failure(stage: .login, code: 535, text: "no, bob@x.gov"))
    #expect(refused.verdict == .failure && refused.says.contains("login: no, (address)"))
    #expect(refused.advice.contains("password-file") && refused.name == "relay main")
  }

  @Test func certificateDates() {
    #expect(CertificateDate.end(["Subject:CN = x", "Expire date:Nov 22 16:00:00 2026 GMT"])?.seconds == 1_795_363_200)
    #expect(CertificateDate.end(["Expire date:Jan  2 00:00:00 2027 GMT"])?.seconds == 1_798_848_000)
    #expect(CertificateDate.end(["Expire date:2026-11-22 16:00:00 GMT"])?.seconds == 1_795_363_200)
    #expect(CertificateDate.end(["Expire date:soon"]) == nil && CertificateDate.end([]) == nil)
  }

  @Test func theWorstCounts() {
    #expect(HealthChecks.worst([]) == .ok)
    #expect(HealthChecks.worst([HealthCheck("a", .warning, ""), HealthCheck("b", .ok, "")]) == .warning)
    #expect(HealthChecks.worst([HealthCheck("a", .warning, ""), HealthCheck("b", .failure, "")]) == .failure)
  }
}
