// What the ledger means, over every driver: rows are claimed once, begun once, ended once, and never lost.

import Outbox
import Store
import Testing

@Suite struct LedgerTests {
  @Test(arguments: TestedDriver.allCases)
  func aReleaseGoesOut(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    let release = try bench.store.write { try Samples.enqueue(Samples.release(1), readers: 3, withheld: 2, in: $0) }
    #expect(try bench.store.read { try $0.counts(release: release) } == [.pending: 3, .withheld: 2])

    let claimed = try bench.store.write { try $0.claim(Samples.order("a")) }
    #expect(claimed.map(\.reader) == ["r1", "r2", "r3"])
    #expect(claimed.allSatisfy { $0.channel == .emailTLS && $0.attempts == 0 && $0.decisionHash == [7, 7, 7] })
    let begun = try bench.store.write { try $0.begin(claimed.map(\.id), worker: "a", now: bench.now) }
    #expect(begun == claimed.map(\.id))

    let outcomes = [
      DeliveryOutcome(
        claimed[0], begun: true, event: .accept, at: bench.now, relay: "hub",
        reply: DeliveryOutcome.Reply(code: 250, enhanced: "2.0.0", text: "queued as 4X"), queueID: "4X",
        messageID: "<1@example.org>"),
      DeliveryOutcome(
        claimed[1], begun: true, event: .defer, at: bench.now, nextAttempt: bench.now + .minutes(1), relay: "hub",
        reply: DeliveryOutcome.Reply(code: 451, text: "try again in 1 minute")),
      DeliveryOutcome(
        claimed[2], begun: true, event: .bounce, at: bench.now,
        reply: DeliveryOutcome.Reply(code: 550, enhanced: "5.1.1", text: "no such user")),
    ]
    #expect(try bench.store.write { try $0.record(outcomes, worker: "a") } == [.recorded, .recorded, .recorded])
    let status = try bench.store.read { try $0.status(release: release) }
    #expect(status?.counts == [.accepted: 1, .deferred: 1, .bounced: 1, .withheld: 2])
    #expect(status?.isFinished == false)

    let row = try #require(try bench.store.read { try $0.delivery(claimed[0].id) })
    #expect(row.state == .accepted && row.queueID == "4X" && row.relay == "hub" && row.reply.enhanced == "2.0.0")
    #expect(row.messageID == "<1@example.org>" && row.attempts == 1 && row.leaseOwner == nil)

    #expect(try bench.store.write { try $0.claim(Samples.order("a")) }.isEmpty)
    let later = bench.now + .minutes(2)
    #expect(try bench.store.read { try $0.nextAttempt(channels: [.emailTLS]) } == bench.now + .minutes(1))
    func waiting(_ channels: [DeliveryChannel], by: Moment?) throws -> Int {
      try bench.store.read { try $0.waiting(channels: channels, by: by) }
    }
    #expect(try waiting([.emailTLS], by: nil) == 1 && waiting([.emailTLS], by: later) == 1)
    #expect(try waiting([.emailTLS], by: bench.now) == 0 && waiting([.emailPlain, .webhook], by: nil) == 0)
    let again = try bench.store.write { try $0.claim(Samples.order("a", now: later)) }
    #expect(again.map(\.id) == [claimed[1].id] && again.map(\.attempts) == [1])
  }

  @Test(arguments: TestedDriver.allCases)
  func whoDidNotGetItAndWhy(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    let release = try bench.store.write { try Samples.enqueue(Samples.release(1), readers: 2, withheld: 1, in: $0) }
    try bench.store.write { session in
      let claimed = try session.claim(Samples.order("a", limit: 1))
      _ = try session.begin(claimed.map(\.id), worker: "a", now: bench.now)
      _ = try session.record(
        claimed.map { DeliveryOutcome($0, begun: true, event: .accept, at: bench.now) }, worker: "a")
    }
    var rows: [DeliveryRecord] = []
    try bench.store.read { session in
      try session.withoutIt(release: release) { row in
        rows.append(row)
        return true
      }
    }
    #expect(rows.map(\.reader) == ["w1", "r2"])
    #expect(rows.first?.reasons == ["atom(LES)", "clause(sectors)"])
    #expect(rows.first?.words.first == "agreement nda expired 2026-10-31")
    #expect(rows.first?.variant == nil && rows.last?.variant == Samples.variant.key)
    #expect(rows.first?.serial == "CFC-OS-2026-0001" && rows.first?.policyVersion == "3")
  }

