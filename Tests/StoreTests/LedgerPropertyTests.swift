// Random lives: workers that claim, begin, report, stop and come back, people who settle, cancel and hold. Whatever
// happens, every row moves only by the state machine, no CHECK is ever broken, and nobody is skipped.

import Outbox
import Store
import Testing

@Suite struct LedgerPropertyTests {
  /// Phases that one step of the store may lead to: one event, or `lose` and `lapse` with the `resend` of the series.
  private static let oneStep: [DeliveryPhase: Set<DeliveryPhase>] = {
    var next: [DeliveryPhase: Set<DeliveryPhase>] = [:]
    for phase in DeliveryPhase.all {
      next[phase, default: []].insert(phase)
      for event in DeliveryEvent.allCases {
        guard let change = DeliveryMachine.change(of: phase, by: event) else { continue }
        next[phase, default: []].insert(change.phase)
        if change.effects.contains(.consultSeries) { next[phase, default: []].insert(DeliveryPhase(.deferred)) }
      }
    }
    // A deferral without time left is the end of the lifetime.
    next[.sending, default: []].insert(DeliveryPhase(.expired))
    return next
  }()

  private static func rows(_ store: SQLStore, _ releases: [Int64]) throws -> [Int64: DeliveryRecord] {
    var rows: [Int64: DeliveryRecord] = [:]
    try store.read { session in
      for release in releases {
        try session.deliveries(release: release, states: []) { row in
          rows[row.id] = row
          return true
        }
      }
    }
    return rows
  }

  private static func phase(_ row: DeliveryRecord) -> DeliveryPhase {
    DeliveryPhase(row.state, sending: row.sendingSince != nil)
  }

  @Test(arguments: TestedDriver.allCases, UInt64(1)...8)
  func everyRowMovesByTheMachine(driver: TestedDriver, seed: UInt64) throws {
    var dice = Dice(seed: seed)
    let bench = try Workbench(driver)
    let releases = try bench.store.write { session in
      [
        try Samples.enqueue(Samples.release(1), readers: 8, withheld: 1, in: session),
        try Samples.enqueue(Samples.release(2, lane: .immediate, onUncertain: .resend), readers: 8, in: session),
      ]
    }
    let withheld = try bench.store.write { session in
      Dictionary(
        uniqueKeysWithValues: try releases.map {
          ($0, try session.insert(decision: Samples.decision(.withheld, variant: nil), release: $0))
        })
    }
    var now = bench.now
    var claims: [(worker: String, row: ClaimedDelivery, begun: Bool)] = []
    var before = try Self.rows(bench.store, releases)
    #expect(before.count == 17)
    let outcomes: [DeliveryEvent] = [.accept, .defer, .bounce, .quarantine, .lose, .handBack, .withhold, .expire]

    for step in 0..<100 {
      let worker = Bool.random(using: &dice) ? "a" : "b"
      do {
        try bench.store.write { session in
          switch Int.random(in: 0..<12, using: &dice) {
          case 0...2:
            let order = Samples.order(worker, limit: Int.random(in: 1...6, using: &dice), now: now)
            claims += try session.claim(order).map { (worker, $0, false) }
          case 3...4:
            let ids = claims.filter { $0.worker == worker }.map(\.row.id)
            let begun = Set(try session.begin(ids, worker: worker, now: now))
            for index in claims.indices where claims[index].worker == worker && begun.contains(claims[index].row.id) {
              claims[index].begun = true
            }
          case 5...8:
            guard let index = claims.indices.randomElement(using: &dice) else { return }
            let claim = claims.remove(at: index)
            let event = outcomes.randomElement(using: &dice) ?? .accept
            let outcome = DeliveryOutcome(
              claim.row, begun: claim.begun, event: event, at: now,
              nextAttempt: Bool.random(using: &dice) ? now + .seconds(30) : nil,
              decision: event == .withhold ? withheld[claim.row.release] : nil)
            _ = try session.record([outcome], worker: claim.worker)
          case 9:
            now = now + .minutes(Int64.random(in: 1...4, using: &dice))
            _ = try session.lapseLeases(now: now, random: { 0.5 })
          case 10:
            guard let id = before.keys.sorted().randomElement(using: &dice) else { return }
            let event = DeliveryEvent.allCases.randomElement(using: &dice) ?? .settle
            if event == .cancel || event == .expire || event == .withhold { return }
            try session.apply(event, delivery: id, reply: DeliveryOutcome.Reply(), nextAttempt: nil, at: now)
          default:
            let release = releases.randomElement(using: &dice) ?? 0
            _ = try session.letGo(release: release, variant: nil, reason: "quarantine", at: now)
            _ = try session.handBack(worker: worker)
          }
        }
      } catch let error as StoreError {
        #expect(error.code == .illegalTransition, "seed \(seed), step \(step): \(error)")
      }
      let after = try Self.rows(bench.store, releases)
      var wrong: [String] = after.keys.sorted() == before.keys.sorted() ? [] : ["rows came or went"]
      for (id, row) in after {
        guard let old = before[id] else { continue }
        if !Self.oneStep[Self.phase(old), default: []].contains(Self.phase(row)) {
          wrong.append("\(id): \(Self.phase(old).name) to \(Self.phase(row).name)")
        }
        if !(0...1).contains(row.attempts - old.attempts) { wrong.append("\(id): attempts \(row.attempts)") }
        if row.secondCopies < old.secondCopies { wrong.append("\(id): second copies \(row.secondCopies)") }
      }
      #expect(wrong.isEmpty, "seed \(seed), step \(step)")
      before = after
    }

    // Then everything works again: who is still waiting gets it.
    now = now + .hours(1)
    try bench.store.write { session in
      _ = try session.lapseLeases(now: now, random: { 0.5 })
      for release in releases { _ = try session.letGo(release: release, variant: nil, reason: "quarantine", at: now) }
    }
    now = now + .hours(9)
    try bench.store.write { session in
      let rows = try session.claim(Samples.order("c", now: now))
      #expect(try session.begin(rows.map(\.id), worker: "c", now: now) == rows.map(\.id), "seed \(seed)")
      let accepted = rows.map { DeliveryOutcome($0, begun: true, event: .accept, at: now) }
      #expect(try session.record(accepted, worker: "c").allSatisfy { $0 == .recorded }, "seed \(seed)")
    }
    for release in releases {
      #expect(try bench.store.read { try $0.status(release: release) }?.isFinished == true, "seed \(seed)")
    }
    if driver == .sqlite {
      try bench.driver.withConnection { connection in
        let check = try connection.prepare("PRAGMA integrity_check")
        _ = try check.step()
        #expect(check.text(0) == "ok", "seed \(seed)")
        check.reset()
      }
    }
  }
}
