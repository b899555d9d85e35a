// Rows of a reader's digest: claimed together, begun together or not at all, ended together.

import Outbox
import Store
import Testing

@Suite struct DigestTests {
  static let digest = Workbench.start + .hours(19)
  static let due = digest + .minutes(1)

  /// Releases of which `r1` .. wait for the digest, and `s1` .. do not.
  static func enqueue(
    _ number: Int, digests: Int, singles: Int = 0, onUncertain: OnUncertain = .hold, at: Moment = DigestTests.digest,
    in session: any StoreSession
  ) throws -> Int64 {
    let release = Samples.release(number, onUncertain: onUncertain)
    let id = try session.insert(release: release)
    let variant = try session.insert(variant: Samples.variant, release: id)
    let full = try session.insert(decision: Samples.decision(variant: variant), release: id)
    var next = 0
    _ = try session.enqueue(release: id, decidedAt: release.at) {
      guard next < digests + singles else { return nil }
      next += 1
      let isDigest = next <= digests
      return NewDelivery(
        reader: isDigest ? "r\(next)" : "s\(next - digests)", address: "r\(next)@example.gov", format: .html,
        decision: full, decisionHash: [7], digest: isDigest ? at : nil)
    }
    return id
  }

  private func rows(_ bench: Workbench, _ ids: [Int64]) throws -> [DeliveryRecord] {
    try bench.store.read { session in try ids.compactMap { try session.delivery($0) } }
  }

  @Test(arguments: TestedDriver.allCases)
  func waitsForItsTimeAndIsClaimedTogether(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    let releases = try bench.store.write { session in
      try (1...3).map { try Self.enqueue($0, digests: 2, singles: 1, in: session) }
    }
    let early = try bench.store.write { try $0.claim(Samples.order("a")) }
    #expect(early.map(\.reader) == ["s1", "s1", "s1"] && early.allSatisfy { $0.digest == nil && $0.riders.isEmpty })
    let status = try bench.store.read { try $0.status(release: releases[0]) }
    #expect(status?.inDigests == 2 && status?.nextDigest == Self.digest)
    #expect(try bench.store.read { try $0.nextAttempt(channels: [.emailTLS]) } == Self.digest)
    #expect(try bench.store.read { try $0.waiting(channels: [.emailTLS], by: Self.due) } == 6)
    #expect(try bench.store.read { try $0.waiting(channels: [.emailTLS], by: bench.now) } == 0)

    let claimed = try bench.store.write { try $0.claim(Samples.order("a", now: Self.due)) }
    #expect(claimed.map(\.reader) == ["r1", "r2"])
    #expect(claimed.allSatisfy { $0.digest == Self.digest && $0.riders.count == 2 && $0.rows.count == 3 })
    #expect(
      claimed.allSatisfy { Set($0.rows.map(\.release)) == Set(releases) && Set($0.rows.map(\.reader)).count == 1 })
    #expect(try bench.store.write { try $0.claim(Samples.order("b", now: Self.due)) }.isEmpty)

    let ids = claimed[0].rows.map(\.id)
    #expect(try bench.store.write { try $0.begin(together: ids, worker: "a", now: Self.due) })
    let outcome = DeliveryOutcome(
      claimed[0], begun: true, event: .accept, at: Self.due, relay: "hub",
      reply: DeliveryOutcome.Reply(code: 250, text: "ok"), queueID: "4X", messageID: "<d@example.org>")
    #expect(try bench.store.write { try $0.record([outcome], worker: "a") } == [.recorded])
    let done = try rows(bench, ids)
    #expect(done.allSatisfy { $0.state == .accepted && $0.messageID == "<d@example.org>" && $0.queueID == "4X" })
    #expect(done.allSatisfy { $0.digest == Self.digest && $0.attempts == 1 })

