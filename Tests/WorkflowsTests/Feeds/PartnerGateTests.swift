// Who is admitted, by what, and until when; what a refusal and the audit log tell.

import Foundation
import Outbox
import Store
import Synchronization
import Testing

@testable import Workflows

@Suite struct PartnerGateTests {
  private let now = PartnerBench.start

  private func caller(_ admission: Admission?) -> FeedCaller? {
    if case .caller(let pass) = admission { pass.caller } else { nil }
  }

  @Test func everyWayToPresentIt() throws {
    let bench = try PartnerBench()
    let made = try bench.credential(feeds: ["all", "brief"])
    let gate = PartnerGate(store: bench.store)
    let expected = FeedCaller(
      partner: "tipline", credential: made.id, feeds: ["all", "brief"], allowsTaxii: false, requestsPerMinute: 6_000)
    for header in [made.basic, made.bearer, "Bearer \(made.secret)", made.basic.replacing("Basic", with: "bASIC")] {
      #expect(try caller(gate.admit(header, from: "192.0.2.1", now: now)) == expected, "\(header.prefix(9))")
    }
    #expect(expected.allows("brief") && !expected.allows("cap") && FeedCaller(partner: "p").allows("cap"))
  }

  @Test func everythingElseIsRefused() throws {
    let bench = try PartnerBench()
    let made = try bench.credential()
    let expired = try bench.credential(hours: 0)
    let gate = PartnerGate(store: bench.store)
    let other = PartnerCredential.random()
    let wrong = "Basic " + Data("\(made.id):\(other.secret)".utf8).base64EncodedString()
    for header in [
      nil, "", "Basic", "Basic ?", "Basic " + Data("nobody".utf8).base64EncodedString(), "Digest x", "Bearer",
      "Bearer x.y", wrong, other.basic, other.bearer, "Bearer \(other.secret)", expired.basic,
      made.basic + " " + made.basic, made.basic + String(repeating: "A", count: 300),
      "Basic " + Data("\(made.secret):\(made.id)".utf8).base64EncodedString(),
    ] {
      #expect(try gate.admit(header, from: "192.0.2.1", now: now) == .refused, "\(header ?? "none")")
    }
    #expect(try caller(gate.admit(made.basic, from: "192.0.2.1", now: now)) != nil)
    // Who failed and why, never with what; names that nobody has are not written at all.
    let audited = try bench.audited()
    #expect(
      audited == [
        "partner-refused tipline credential \(made.id) from address 192.0.2.1: wrong secret",
        "partner-refused tipline credential \(expired.id) from address 192.0.2.1: expired",
      ])
  }

  /// Whatever another process changes counts from the next request on.
  @Test func changesCountAtOnce() throws {
    let bench = try PartnerBench()
    let (first, second) = (try bench.credential(), try bench.credential())
    let gate = PartnerGate(store: bench.store)
    let other = try bench.another()
    func admit(_ made: PartnerCredential, mayWait: Bool = false) throws -> Admission? {
      try gate.admit(made.basic, from: "192.0.2.1", now: now, mayWait: mayWait)
    }
    #expect(try admit(first) == nil, "a hash has to be computed")
    #expect(try caller(admit(first, mayWait: true)) != nil && caller(admit(second, mayWait: true)) != nil)
    #expect(try caller(admit(first)) != nil && caller(admit(second)) != nil)
    _ = try other.write { try $0.revoke(credential: first.id, by: "boss", at: now) }
    #expect(try admit(first) == nil && admit(first, mayWait: true) == .refused)
    // The refusal was written: the mark has to be read once. The other one is still remembered.
    #expect(try admit(second) == nil && bench.store.feedMarkAtHand() == nil)
    _ = try bench.store.feedMark()
    #expect(try caller(admit(second)) != nil)
    _ = try other.write { try $0.expire(credential: second.id, at: now + .minutes(1)) }
    #expect(try caller(admit(second, mayWait: true)) != nil)
    #expect(try gate.admit(second.basic, from: "192.0.2.1", now: now + .minutes(1)) == .refused)
    _ = try other.write { try $0.add(partner: "tipline", requestsPerMinute: 7, by: "boss", at: now) }
    #expect(try caller(admit(second, mayWait: true))?.requestsPerMinute == 7)
  }

  /// Who shows the same credential on the same connection is spared the digest, and nothing else.
  @Test func aPassLastsUntilAnythingChanges() throws {
    let bench = try PartnerBench()
    let (first, second) = (try bench.credential(), try bench.credential())
    _ = try bench.store.write { try $0.add(partner: "tipline", requestsPerMinute: 4, by: "boss", at: now) }
    let gate = PartnerGate(store: bench.store)
    func pass(_ made: PartnerCredential) throws -> PartnerPass {
      guard case .caller(let pass) = try gate.admit(made.basic, from: "192.0.2.1", now: now) else {
        throw CocoaError(.coderInvalidValue)
      }
      return pass
    }
    let (one, other) = (try pass(first), try pass(second))
    // One partner's requests are counted together, whatever they come by.
    #expect(gate.admit(one, now: now) == .caller(one) && gate.admit(other, now: now) == .caller(other))
    #expect(gate.admit(one, now: now) == .tooMany(seconds: 15))
    #expect(try gate.admit(first.basic, from: "192.0.2.1", now: now) == .tooMany(seconds: 15))
    let later = now + .minutes(1)
    _ = try bench.another().write { try $0.expire(credential: second.id, at: later) }
    #expect(gate.admit(one, now: later) == nil, "the mark has to be read")
    #expect(try caller(gate.admit(first.basic, from: "192.0.2.1", now: later)) == one.caller)
    #expect(gate.admit(one, now: later) == nil && gate.admit(other, now: later) == nil, "they are of before")
    let ended = try bench.credential(hours: 1)
    let last = try pass(ended)
    #expect(gate.admit(last, now: now + .hours(1)) == nil)
  }

  @Test func lockedOut() throws {
    let bench = try PartnerBench()
    let (made, remembered) = (try bench.credential(), try bench.credential())
    let gate = PartnerGate(store: bench.store)
    let unknown = PartnerCredential.random()
    func wrong(_ made: PartnerCredential) -> String {
      "Bearer \(made.id).\(PartnerCredential.random().secret)"
    }
    #expect(try caller(gate.admit(remembered.basic, from: "192.0.2.1", now: now)) != nil)
    for name in [made, unknown] {
      for _ in 0..<5 { #expect(try gate.admit(wrong(name), from: "192.0.2.1", now: now) == .refused) }
      #expect(try gate.admit(name.basic, from: "198.51.100.1", now: now) == .locked(seconds: 60))
    }
    // It lasts over a restart, and a name that nobody has is told the same.
    let restarted = PartnerGate(store: bench.store)
    for name in [made, unknown] {
      #expect(
        try restarted.admit(name.basic, from: "192.0.2.1", now: now + .seconds(59)) == .locked(seconds: 1))
    }
    #expect(try caller(gate.admit(remembered.basic, from: "192.0.2.1", now: now)) != nil)
    // Then the right one is good; five wrong ones more cost twice the time.
    let later = now + .seconds(60)
    for _ in 0..<5 { #expect(try gate.admit(wrong(made), from: "192.0.2.1", now: later) == .refused) }
    #expect(try gate.admit(made.basic, from: "192.0.2.1", now: later) == .locked(seconds: 120))
    #expect(try caller(gate.admit(made.basic, from: "192.0.2.1", now: later + .seconds(120))) != nil)
    let audited = try bench.audited().filter { $0.hasPrefix("partner-locked-out") }
    #expect(
      audited == [
        "partner-locked-out tipline credential \(made.id) for 60 s",
        "partner-locked-out - credential \(unknown.id) for 60 s",
        "partner-locked-out tipline credential \(made.id) for 120 s",
      ])
    #expect(try !bench.audited().joined().contains(made.secret))
  }

  /// In another process, while this one goes on; what was tried before does not count any more.
  @Test(arguments: ["tipline", "credential", "address"])
  func whatAPersonLifts(_ named: String) throws {
    let bench = try PartnerBench()
    let site = try SmallSite()
    let made = try bench.credential()
    let gate = PartnerGate(store: bench.store)
    let (name, key) =
      switch named {
      case "credential": (made.id, "credential \(made.id)")
      case "address": ("2001:db8:1:2::7", "address 2001:db8:1:2::/64")
      default: (named, "credential \(made.id)")
      }
    for index in 0..<20 {
      let wrong = named == "address" ? PartnerCredential.random() : made
      if named != "address", index == 5 { break }
      let secret = PartnerCredential.random().secret
      #expect(try gate.admit("Bearer \(wrong.id).\(secret)", from: "2001:db8:1:2::1", now: now) == .refused)
    }
    #expect(try gate.admit(made.basic, from: "2001:db8:1:2::7", now: now) == .locked(seconds: 60))
    let other = try bench.another()
    #expect(try PartnerVerbs.lockOuts(store: other, now: now).map(\.key) == [key])
    #expect(try PartnerVerbs.lockOuts(store: other, now: now + .seconds(60)).isEmpty)
    let workspace = try site.workspace()
    func unlock(_ name: String, by: String) throws -> [LockOut] {
      try PartnerVerbs.unlock(name, by: by, in: workspace, store: other, now: now)
    }
    let stranger = #expect(throws: PartnerProblem.self) { try unlock(name, by: "officer") }
    #expect(stranger?.code == .notAnAuthority)
    #expect(throws: PartnerProblem.self) { try unlock("2001:db8:1:3::7", by: "boss") }
    #expect(try gate.admit(made.basic, from: "2001:db8:1:2::7", now: now) == .locked(seconds: 60))
    #expect(try unlock(name, by: "boss").map(\.key) == [key])
    #expect(try caller(gate.admit(made.basic, from: "2001:db8:1:2::7", now: now)) != nil)
    #expect(try caller(PartnerGate(store: other).admit(made.basic, from: "2001:db8:1:2::7", now: now)) != nil)
    #expect(try PartnerVerbs.lockOuts(store: other, now: now).isEmpty)
    #expect(try bench.audited().last == "partner-unlocked \(named == "address" ? "-" : "tipline") \(key)")
    let again = #expect(throws: PartnerProblem.self) { try unlock(name, by: "boss") }
    #expect(again?.code == .notLocked)
  }

  @Test func liftedIsWhatWasBefore() {
    var table = FailureTable()
    for _ in 0..<5 { _ = table.note("a", limit: 5, now: now) }
    for _ in 0..<4 { _ = table.note("b", limit: 5, now: now + .seconds(2)) }
    let lifted = ["a", "b"].map { AccessFailures(key: $0, failures: 0, since: now + .seconds(1)) }
    table.lift([AccessFailures(key: "a", failures: 0, since: now, lockOuts: 1, lockedUntil: now + .minutes(1))])
    #expect(table.locked("a", now: now) == 60)
    table.lift(lifted)
    #expect(table.locked("a", now: now) == nil)
    #expect(table.note("b", limit: 5, now: now + .seconds(3)) != nil, "tried since")
    for _ in 0..<5 { _ = table.note("a", limit: 5, now: now + .seconds(3)) }
    table.lift(lifted)
    #expect(table.locked("a", now: now + .seconds(3)) == 60, "short again, and of after it was lifted")
  }

  @Test func manyAtOnceCostOneHash() async throws {
    let bench = try PartnerBench()
    let made = try bench.credential()
    let gate = PartnerGate(store: bench.store)
    let now = now
    let callers = try await withThrowingTaskGroup(of: Bool.self) { group in
      for _ in 0..<32 {
        group.addTask {
          if case .caller = try gate.admit(made.basic, from: "192.0.2.1", now: now) { true } else { false }
        }
      }
      return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect(callers == 32)
  }

  /// As many threads as wait for hashes are held, and no more.
  @Test func whoWaitsForAHashIsBounded() async throws {
    let bench = try PartnerBench()
    let made = try bench.credential()
    let mayHash = DispatchSemaphore(value: 0)
    let gate = PartnerGate(store: bench.store) { _, _ in
      mayHash.wait()
      return false
    }
    let (admissions, told) = AsyncStream.makeStream(of: Admission?.self)
    // One of them is too many. Each from an address of its own, so that none is locked out.
    for index in 0...PartnerGate.mostWaiting {
      let now = now
      Thread.detachNewThread {
        told.yield(
          try? gate.admit(PartnerCredential.random().basic, from: "192.0.2.\(index)", now: now))
      }
    }
    var iterator = admissions.makeAsyncIterator()
    #expect(await iterator.next() == .tooMany(seconds: 1))
    for _ in 0..<PartnerGate.mostWaiting { mayHash.signal() }
    for _ in 0..<PartnerGate.mostWaiting { #expect(await iterator.next() == .refused) }
    // There is room again.
    mayHash.signal()
    #expect(try gate.admit(made.basic, from: "192.0.2.1", now: now) == .refused)
  }

  /// The slow hash takes long enough for a person to end the credential, and for another request to read that.
  @Test func whatEndsWhileItsHashIsMadeHasEnded() throws {
    let bench = try PartnerBench()
    let made = try bench.credential()
    let begun = Mutex<PartnerGate?>(nil)
    let (store, id, now) = (bench.store, made.id, now)
    let gate = PartnerGate(store: store) { presented, record in
      if let gate = begun.withLock({ $0.take() }) {
        _ = try store.write { try $0.revoke(credential: id, by: "boss", at: now) }
        try gate.refresh(store.feedMark().access, now: now)
      }
      return try presented.matches(record)
    }
    begun.withLock { $0 = gate }
    for _ in 0..<2 { #expect(try gate.admit(made.basic, from: "192.0.2.1", now: now) == .refused) }
    #expect(try bench.audited().filter { $0.contains("revoked") && $0.hasPrefix("partner-refused") }.count == 2)
  }

  /// Systems of one agency call from one address; one of them was not told that credentials were rotated.
  @Test(arguments: ["expired", "revoked"])
  func anOldCredentialLocksOutItselfAlone(_ end: String) throws {
    let bench = try PartnerBench()
    let good = try bench.credential()
    let old = try (0..<5).map { _ in try bench.credential() }
    for made in old {
      _ = try bench.store.write { session in
        if end == "revoked" {
          _ = try session.revoke(credential: made.id, by: "boss", at: now)
        } else {
          _ = try session.expire(credential: made.id, at: now)
        }
      }
    }
    let gate = PartnerGate(store: bench.store)
    for made in old {
      for _ in 0..<5 { #expect(try gate.admit(made.basic, from: "192.0.2.1", now: now) == .refused) }
      #expect(try gate.admit(made.basic, from: "192.0.2.1", now: now) == .locked(seconds: 60))
    }
    #expect(try caller(gate.admit(good.basic, from: "192.0.2.1", now: now)) != nil)
  }

  @Test func tooManyRequests() throws {
    let bench = try PartnerBench()
    let made = try bench.credential()
    _ = try bench.store.write { try $0.add(partner: "tipline", requestsPerMinute: 30, by: "boss", at: now) }
    let gate = PartnerGate(store: bench.store)
    func admit(_ at: Moment) throws -> Admission? { try gate.admit(made.basic, from: "192.0.2.1", now: at) }
    for _ in 0..<30 { #expect(try caller(admit(now)) != nil) }
    #expect(try admit(now) == .tooMany(seconds: 2))
    #expect(try admit(now + .seconds(1)) == .tooMany(seconds: 1))
    #expect(try caller(admit(now + .seconds(2))) != nil)
    #expect(try admit(now) == .tooMany(seconds: 2), "a clock that was set back")
    for _ in 0..<30 { #expect(try caller(admit(now + .hours(1))) != nil) }
    #expect(try admit(now + .hours(1)) == .tooMany(seconds: 2), "never more than a minute's worth")
  }

  // MARK: Failures as values

  @Test func delaysGrow() {
    var table = FailureTable()
    var at = now
    var waits: [Int] = []
    for _ in 0..<9 {
      for _ in 0..<4 { #expect(table.note("a", limit: 5, now: at) == nil && table.locked("a", now: at) == nil) }
      #expect(table.note("a", limit: 5, now: at)?.lockedUntil != nil)
      let seconds = table.locked("a", now: at) ?? 0
      waits.append(seconds / 60)
      at = at + .seconds(Int64(seconds))
      #expect(table.locked("a", now: at) == nil && table.locked("b", now: at) == nil)
    }
    #expect(waits == [1, 2, 4, 8, 16, 32, 60, 60, 60])
    at = at + .hours(24)
    for _ in 0..<5 { _ = table.note("a", limit: 5, now: at) }
    #expect(table.locked("a", now: at) == 60, "after a quiet day")
    for index in 0..<4 { #expect(table.note("c", limit: 5, now: at + .minutes(Int64(index) * 5)) == nil) }
    #expect(table.note("c", limit: 5, now: at + .minutes(20)) == nil, "not within 15 minutes")
  }

  @Test func namesAtRandomPushNobodyOut() {
    var table = FailureTable()
    for _ in 0..<5 { _ = table.note("victim", limit: 5, now: now) }
    for index in 0..<FailureTable.capacity * 2 { _ = table.note("\(index)", limit: 5, now: now) }
    #expect(table.locked("victim", now: now) == 60)
  }

  @Test(arguments: [
    ("192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
    ("fe80::1%eth0", "fe80:0:0:0::/64"), ("nonsense", "nonsense"),
  ])
  func networks(address: String, expected: String) {
    #expect(PartnerGate.network(of: address) == expected)
  }
}
