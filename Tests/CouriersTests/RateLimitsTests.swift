// What a worker borrows and gives back; and several workers on one database, which together keep one rate.

import Couriers
import Foundation
import Outbox
import Store
import StoreSQLite
import Synchronization
import Testing

@Suite struct RateLimitsTests {
  private static let key = RateLimits.Key(relay: 0, domain: "x.org")

  private static func limits(rate: Double? = nil, perDomain: Double? = 40) throws -> RateLimits {
    RateLimits([
      try Relay(name: "main", host: "h", port: 25, tls: .none, rate: rate, perDomainRate: perDomain)
    ])
  }

  @Test func aRelayWithoutARateAsksForNothing() throws {
    var limits = try Self.limits(perDomain: nil)
    for _ in 0..<100 { #expect(limits.take(relay: 0, domain: "x.org", at: Moment(seconds: 0)) == nil) }
    #expect(limits.orders(at: Moment(seconds: 0)).isEmpty)
    #expect(limits.leftovers.isEmpty)
  }

  @Test func borrowsInChunksAndOnlyWhatWaits() throws {
    var limits = try Self.limits()
    let now = Moment(seconds: 0)
    #expect(limits.take(relay: 0, domain: "x.org", at: now) == Self.key)
    limits.want(Self.key, 300)
    let order = try #require(limits.orders(at: now)[Self.key])
    #expect(order.relay == "main" && order.domain == "x.org" && order.wanted == 10)
    limits.granted(Self.key, RateGrant(tokens: 4, next: now + .seconds(2)), of: order, at: now)
    limits.want(Self.key, 296)
    for _ in 0..<4 { #expect(limits.take(relay: 0, domain: "x.org", at: now) == nil) }
    #expect(limits.take(relay: 0, domain: "x.org", at: now) == Self.key)
    // The store had no more: it is not asked again before it may have.
    #expect(limits.orders(at: now + .seconds(1)).isEmpty)
    #expect(limits.askAt == now + .seconds(2))
    #expect(limits.orders(at: now + .seconds(2))[Self.key]?.wanted == 10)
    limits.want(Self.key, 3)
    #expect(limits.orders(at: now + .seconds(2))[Self.key]?.wanted == 3)
  }

  @Test func givesBackWhatNothingAskedFor() throws {
    var limits = try Self.limits()
    let now = Moment(seconds: 0)
    _ = limits.take(relay: 0, domain: "x.org", at: now)
    limits.want(Self.key, 5)
    let order = try #require(limits.orders(at: now)[Self.key])
    limits.granted(Self.key, RateGrant(tokens: 5, next: nil), of: order, at: now)
    limits.want(Self.key, 0)
    #expect(limits.orders(at: now).isEmpty)
    let back = try #require(limits.orders(at: now + .seconds(1))[Self.key])
    #expect(back.unused == 5 && back.wanted == 0)
    #expect(limits.leftovers == [back])
    limits.granted(Self.key, RateGrant(tokens: 0, next: nil), of: back, at: now)
    #expect(limits.leftovers.isEmpty)
  }

  @Test func aMessageNeedsATokenOfTheRelayToo() throws {
    var limits = try Self.limits(rate: 4)
    let now = Moment(seconds: 0)
    let relay = RateLimits.Key(relay: 0, domain: "")
    #expect(limits.take(relay: 0, domain: "x.org", at: now) == relay)
    limits.want(relay, 1)
    limits.granted(relay, RateGrant(tokens: 1, next: nil), of: try #require(limits.orders(at: now)[relay]), at: now)
    #expect(limits.take(relay: 0, domain: "x.org", at: now) == Self.key)
    #expect(limits.tokens(relay) == 1, "nothing is taken where not all is there")
  }

  @Test func deferredMessagesAreSpreadOverTheTimeThatTheyTake() throws {
    var limits = try Self.limits(perDomain: 10)
    let now = Moment(seconds: 0)
    _ = limits.take(relay: 0, domain: "x.org", at: now)
    let times = (0..<100).map { _ in limits.plan(Self.key, behind: 200, at: now) }
    #expect(times == (1...100).map { now + Moment.Span(milliseconds: 20_000 + Int64($0) * 100) })
  }

  /// Two workers, one rate: never more than the bucket gave, and all of that.
  @Test(arguments: [true, false]) func workersOnOneDatabaseShareARate(_ ofDomain: Bool) throws {
    let server = try TestServer("pipelining_receiver.py")
    let ledger = try Ledger()
    let release = try ledger.release((0..<150).map { "reader\($0)@slow.test" })
    let clock = ManualClock(Ledger.now() + .seconds(1))
    let relay = try Relay(
      name: "main", host: "127.0.0.1", port: server.port, tls: .none, maxConnections: 2, rate: ofDomain ? nil : 20,
      perDomainRate: ofDomain ? 20 : nil)
    let workers = try (0..<2).map { try Working(ledger, relay, number: $0, clock: clock) }
    defer { for worker in workers { worker.stop() } }
    func accepted() throws -> Int { try ledger.counts(release)[.accepted] ?? 0 }
    var allowed = 20
    try wait("the first burst") { try accepted() == allowed }
    for step in [500, 250, 1000, 250] {
      clock.advance(Moment.Span(milliseconds: Int64(step)))
      allowed += step / 50
      try wait("\(allowed) messages") {
        let count = try accepted()
        #expect(count <= allowed)
        return count == allowed
      }
    }
    for worker in workers { worker.stop() }
    try server.ask("")
    #expect(try server.next()["messages"] as? Int == allowed)
    // What is left goes on from there after a restart: an hour later a second's worth.
    clock.advance(.hours(1))
    let restarted = try Working(ledger, relay, number: 3, clock: clock)
    defer { restarted.stop() }
    try wait("20 more") { try accepted() == allowed + 20 }
  }

  /// Sends everything and remembers what was decided when.
  private final class Remembering: AttemptPreparer {
    let times = Mutex<[Int64: [Moment]]>([:])
    func grounds(now: Moment) throws -> Int { 0 }
    func prepare(_ rows: [ClaimedDelivery], now: Moment) throws -> [PreparedAttempt] {
      times.withLock { times in for row in rows { times[row.id, default: []].append(now) } }
      return try PlainPreparer().prepare(rows, now: now)
    }
  }

  /// Facts end by the clock: what was decided more than a minute ago is decided once more.
  @Test func whatWaitsForItsRateIsDecidedAnew() throws {
    let server = try TestServer("pipelining_receiver.py")
    let ledger = try Ledger()
    let release = try ledger.release((0..<60).map { "reader\($0)@slow.test" })
    let clock = ManualClock(Ledger.now() + .seconds(1))
    let relay = try Relay(name: "main", host: "127.0.0.1", port: server.port, tls: .none, maxConnections: 2, rate: 10)
    let preparer = Remembering()
    let worker = try Working(ledger, relay, number: 0, clock: clock, preparer: preparer)
    defer { worker.stop() }
    func accepted() throws -> Int { try ledger.counts(release)[.accepted] ?? 0 }
    try wait("the first burst") { try accepted() == 10 }
    try wait("the others, prepared") { preparer.times.withLock { $0.count } == 60 }
    let first = clock.now
    clock.advance(.seconds(61))
    try wait("new decisions") { preparer.times.withLock { $0.values.count { $0.last != first } } >= 40 }
    for count in stride(from: 20, through: 60, by: 10) {
      try wait("\(count) messages") { try accepted() == count }
      clock.advance(.seconds(1))
    }
    worker.stop()
    try server.ask("")
    #expect(try server.next()["messages"] as? Int == 60, "nobody twice")
  }

  @Test func theImmediateLaneIsServedFirstWithinARate() throws {
    let server = try TestServer("pipelining_receiver.py")
    let ledger = try Ledger()
    let bulk = try ledger.release((0..<400).map { "reader\($0)@slow.test" })
    let clock = ManualClock(Ledger.now() + .seconds(1))
    let relay = try Relay(
      name: "main", host: "127.0.0.1", port: server.port, tls: .none, maxConnections: 2, perDomainRate: 10)
    let worker = try Working(ledger, relay, number: 0, clock: clock)
    defer { worker.stop() }
    try wait("the first burst") { try ledger.counts(bulk)[.accepted] == 10 }
    let urgent = try ledger.release(["chief1@slow.test", "chief2@slow.test"], lane: .immediate)
    // Not before the urgent rows are in the worker's hands.
    clock.advance(Moment.Span(milliseconds: 300))
    try wait("the claim") { try ledger.counts(urgent)[.pending] == nil }
    func accepted(_ release: Int64) throws -> Int { try ledger.counts(release)[.accepted] ?? 0 }
    // Token by token from here: what came with those 300 ms may be the bulk's.
    var tokens = 10 + 3
    while true {
      try wait("message \(tokens)") { try accepted(bulk) + accepted(urgent) >= tokens }
      if try accepted(urgent) == 2 || tokens == 20 { break }
      clock.advance(Moment.Span(milliseconds: 100))
      tokens += 1
    }
    #expect(try accepted(urgent) == 2)
    #expect(try accepted(bulk) <= 10 + 4, "the bulk waited behind them")
  }
}

/// A worker that goes on until stopped, on a thread and a connection to the database of its own.
final class Working: Sendable {
  let worker: DispatchWorker
  private let isDone = Mutex(false)

  init(
    _ ledger: Ledger, _ relay: Relay, number: Int, clock: ManualClock? = nil, reserved: Int = 0,
    preparer: any AttemptPreparer = PlainPreparer()
  ) throws {
    let store = try SQLStore(driver: try SQLiteDriver(path: ledger.path), at: 0)
    let now: @Sendable () -> Moment = { clock?.now ?? Ledger.now() }
    var settings = DispatchWorker.Settings(
      worker: DispatchWorker.identity(startedAt: Moment(milliseconds: Int64(number))), relays: [relay])
    settings.timeouts = SmtpTimeouts(all: 60_000)
    settings.reserved = reserved
    settings.poll = Moment.Span(milliseconds: 50)
    worker = try #require(DispatchWorker(settings, store: store, preparer: preparer, now: now))
    let thread = Thread {
      _ = try? self.worker.run(once: false)
      self.isDone.withLock { $0 = true }
    }
    thread.stackSize = 8 << 20
    thread.start()
  }

  /// Returns when everything is recorded and given back.
  func stop() {
    worker.stop()
    while !isDone.withLock({ $0 }) { sched_yield() }
  }
}

/// Looks again and again, bounded; for what happens on other threads.
func wait(_ what: String, _ true: () throws -> Bool) throws {
  let limit = Ledger.now() + .seconds(120)
  while try !`true`() {
    guard Ledger.now() < limit else { throw ServerProblem(description: "waited 120 s in vain for \(what)") }
    _ = poll(nil, 0, 2)
  }
}
