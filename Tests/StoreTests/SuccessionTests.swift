// Which rows count as copies that went out or may have; what of an overtaken release comes back from the wire.

import Outbox
import Store
import StoreSQLite
import Testing

@Suite struct SuccessionTests {
  private func rows(_ bench: Workbench, _ release: Int64) throws -> [String: DeliveryRecord] {
    var rows: [String: DeliveryRecord] = [:]
    try bench.store.read { session in
      try session.deliveries(release: release, states: []) {
        rows[$0.reader] = $0
        return true
      }
    }
    return rows
  }

  private func copies(_ bench: Workbench, _ release: Int64) throws -> [String: Bool] {
    var found: [String: Bool] = [:]
    try bench.store.read { session in
      try session.sentCopies(release: release) { found[$0.reader] = $0.isCertain }
    }
    return found
  }

  /// Claims everything and answers each reader as told; readers without an answer stay on the wire.
  private func send(_ bench: Workbench, _ answers: [String: DeliveryEvent]) throws {
    let claimed = try bench.store.write { try $0.claim(Samples.order("w", now: bench.now)) }
    try bench.store.write { session in
      _ = try session.begin(claimed.map(\.id), worker: "w", now: bench.now)
      _ = try session.record(
        claimed.compactMap { row in
          answers[row.reader].map {
            DeliveryOutcome(row, begun: true, event: $0, at: bench.now, nextAttempt: bench.now + .minutes(1))
          }
        }, worker: "w")
    }
  }

  @Test(arguments: TestedDriver.allCases)
  func whatWentOutOrMayHave(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    let release = try bench.store.write {
      try Samples.enqueue(Samples.release(1, onUncertain: .resend), readers: 7, withheld: 1, in: $0)
    }
    #expect(try copies(bench, release).isEmpty)
    // r5 waits for a second copy; r6 is on the wire; r7 bounces only after it had been taken.
    try send(
      bench, ["r1": .accept, "r2": .defer, "r3": .bounce, "r4": .handBack, "r5": .lose, "r7": .accept])
    let id = try #require(try rows(bench, release)["r7"]?.id)
    try bench.store.write {
      try $0.apply(.bounce, delivery: id, reply: .init(), nextAttempt: nil, at: bench.now + .hours(1))
    }
    #expect(try copies(bench, release) == ["r1": true, "r5": false, "r6": false, "r7": true])
    #expect(try rows(bench, release)["r7"]?.handedOverAt == bench.now)
    // That its second copy is cancelled changes nothing of the first.
    _ = try bench.store.write { try $0.cancel(release: release, at: bench.now) }
    #expect(try rows(bench, release)["r5"]?.state == .cancelled)
    #expect(try copies(bench, release) == ["r1": true, "r5": false, "r6": false, "r7": true])
  }

  @Test(arguments: TestedDriver.allCases)
  func whatComesBackAfterItWasOvertaken(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    let first = try bench.store.write { session in
      let id = try Samples.enqueue(Samples.release(1, onUncertain: .resend), readers: 5, in: session)
      #expect(try !session.isOvertaken(release: id))
      return id
    }
    let claimed = try bench.store.write { session in
      let claimed = try session.claim(Samples.order("w", now: bench.now))
      _ = try session.begin(claimed.map(\.id), worker: "w", now: bench.now)
      return claimed
    }
    let second = try bench.store.write { session in
      let id = try Samples.enqueue(
        Samples.release(1, kind: .update, predecessor: first, hash: "sha256:next"), readers: 1, in: session)
      _ = try session.cancel(release: first, at: bench.now)
      return id
    }
    #expect(try bench.store.read { try $0.isOvertaken(release: first) })
    #expect(try bench.store.read { try !$0.isOvertaken(release: second) })
    let events: [DeliveryEvent] = [.defer, .lose, .handBack, .quarantine]
    _ = try bench.store.write { session in
      try session.record(
        zip(claimed, events).map {
          DeliveryOutcome($0, begun: true, event: $1, at: bench.now, nextAttempt: bench.now + .minutes(1))
        }, worker: "w")
    }
    // The fifth lapses.
    _ = try bench.store.write { try $0.lapseLeases(now: bench.now + .hours(1)) { 0 } }
    #expect(try rows(bench, first).values.allSatisfy { $0.state == .cancelled && $0.nextAttempt == nil })
    let later = try bench.store.write {
      try $0.claim(Samples.order("w2", now: bench.now + .hours(2)))
    }
    #expect(later.map(\.release) == [second])
  }

  @Test(arguments: TestedDriver.allCases)
  func theFirstAcknowledgementStands(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    let release = try bench.store.write { try Samples.enqueue(Samples.release(1), readers: 1, in: $0) }
    let id = try #require(try rows(bench, release)["r1"]?.id)
    func acknowledge(_ by: String, _ at: Moment) throws -> AcknowledgementResult {
      try bench.store.write { try $0.acknowledge(id, by: by, at: at) }
    }
    #expect(try acknowledge("r1", bench.now) == .recorded)
    #expect(try acknowledge("other", bench.now + .hours(1)) == .known(by: "r1", at: bench.now))
    let row = try #require(try rows(bench, release)["r1"])
    #expect(row.acknowledgedBy == "r1" && row.acknowledgedAt == bench.now && row.state == .pending)
    let error = #expect(throws: StoreError.self) {
      try bench.store.write { try $0.acknowledge(99, by: "r1", at: bench.now) }
    }
    #expect(error?.code == .notFound)
    #expect(try bench.store.read { try $0.deliveries(release: release, reader: "r1") }.count == 1)
    #expect(try bench.store.read { try $0.deliveries(release: release, reader: "r2") }.isEmpty)
  }

  @Test(arguments: TestedDriver.allCases)
  func everySlotIsKept(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    let release = try bench.store.write { try Samples.enqueue(Samples.release(1), readers: 1, in: $0) }
    let kept = try bench.store.read { session in
      try session.variants(release: release).first.flatMap { try session.variant($0.id) }
    }
    #expect(kept?.body.slots == Samples.variant.body.slots && kept?.body.slotLength == 2)
    #expect(kept?.plainBody.slots == [])
  }
}
