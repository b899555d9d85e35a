// Rows that a clock ahead of this one wrote: their waits begin now, appointments stay.

import Outbox
import Store
import Testing

@Suite struct ClockTests {
  @Test(arguments: TestedDriver.allCases)
  func aClockThatIsSetBackHoldsNobodyUp(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    let back = bench.now - .hours(1)
    try bench.store.write { session in
      let release = try Samples.enqueue(Samples.release(1), readers: 4, in: session)
      let claimed = try session.claim(Samples.order("a", limit: 2))
      _ = try session.begin(claimed.map(\.id), worker: "a", now: bench.now)
      let again = bench.now + .minutes(5)
      _ = try session.record(
        [
          DeliveryOutcome(claimed[0], begun: true, event: .defer, at: bench.now, nextAttempt: again),
          DeliveryOutcome(claimed[1], begun: true, event: .handBack, at: bench.now),
        ], worker: "a")
      #expect(try session.claim(Samples.order("b", now: back)).isEmpty)
      #expect(try session.recount(now: back) == 4)
      // Once: then they are of this clock.
      #expect(try session.recount(now: back) == 0)
      #expect(try session.claim(Samples.order("b", now: back)).map(\.reader) == ["r2", "r3", "r4"])
      #expect(try session.claim(Samples.order("b", now: back + .minutes(5))).map(\.reader) == ["r1"])
      #expect(try session.counts(release: release) == [.leased: 4])
      var actions: [String] = []
      try session.auditEntries(after: 0) { entry in
        actions.append(entry.action)
        return true
      }
      #expect(actions == ["clock-back"])
    }
  }

  @Test(arguments: TestedDriver.allCases)
  func appointmentsAndSmallDifferencesStay(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    try bench.store.write { session in
      var scheduled = Samples.release(1)
      scheduled.startsAt = scheduled.at + .hours(2)
      _ = try Samples.enqueue(scheduled, readers: 1, in: session)
      _ = try DigestTests.enqueue(2, digests: 1, in: session)
      #expect(try session.recount(now: bench.now - .hours(1)) == 0)
      #expect(try session.claim(Samples.order("a", now: scheduled.startsAt - .seconds(1))).isEmpty)
      // The clocks of two machines are never quite the same.
      _ = try Samples.enqueue(Samples.release(3), readers: 1, in: session)
      #expect(try session.recount(now: bench.now - .seconds(1)) == 0)
    }
  }
}