    // A report of a bounce names one of the rows: what one message carried has one fate.
    try bench.store.write {
      try $0.apply(
        .bounce, delivery: ids[1], reply: DeliveryOutcome.Reply(code: 550, enhanced: "5.1.1"), nextAttempt: nil,
        at: Self.due)
    }
    #expect(try rows(bench, ids).allSatisfy { $0.state == .bounced && $0.reply.enhanced == "5.1.1" })
    // The other reader's is their own.
    #expect(try rows(bench, claimed[1].rows.map(\.id)).allSatisfy { $0.state == .leased })
  }

  /// A bulletin is recalled after the digest was composed: it is not sent with it.
  @Test(arguments: TestedDriver.allCases)
  func aRecallBeforeTheFirstByteStopsTheWhole(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    let releases = try bench.store.write { session in
      try (1...3).map { try Self.enqueue($0, digests: 1, in: session) }
    }
    let claimed = try #require(try bench.store.write { try $0.claim(Samples.order("a", now: Self.due)) }.first)
    try bench.store.write { _ = try $0.cancel(release: releases[1], at: Self.due) }
    let ids = claimed.rows.map(\.id)
    #expect(try bench.store.write { try !$0.begin(together: ids, worker: "a", now: Self.due) })
    #expect(try rows(bench, ids).allSatisfy { $0.sendingSince == nil && $0.attempts == 0 })
    _ = try bench.store.write {
      try $0.record([DeliveryOutcome(claimed, begun: false, event: .handBack, at: Self.due)], worker: "a")
    }
    let again = try #require(try bench.store.write { try $0.claim(Samples.order("a", now: Self.due)) }.first)
    #expect(again.rows.map(\.release) == [releases[0], releases[2]])
    #expect(try bench.store.write { try $0.begin(together: again.rows.map(\.id), worker: "a", now: Self.due) })
    #expect(try rows(bench, ids).map(\.state) == [.leased, .cancelled, .leased])
  }

  /// After a crash the rows are uncertain together, or tried again together: only if all of their series resend.
  @Test(arguments: TestedDriver.allCases)
  func aCrashWhileSending(driver: TestedDriver) throws {
    for (series, state) in [
      ([OnUncertain.resend, .resend], DeliveryState.deferred), ([.resend, .hold], .uncertain),
      ([.hold, .hold], .uncertain),
    ] {
      let bench = try Workbench(driver)
      try bench.store.write { session in
        for (index, word) in series.enumerated() {
          _ = try Self.enqueue(index + 1, digests: 1, onUncertain: word, in: session)
        }
      }
      let claimed = try #require(try bench.store.write { try $0.claim(Samples.order("a", now: Self.due)) }.first)
      #expect(claimed.rows.allSatisfy { $0.onUncertain == (series.contains(.hold) ? .hold : .resend) })
      let ids = claimed.rows.map(\.id)
      var chance = 0.0
      try bench.store.write { session in
        #expect(try session.begin(together: ids, worker: "a", now: Self.due))
        _ = try session.lapseLeases(ofWorker: "a", now: Self.due) {
          chance += 0.3
          return chance
        }
      }
      let found = try rows(bench, ids)
      #expect(found.allSatisfy { $0.state == state }, "\(series)")
      #expect(Set(found.map(\.nextAttempt)).count == 1, "\(series)")
      guard state == .uncertain else {
        let next = try #require(found[0].nextAttempt)
        let again = try bench.store.write { try $0.claim(Samples.order("b", now: next)) }
        #expect(again.count == 1 && again[0].rows.map(\.id) == ids)
        continue
      }
      // A person decides for one of them, and with it for all.
      try bench.store.write {
        try $0.apply(.resend, delivery: ids[0], reply: DeliveryOutcome.Reply(), nextAttempt: Self.due, at: Self.due)
      }
      #expect(try rows(bench, ids).allSatisfy { $0.state == .deferred && $0.secondCopies == 1 })
    }
  }

  /// Each day's digest is its own; a paused release and a held row leave the digest without them.
  @Test(arguments: TestedDriver.allCases)
  func daysPausesAndHolds(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    let releases = try bench.store.write { session in
      try (1...3).map { try Self.enqueue($0, digests: 1, in: session) }
        + [try Self.enqueue(4, digests: 1, at: Self.digest + .hours(24), in: session)]
    }
    try bench.store.write { session in
      try session.set(pause: Pause(scope: .release, name: "CFC-OS-2026-0001", by: "boss", at: Self.due))
      _ = try session.hold(release: releases[1], variant: nil, reason: "paused", at: Self.due)
    }
    let claimed = try bench.store.write { try $0.claim(Samples.order("a", now: Self.due)) }
    #expect(claimed.map(\.release) == [releases[2]] && claimed[0].riders.isEmpty && claimed[0].digest == Self.digest)
    try bench.store.write { session in
      try session.resume(scope: .release, name: "CFC-OS-2026-0001")
      _ = try session.letGo(release: releases[1], variant: nil, reason: "paused", at: Self.due)
    }
    let tomorrow = try bench.store.write { try $0.claim(Samples.order("a", now: Self.due + .hours(24))) }
    #expect(tomorrow.map { $0.rows.map(\.release) } == [[releases[0], releases[1]], [releases[3]]])
  }

  /// Digests of many readers do not hold up a bulk run of the lane, nor it them.
  @Test(arguments: TestedDriver.allCases)
  func digestsShareTheLane(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    try bench.store.write { session in
      for number in 1...3 { _ = try Self.enqueue(number, digests: 40, singles: 40, in: session) }
    }
    let first = try bench.store.write { try $0.claim(Samples.order("a", limit: 20, now: Self.due)) }
    #expect(first.count == 20 && first.count { $0.digest != nil } >= 3 && first.contains { $0.digest == nil })
    var digests = first.filter { $0.digest != nil }
    var singles = first.count - digests.count
    while case let more = try bench.store.write({ try $0.claim(Samples.order("a", limit: 20, now: Self.due)) }),
      !more.isEmpty
    {
      digests += more.filter { $0.digest != nil }
      singles += more.count { $0.digest == nil }
    }
    #expect(digests.count == 40 && digests.allSatisfy { $0.rows.count == 3 } && singles == 120)
  }

  /// A digest is put off as a whole; a bulletin whose time is over by then leaves it.
  @Test(arguments: TestedDriver.allCases)
  func putOff(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    try bench.store.write { session in
      for number in 1...2 { _ = try Self.enqueue(number, digests: 1, in: session) }
    }
    var claimed = try #require(try bench.store.write { try $0.claim(Samples.order("a", now: Self.due)) }.first)
    let ids = claimed.rows.map(\.id)
    claimed.riders[0].lifetimeEnd = Self.due + .minutes(2)
    try bench.store.write { session in
      #expect(try session.begin(together: ids, worker: "a", now: Self.due))
      let outcome = DeliveryOutcome(
        claimed, begun: true, event: .defer, at: Self.due, nextAttempt: Self.due + .minutes(5),
        reply: DeliveryOutcome.Reply(code: 451, text: "later"))
      _ = try session.record([outcome], worker: "a")
    }
    #expect(try rows(bench, ids).map(\.state) == [.deferred, .expired])
  }
}