  @Test(arguments: TestedDriver.allCases)
  func lanesAreServedInOrderAndClassesApart(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    try bench.store.write { session in
      for (number, lane) in zip(1..., [Lane.routine, .priority, .immediate]) {
        try Samples.enqueue(Samples.release(number, lane: lane), readers: 2, in: session)
      }
      try Samples.enqueue(Samples.release(4), readers: 1, channel: .emailPlain, in: session)
      try Samples.enqueue(Samples.release(5, lane: .immediate), readers: 1, channel: .webhook, in: session)
    }
    let plain = try bench.store.write { try $0.claim(Samples.order("a", channels: [.emailPlain])) }
    #expect(plain.count == 1)
    let first = try bench.store.write { try $0.claim(Samples.order("a", limit: 3)) }
    #expect(first.map(\.lane) == [.immediate, .immediate, .priority])
    var order = Samples.order("a")
    order.lanes = [.routine]
    #expect(try bench.store.write { try $0.claim(order) }.map(\.lane) == [.routine, .routine])
    #expect(try bench.store.write { try $0.claim(Samples.order("a")) }.map(\.lane) == [.priority])
  }

  @Test(arguments: TestedDriver.allCases)
  func twoWorkersNeverClaimTheSameRow(driver: TestedDriver) async throws {
    let bench = try Workbench(driver)
    try bench.store.write { _ = try Samples.enqueue(Samples.release(1), readers: 3_000, in: $0) }
    let claims = try await withThrowingTaskGroup(of: [Int64].self) { group in
      for worker in ["a", "b", "c"] {
        let store = try bench.another(driver)
        group.addTask {
          var mine: [Int64] = []
          while true {
            let batch = try store.write { try $0.claim(Samples.order(worker, limit: 37)) }
            if batch.isEmpty { return mine }
            mine += try store.write { try $0.begin(batch.map(\.id), worker: worker, now: Workbench.start) }
          }
        }
      }
      return try await group.reduce(into: [Int64]()) { $0 += $1 }
    }
    #expect(claims.count == 3_000)
    #expect(Set(claims).count == 3_000)
  }

  @Test(arguments: TestedDriver.allCases)
  func aLeaseThatLapsedIsPendingWhatWasBegunIsUncertain(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    let held = try bench.store.write { try Samples.enqueue(Samples.release(1), readers: 3, in: $0) }
    let resent = try bench.store.write {
      try Samples.enqueue(Samples.release(2, onUncertain: .resend), readers: 1, in: $0)
    }
    let claimed = try bench.store.write { try $0.claim(Samples.order("a")) }
    #expect(claimed.count == 4)
    let begun = claimed.filter { $0.reader != "r3" }.map(\.id)
    _ = try bench.store.write { try $0.begin(begun, worker: "a", now: bench.now) }
    let holding = try bench.store.read { try $0.leaseHoldings() }.first
    #expect(holding?.owner == "a" && holding?.rows == 4 && holding?.sending == 3)
    #expect(holding?.earliestEnd == bench.now + .minutes(5))

    // The worker dies here: its database is all that is left.
    let second = try bench.another(driver)
    #expect(try second.write { try $0.lapseLeases(now: bench.now + .minutes(4), random: { 0.5 }) } == 0)
    let end = bench.now + .minutes(5)
    #expect(try second.write { try $0.lapseLeases(now: end, random: { 0.5 }) } == 4)
    #expect(try second.read { try $0.counts(release: held) } == [.pending: 1, .uncertain: 2])
    #expect(try second.read { try $0.counts(release: resent) } == [.deferred: 1])
    let copy = try #require(
      try second.read { try $0.delivery(claimed.first { $0.release == resent }?.id ?? 0) })
    #expect(copy.secondCopies == 1 && copy.nextAttempt == end + .minutes(1))

