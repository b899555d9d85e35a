// A run that sends what is due, where a domain's rate puts rows off: it waits for these and for nothing else.

import Couriers
import Foundation
import Outbox
import Store
import StoreSQLite
import Synchronization
import Testing

@Suite struct RateDeferralsTests {
  /// A worker of one run on a thread of its own, by a clock that is put forward by hand.
  private final class Run: Sendable {
    let worker: DispatchWorker
    private let result = Mutex<Result<DispatchSummary, any Error>?>(nil)
    var hasEnded: Bool { result.withLock { $0 != nil } }

    init(_ ledger: Ledger, _ server: TestServer, clock: ManualClock, perDomainRate: Double) throws {
      let relay = try Relay(
        name: "main", host: "127.0.0.1", port: server.port, tls: .none, maxConnections: 2,
        perDomainRate: perDomainRate)
      var settings = DispatchWorker.Settings(
        worker: DispatchWorker.identity(startedAt: Moment(milliseconds: 1)), relays: [relay])
      settings.timeouts = SmtpTimeouts(all: 60_000)
      settings.poll = Moment.Span(milliseconds: 50)
      let store = try SQLStore(driver: try SQLiteDriver(path: ledger.path), at: 0)
      let made = DispatchWorker(settings, store: store, preparer: PlainPreparer(), now: { clock.now })
      worker = try #require(made)
      let thread = Thread { [self] in
        let ended = Result { try worker.run(once: true) }
        result.withLock { $0 = ended }
      }
      thread.stackSize = 8 << 20
      thread.start()
    }

    func summary() throws -> DispatchSummary {
      try wait("the end of the run") { hasEnded }
      return try #require(try result.withLock { $0 }?.get())
    }
  }

  @Test func itWaitsForWhatARatePutOffAndForNothingElse() throws {
    let server = try TestServer("smtp_server.py", "--quiet")
    let ledger = try Ledger()
    let later = try ledger.release(["450-4.2.1@city.test"])
    let release = try ledger.release((0..<300).map { "reader\($0)@slow.test" })
    let clock = ManualClock(Ledger.now() + .seconds(1))
    let run = try Run(ledger, server, clock: clock, perDomainRate: 10)
    defer { run.worker.stop() }
    func accepted() throws -> Int { try ledger.counts(release)[.accepted] ?? 0 }
    try wait("the first burst") { try accepted() == 10 }
    // No more than 200 wait in the worker.
    try wait("the deferred ones") { try ledger.counts(release)[.deferred] ?? 0 >= 90 }
    // A second behind what the rate allows at most, so that the clock does not run away from the worker.
    var seconds = 0
    while try accepted() < 300, !run.hasEnded, seconds < 45 {
      clock.advance(.seconds(1))
      seconds += 1
      try wait("what \(seconds) s allow") { try run.hasEnded || accepted() >= min(300, 10 * (seconds - 1)) }
    }
    #expect(try ledger.counts(release) == [.accepted: 300])
    // One claim more finds nothing.
    clock.advance(.seconds(1))
    let summary = try run.summary()
    #expect(summary.remainder == nil && summary.progress.putOff >= 90 && summary.progress.deferred == 1)
    #expect(try ledger.counts(later) == [.deferred: 1], "the next try at it is another run's")
    #expect(seconds >= 28, "no faster than the rate")
  }

  @Test func stoppedBeforeTheRateLetThemItSaysHowManyAreLeft() throws {
    let server = try TestServer("smtp_server.py", "--quiet")
    let ledger = try Ledger()
    let release = try ledger.release((0..<300).map { "reader\($0)@slow.test" })
    let clock = ManualClock(Ledger.now() + .seconds(1))
    let run = try Run(ledger, server, clock: clock, perDomainRate: 10)
    defer { run.worker.stop() }
    try wait("the first burst") { try ledger.counts(release)[.accepted] == 10 }
    try wait("the deferred ones") { try ledger.counts(release)[.deferred] ?? 0 >= 90 }
    run.worker.stop()
    let summary = try run.summary()
    let remainder = try #require(summary.remainder)
    #expect(remainder.rows == 290)
    #expect(remainder.cause == .stopped)
    let counts = try ledger.counts(release)
    #expect(counts[.accepted] == 10 && (counts[.pending] ?? 0) + (counts[.deferred] ?? 0) == 290)
  }

  @Test func aHaltEndsTheWait() throws {
    let server = try TestServer("smtp_server.py", "--quiet")
    let ledger = try Ledger()
    let release = try ledger.release((0..<300).map { "reader\($0)@slow.test" })
    let clock = ManualClock(Ledger.now() + .seconds(1))
    let run = try Run(ledger, server, clock: clock, perDomainRate: 10)
    defer { run.worker.stop() }
    try wait("the deferred ones") { try ledger.counts(release)[.deferred] ?? 0 >= 90 }
    try ledger.store.write { try $0.set(pause: Pause(scope: .halt, by: "watch", at: clock.now)) }
    clock.advance(Moment.Span(milliseconds: 100))
    let summary = try run.summary()
    #expect(summary.remainder?.cause == .halted)
    #expect(try ledger.counts(release)[.accepted] ?? 0 < 300)
  }
}
