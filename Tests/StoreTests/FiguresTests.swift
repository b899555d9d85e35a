// Figures come from rows and agree with counting them one by one; workers are remembered for a day.

import Outbox
import Store
import Testing

@Suite struct FiguresTests {
  /// Another way to count: every row looked at.
  private func counted(_ store: SQLStore) throws -> LedgerFigures {
    var figures = LedgerFigures()
    try store.read { session in
      for release in try session.releases(limit: 1_000) {
        try session.deliveries(release: release.id, states: []) { row in
          figures.rows[row.lane, default: [:]][row.state, default: 0] += 1
          if row.held != nil { figures.held += 1 }
          if row.state.isOpen {
            let old = figures.oldestOpen[row.lane] ?? release.startsAt
            figures.oldestOpen[row.lane] = min(old, release.startsAt)
          }
          if row.held == nil, let next = row.nextAttempt {
            figures.earliestDue[row.lane] = min(figures.earliestDue[row.lane] ?? next, next)
          }
          return true
        }
      }
    }
    return figures
  }

  @Test(arguments: TestedDriver.allCases)
  func agreeWithTheRows(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    #expect(try bench.store.read { try $0.figures() } == LedgerFigures())
    let now = bench.now
    try bench.store.write { session in
      for number in 1...6 {
        let lane = Lane.allCases[number % 3]
        try Samples.enqueue(
          Samples.release(number, lane: lane, at: now - .minutes(Int64(number))), readers: 10 * number,
          withheld: number,
          in: session)
      }
    }
    #expect(try bench.store.read { try $0.figures() } == counted(bench.store))
    // Some go out, some fail, some are held or cancelled.
    try bench.store.write { session in
      let rows = try session.claim(Samples.order("w", limit: 40, now: now))
      let begun = try session.begin(rows.map(\.id), worker: "w", now: now)
      let outcomes = rows.filter { begun.contains($0.id) }.prefix(30).enumerated().map { index, row in
        DeliveryOutcome(
          row, begun: true, event: [.accept, .bounce, .quarantine][index % 3], at: now, relay: "main")
      }
      _ = try session.record(outcomes, worker: "w")
      _ = try session.cancel(release: 5, at: now)
    }
    let figures = try bench.store.read { try $0.figures() }
    #expect(figures == (try counted(bench.store)))
    #expect(try bench.store.read { try $0.heldByReason() } == ["quarantine": 10])
    #expect(figures.held == 10 && figures.count(.accepted) == 10 && figures.count(.leased) == 10)
    #expect(figures.total == 210 + 21)
  }

  /// What waits for a digest is neither old nor overdue before the digest is due; what waits beside it is.
  @Test(arguments: TestedDriver.allCases)
  func aDigestIsNotDueBeforeItsTime(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    let (digest, due) = (DigestTests.digest, DigestTests.due)
    let both = try bench.store.write { session in
      _ = try DigestTests.enqueue(1, digests: 3, in: session)
      return try DigestTests.enqueue(2, digests: 2, singles: 1, in: session)
    }
    var figures = try bench.store.read { try $0.figures() }
    let starts = try bench.store.read { try $0.release(both)?.startsAt }
    #expect(figures.oldestOpen == [.routine: try #require(starts)])
    let single = try bench.store.write { try $0.claim(Samples.order("w")) }
    #expect(single.count == 1)
    try bench.store.write { session in
      _ = try session.begin(single.map(\.id), worker: "w", now: bench.now)
      _ = try session.record(
        single.map { DeliveryOutcome($0, begun: true, event: .accept, at: bench.now) }, worker: "w")
    }
    figures = try bench.store.read { try $0.figures() }
    #expect(figures.oldestOpen == [.routine: digest] && figures.earliestDue == [.routine: digest])
    #expect(figures.rows[.routine]?[.pending] == 5)
    // Claimed, they are under way like any others.
    let claimed = try bench.store.write { try $0.claim(Samples.order("w", now: due)) }
    #expect(!claimed.isEmpty)
    #expect(try bench.store.read { try $0.figures() }.oldestOpen == [.routine: try #require(starts)])
  }

  @Test(arguments: TestedDriver.allCases)
  func newestMomentIsThatOfTheLastThing(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    #expect(try bench.store.read { try $0.newestMoment() } == nil)
    _ = try bench.store.write { try Samples.enqueue(Samples.release(1), readers: 1, in: $0) }
    #expect(try bench.store.read { try $0.newestMoment() } == bench.now)
    let later = bench.now + .hours(1)
    try bench.store.write { try $0.audit(actor: "a", action: "b", subject: "c", detail: "", at: later) }
    #expect(try bench.store.read { try $0.newestMoment() } == later)
  }

  @Test(arguments: TestedDriver.allCases)
  func workersAreRememberedForATime(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    var report = WorkerReport(
      worker: "host/1/2/3", startedAt: bench.now, seenAt: bench.now, inFlight: 7,
      relays: [
        WorkerReport.RelayLine(relay: "main", accepted: 3, lastAcceptedAt: bench.now),
        WorkerReport.RelayLine(relay: "spare", lastAlertAt: bench.now, alert: "refused"),
      ])
    try bench.store.write { try $0.report(report) }
    #expect(try bench.store.read { try $0.workers() } == [report])
    #expect(!report.relays[0].isInTrouble && report.relays[1].isInTrouble)
    report.seenAt = bench.now + .seconds(9)
    report.endedAt = report.seenAt
    report.relays[0].accepted = 4
    try bench.store.write { try $0.report(report) }
    #expect(try bench.store.read { try $0.workers() } == [report])
    try bench.store.write { try $0.forgetWorkers(seenBefore: bench.now + .seconds(9)) }
    #expect(try bench.store.read { try $0.workers() }.count == 1)
    try bench.store.write { try $0.forgetWorkers(seenBefore: bench.now + .seconds(10)) }
    #expect(try bench.store.read { try $0.workers() }.isEmpty)
  }

  @Test(arguments: TestedDriver.allCases)
  func appliedChangesAreNamed(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    let applied = try bench.store.read { try $0.appliedChanges() }
    #expect(applied.map(\.number) == SchemaChange.all.map(\.number) && applied.first?.name == "ledger")
  }
}