    // It was only stopped, and has its answers after all: no second copy is needed.
    let late = claimed.filter { begun.contains($0.id) }
      .map { DeliveryOutcome($0, begun: true, event: .accept, at: end) }
    #expect(try bench.store.write { try $0.record(late, worker: "a") } == [.late, .late, .late])
    #expect(try second.read { try $0.counts(release: held) } == [.pending: 1, .accepted: 2])
    #expect(try second.read { try $0.counts(release: resent) } == [.accepted: 1])
  }

  @Test(arguments: TestedDriver.allCases)
  func anAnswerOfAnEarlierAttemptIsStale(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    try bench.store.write {
      _ = try Samples.enqueue(Samples.release(1, onUncertain: .resend), readers: 1, in: $0)
    }
    let first = try bench.store.write { try $0.claim(Samples.order("a")) }
    _ = try bench.store.write { try $0.begin(first.map(\.id), worker: "a", now: bench.now) }
    let later = bench.now + .minutes(10)
    _ = try bench.store.write { try $0.lapseLeases(now: later, random: { 0 }) }
    let second = try bench.store.write { try $0.claim(Samples.order("b", now: later + .minutes(5))) }
    #expect(second.count == 1)
    let answer = first.map { DeliveryOutcome($0, begun: true, event: .accept, at: later) }
    // Leased by b, not begun by b: what a says cannot be written over b's lease.
    #expect(try bench.store.write { try $0.record(answer, worker: "a") } == [.stale])
    let begun = try bench.store.write { try $0.begin(second.map(\.id), worker: "b", now: later + .minutes(5)) }
    #expect(begun == second.map(\.id))
    #expect(try bench.store.write { try $0.record(answer, worker: "a") } == [.stale])
    #expect(try bench.store.read { try $0.delivery(first[0].id) }?.state == .leased)
  }

  @Test(arguments: TestedDriver.allCases)
  func nothingIsBegunAfterItsLeaseOrItsCancel(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    let release = try bench.store.write { try Samples.enqueue(Samples.release(1), readers: 3, in: $0) }
    let claimed = try bench.store.write { try $0.claim(Samples.order("a", limit: 2)) }
    #expect(
      try bench.store.write { try $0.begin(claimed.map(\.id), worker: "b", now: bench.now) }.isEmpty)
    #expect(
      try bench.store.write { try $0.begin(claimed.map(\.id), worker: "a", now: bench.now + .minutes(5)) }.isEmpty)
    _ = try bench.store.write { try $0.begin([claimed[0].id], worker: "a", now: bench.now) }
    #expect(try bench.store.write { try $0.begin([claimed[0].id], worker: "a", now: bench.now) }.isEmpty)
    #expect(try bench.store.write { try $0.cancel(release: release, at: bench.now) } == 2)
    #expect(try bench.store.write { try $0.begin([claimed[1].id], worker: "a", now: bench.now) }.isEmpty)
    #expect(try bench.store.read { try $0.counts(release: release) } == [.leased: 1, .cancelled: 2])
  }

  @Test(arguments: TestedDriver.allCases)
  func aWorkerGivesBackWhatItDidNotBegin(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    let release = try bench.store.write { try Samples.enqueue(Samples.release(1), readers: 5, in: $0) }
    let claimed = try bench.store.write { try $0.claim(Samples.order("a")) }
    _ = try bench.store.write { try $0.begin([claimed[0].id, claimed[1].id], worker: "a", now: bench.now) }
    #expect(try bench.store.write { try $0.handBack(worker: "a") } == 3)
    let back = DeliveryOutcome(claimed[0], begun: true, event: .handBack, at: bench.now)
    #expect(try bench.store.write { try $0.record([back], worker: "a") } == [.recorded])
    #expect(try bench.store.read { try $0.counts(release: release) } == [.pending: 4, .leased: 1])
    let until = bench.now + .hours(1)
    #expect(try bench.store.write { try $0.renew(worker: "a", now: bench.now, until: until) } == 1)
    #expect(try bench.store.read { try $0.leaseHoldings() }.first?.earliestEnd == until)
    #expect(try bench.store.write { try $0.lapseLeases(ofWorker: "a", now: bench.now, random: { 0 }) } == 1)
    #expect(try bench.store.read { try $0.counts(release: release) } == [.pending: 4, .uncertain: 1])
  }

  @Test(arguments: TestedDriver.allCases)
  func aRefusedMessageWaitsForAPersonAndBlocksNobody(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    let bad = try bench.store.write { try Samples.enqueue(Samples.release(1, lane: .immediate), readers: 3, in: $0) }
    let good = try bench.store.write { try Samples.enqueue(Samples.release(2), readers: 1, in: $0) }
    let claimed = try bench.store.write { try $0.claim(Samples.order("a", limit: 1)) }
    let refused = DeliveryOutcome(
      claimed[0], begun: false, event: .quarantine, at: bench.now,
      reply: DeliveryOutcome.Reply(code: 552, text: "too big"))
    _ = try bench.store.write { try $0.record([refused], worker: "a") }
    let variant = claimed[0].variant
    #expect(
      try bench.store.write { try $0.hold(release: bad, variant: variant, reason: "quarantine", at: bench.now) } == 2)
    #expect(try bench.store.write { try $0.claim(Samples.order("a")) }.map(\.release) == [good])
    #expect(try bench.store.read { try $0.status(release: bad) }?.held == 3)
    #expect(
      try bench.store.write { try $0.letGo(release: bad, variant: nil, reason: "quarantine", at: bench.now) } == 3)
    #expect(try bench.store.write { try $0.claim(Samples.order("a")) }.count == 3)
  }

  @Test(arguments: TestedDriver.allCases)
  func pausesHoldWhatTheyName(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    try bench.store.write { session in
      try Samples.enqueue(Samples.release(1, lane: .immediate), readers: 1, in: session)
      try Samples.enqueue(Samples.release(2), readers: 1, in: session)
      try Samples.enqueue(Samples.release(3), readers: 1, channel: .emailPlain, in: session)
    }
    func claimable(_ scope: Pause.Scope, _ name: String = "") throws -> [Int64] {
      let pause = Pause(scope: scope, name: name, by: "watch", at: bench.now)
      try bench.store.write { try $0.set(pause: pause) }
      let another = try bench.another(driver)
      let found = try another.write { session in
        let rows = try session.claim(Samples.order("a"))
        _ = try session.handBack(worker: "a")
        return rows.map(\.release)
      }
      try bench.store.write { try $0.resume(scope: scope, name: name) }
      return found
    }
    #expect(try claimable(.halt) == [])
    #expect(try claimable(.all) == [])
    #expect(try claimable(.lane, "immediate") == [2, 3])
    #expect(try claimable(.channel, "email-plain") == [1, 2])
    #expect(try claimable(.release, "CFC-OS-2026-0002") == [1, 3])
    #expect(try claimable(.relay, "hub") == [1, 2, 3])
    #expect(try bench.store.read { try $0.pauses() }.isEmpty)
    try bench.store.write { try $0.set(importFailure: "lists/x.yaml line 3", at: bench.now) }
    #expect(try bench.store.write { try $0.claim(Samples.order("a")) }.isEmpty)
    try bench.store.write { try $0.set(importFailure: nil, at: bench.now) }
    #expect(try bench.store.write { try $0.claim(Samples.order("a")) }.count == 3)
  }

  @Test(arguments: TestedDriver.allCases)
  func theLifetimeEnds(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    let release = try bench.store.write { try Samples.enqueue(Samples.release(1), readers: 4, in: $0) }
    let claimed = try bench.store.write { try $0.claim(Samples.order("a", limit: 2)) }
    _ = try bench.store.write { try $0.begin(claimed.map(\.id), worker: "a", now: bench.now) }
    let last = DeliveryOutcome(
      claimed[0], begun: true, event: .defer, at: bench.now, reply: DeliveryOutcome.Reply(code: 451))
    _ = try bench.store.write { try $0.record([last], worker: "a") }
    #expect(try bench.store.write { try $0.expireRows(now: bench.now) } == 0)
    #expect(try bench.store.write { try $0.expireRows(now: bench.now + .hours(72)) } == 2)
    #expect(try bench.store.read { try $0.counts(release: release) } == [.expired: 3, .leased: 1])
    _ = try bench.store.write { try $0.lapseLeases(now: bench.now + .hours(72), random: { 0.5 }) }
    let status = try bench.store.read { try $0.status(release: release) }
    #expect(status?.counts == [.expired: 3, .uncertain: 1])
    #expect(status?.isFinished == true)
  }

  @Test(arguments: TestedDriver.allCases)
  func aPersonSettlesWhatIsUncertain(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    try bench.store.write { _ = try Samples.enqueue(Samples.release(1), readers: 3, in: $0) }
    let rows = try bench.store.write { session in
      let claimed = try session.claim(Samples.order("a"))
      _ = try session.begin(claimed.map(\.id), worker: "a", now: bench.now)
      let lost = claimed.map { DeliveryOutcome($0, begun: true, event: .lose, at: bench.now) }
      _ = try session.record(lost, worker: "a")
      return claimed
    }
    func state(_ index: Int) throws -> DeliveryState? {
      try bench.store.read { try $0.delivery(rows[index].id) }?.state
    }
    func apply(_ event: DeliveryEvent, _ index: Int) throws {
      try bench.store.write {
        try $0.apply(
          event, delivery: rows[index].id, reply: DeliveryOutcome.Reply(text: "by telephone"), nextAttempt: nil,
          at: bench.now)
      }
    }
    #expect(try state(0) == .uncertain)
    try apply(.settle, 0)
    try apply(.resend, 1)
    try apply(.bounce, 2)
    #expect(try [state(0), state(1), state(2)] == [.accepted, .deferred, .bounced])
    try apply(.bounce, 0)
    #expect(try state(0) == .bounced)
    for event in DeliveryEvent.allCases {
      let error = #expect(throws: StoreError.self) { try apply(event, 2) }
      #expect(error?.code == .illegalTransition)
    }
    #expect(try bench.store.write { try $0.claim(Samples.order("a")) }.map(\.id) == [rows[1].id])
  }

  @Test(arguments: TestedDriver.allCases)
  func aDecisionMadeAnewIsKept(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    let release = try bench.store.write { try Samples.enqueue(Samples.release(1), readers: 2, in: $0) }
    let claimed = try bench.store.write { try $0.claim(Samples.order("a")) }
    let bare = #expect(throws: StoreError.self) {
      try bench.store.write {
        let outcome = DeliveryOutcome(claimed[1], begun: false, event: .withhold, at: bench.now)
        return try $0.record([outcome], worker: "a")
      }
    }
    #expect(bare?.code == .constraint)
    try bench.store.write { session in
      var other = Samples.variant
      other.key = "another"
      let variant = try session.insert(variant: other, release: release)
      let full = try session.insert(decision: Samples.decision(variant: variant), release: release)
      try session.set(decision: full, of: claimed[0].id, at: bench.now + .seconds(1))
      let not = try session.insert(decision: Samples.decision(.withheld, variant: nil), release: release)
      let withheld = DeliveryOutcome(claimed[1], begun: false, event: .withhold, at: bench.now, decision: not)
      #expect(try session.record([withheld], worker: "a") == [.recorded])
    }
    let rows = try bench.store.read { session in try claimed.compactMap { try session.delivery($0.id) } }
    #expect(rows[0].variant == "another" && rows[0].state == .leased && rows[0].decidedAt > bench.now)
    #expect(rows[1].state == .withheld && rows[1].reasons == ["atom(LES)", "clause(sectors)"])
  }
}
