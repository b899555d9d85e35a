// Credentials, lock-outs, sequence numbers and pulls as the store keeps them.

import Outbox
import Store
import Testing

@Suite struct PartnerStoreTests {
  static func credential(_ id: String, partner: String = "p", feeds: [String]? = nil) -> CredentialRecord {
    CredentialRecord(
      id: id, partner: partner, method: "m", salt: [1], hash: [2, 3], feeds: feeds, allowsTaxii: true,
      createdAt: Workbench.start, createdBy: "d", expiresAt: Workbench.start + .hours(24))
  }

  @Test(arguments: TestedDriver.allCases)
  func credentials(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    let now = bench.now
    try bench.store.write { session in
      #expect(try session.add(partner: "p", requestsPerMinute: 60, by: "d", at: now))
      #expect(try !session.add(partner: "p", requestsPerMinute: 90, by: "e", at: now + .hours(1)))
      try session.insert(credential: Self.credential("b"))
      try session.insert(credential: Self.credential("a", feeds: ["all", "officer-safety"]))
    }
    #expect(
      try bench.store.read { try $0.partners() } == [
        PartnerRecord(id: "p", requestsPerMinute: 90, addedAt: now, addedBy: "d")
      ])
    // In the order in which they were made, whatever their ids, in one millisecond too.
    var scoped = Self.credential("a", feeds: ["all", "officer-safety"])
    scoped.createdAt.milliseconds += 1
    #expect(try bench.store.read { try $0.credentials(partner: nil) } == [Self.credential("b"), scoped])
    #expect(try bench.store.read { try $0.credentials(partner: "q") }.isEmpty)
    // Each change moves the mark, so that every server drops what it remembers.
    var mark = try bench.store.feedMark().access
    func moves(_ change: (any StoreSession) throws -> Bool) throws -> Bool {
      let changed = try bench.store.write(change)
      let last = mark
      mark = try bench.store.feedMark().access
      return changed && mark > last
    }
    #expect(try moves { try $0.expire(credential: "a", at: now + .hours(1)) })
    #expect(try !moves { try $0.expire(credential: "a", at: now + .hours(2)) }, "never later")
    #expect(try moves { try $0.revoke(credential: "b", by: "d", at: now) })
    #expect(try !moves { try $0.revoke(credential: "b", by: "d", at: now) })
    #expect(try !moves { try $0.expire(credential: "b", at: now) })
    #expect(try !moves { try $0.revoke(credential: "c", by: "d", at: now) })
    let a = try #require(try bench.store.read { try $0.credential("a") })
    let b = try #require(try bench.store.read { try $0.credential("b") })
    #expect(a.isOpen(at: now) && !a.isOpen(at: now + .hours(1)) && !b.isOpen(at: now) && b.revokedBy == "d")
    #expect(throws: StoreError.self) {
      try bench.store.write { try $0.insert(credential: Self.credential("c", partner: "nobody")) }
    }
  }

  @Test(arguments: TestedDriver.allCases)
  func failures(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    var one = AccessFailures(key: "credential a", failures: 1, since: bench.now)
    try bench.store.write { try $0.set(accessFailures: one) }
    one.failures = 0
    one.lockOuts = 1
    one.lockedUntil = bench.now + .hours(1)
    let two = AccessFailures(key: "address ::1", failures: 2, since: bench.now)
    try bench.store.write { session in
      try session.set(accessFailures: one)
      try session.set(accessFailures: two)
    }
    #expect(try bench.store.read { try $0.accessFailures() } == [two, one])
    try bench.store.write { try $0.forgetAccessFailures(before: bench.now + .minutes(30)) }
    #expect(try bench.store.read { try $0.accessFailures() } == [one])
    // What a person lifts is told by the mark, and is never from before the lock-out.
    one.since = bench.now + .minutes(5)
    try bench.store.write { try $0.set(accessFailures: one) }
    let mark = try bench.store.feedMark().access
    #expect(try bench.store.write { try $0.lift(lockOut: one.key, at: bench.now) })
    #expect(try bench.store.feedMark().access > mark)
    let lifted = AccessFailures(key: one.key, failures: 0, since: one.since)
    #expect(try bench.store.read { try $0.accessFailures() } == [lifted])
    #expect(try !bench.store.write { try $0.lift(lockOut: one.key, at: bench.now) }, "it was lifted before")
  }

  /// Whatever servers do, no number is given twice, and each that may not have been given is in a gap.
  @Test(arguments: TestedDriver.allCases, UInt64(1)...6)
  func sequences(driver: TestedDriver, seed: UInt64) throws {
    var dice = Dice(seed: seed)
    let bench = try Workbench(driver)
    _ = try bench.store.write { try $0.add(partner: "p", requestsPerMinute: 1, by: "d", at: bench.now) }
    var given: [Int64] = []
    for _ in 0..<40 {
      // One server's life: blocks one after another; then it closes, or dies with what it flushed last.
      var last: Int64?
      for _ in 0..<Int.random(in: 1...3, using: &dice) {
        let block = try bench.store.write {
          try $0.reserveSequence(partner: "p", count: 8, given: last, at: bench.now)
        }
        let isWhole = Bool.random(using: &dice)
        let used = isWhole ? 8 : Int64.random(in: 0..<8, using: &dice)
        given += (0..<used).map { block.lowerBound + $0 }
        last = block.lowerBound + used - 1
        if isWhole { continue }
        if Bool.random(using: &dice), let last {
          try bench.store.write {
            try $0.note(sequence: last, of: block, partner: "p", lastPullAt: bench.now, closing: true)
          }
        }
        break
      }
    }
    _ = try bench.store.write { try $0.reserveSequence(partner: "p", count: 1, given: nil, at: bench.now) }
    let partner = try #require(try bench.store.read { try $0.partners() }.first)
    #expect(zip(given, given.dropFirst()).allSatisfy { $0 < $1 }, "seed \(seed)")
    let missing = Set(1...partner.sequence).subtracting(given)
    #expect(missing.allSatisfy { number in partner.gaps.contains { $0.contains(number) } }, "seed \(seed)")
  }

  /// The copy does not know the numbers that were given after it was made.
  @Test(arguments: TestedDriver.allCases)
  func sequencesGoOnAfterAnOlderCopy(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    func reserve(_ session: any StoreSession) throws -> ClosedRange<Int64> {
      try session.reserveSequence(partner: "p", count: 8, given: nil, at: bench.now)
    }
    try bench.store.write { session in
      _ = try session.add(partner: "p", requestsPerMinute: 1, by: "d", at: bench.now)
      #expect(try reserve(session) == 1...8)
      _ = try session.markRestored(by: "d", at: bench.now, copy: "revere-1.db")
      #expect(try reserve(session).lowerBound > 1_000_000_000)
      #expect(try session.partners().first?.gaps.first?.lowerBound == 1)
    }
  }

  @Test(arguments: TestedDriver.allCases)
  func pulls(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    let now = bench.now
    let release = try bench.store.write { session in
      _ = try session.add(partner: "p", requestsPerMinute: 1, by: "d", at: now)
      return try session.insert(release: Samples.release(1))
    }
    func pull(_ at: Moment, _ count: Int64, _ feed: String = "all") -> PullRecord {
      PullRecord(partner: "p", release: release, version: 1, feed: feed, firstAt: at, lastAt: at, count: count)
    }
    try bench.store.write { try $0.insert(pulls: [pull(now, 1), pull(now, 1, "cap")]) }
    try bench.store.write { try $0.insert(pulls: [pull(now + .seconds(9), 4)]) }
    // A flush that comes late moves no time back.
    try bench.store.write { try $0.insert(pulls: [pull(now + .seconds(5), 2)]) }
    var row = pull(now, 7)
    row.lastAt = now + .seconds(9)
    #expect(try bench.store.read { try $0.pulls(partner: "p") } == [row, pull(now, 1, "cap")])
    #expect(try bench.store.read { try $0.pulls(release: release) } == [row, pull(now, 1, "cap")])
    #expect(try bench.store.read { try $0.pulls(partner: "q") }.isEmpty)
    // Another variant, and each kind, is a row of its own; what comes again is counted there.
    var forms: [PullRecord] = []
    for (index, kind) in PullKind.allCases.enumerated() {
      for variant in ["v1", "v2"] {
        var form = pull(now + .minutes(Int64(index + 1)), 2, "cap")
        (form.kind, form.variant, form.banner) = (kind, variant, "UNCLASSIFIED//\(variant)")
        forms.append(form)
      }
    }
    for _ in 0..<2 { try bench.store.write { try $0.insert(pulls: forms) } }
    for index in forms.indices { forms[index].count = 4 }
    #expect(try bench.store.read { try $0.pulls(release: release) } == [row, pull(now, 1, "cap")] + forms)
    #expect(PullKind.allCases.filter(\.isEnd) == [.recalled, .expired, .withdrawn])
  }
}
