// What is rehearsed is seen by the rehearsal alone, and nothing of it stays.

import Outbox
import Store
import Testing

@Suite struct RehearsalTests {
  private struct Interrupted: Error {}

  @Test(arguments: TestedDriver.allCases)
  func nothingStays(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    let first = try bench.store.write { session in
      let first = try session.insert(release: FeedLedgerTests.release(1, at: bench.now))
      _ = try session.settleFeeds(now: bench.now, month: FeedLedgerTests.month)
      return first
    }
    let later = bench.now + .hours(1_000)
    let mark = try bench.store.feedMark()
    let ahead = try bench.store.rehearse { store in
      _ = try store.write { try $0.settleFeeds(now: later, month: FeedLedgerTests.month) }
      #expect(try store.feedMark() != mark && store.feedMarkAtHand() == nil)
      return try store.read { try $0.feedEntry(serial: "CFC-OS-2026-0001") }
    }
    #expect(ahead?.standing == .expired && ahead?.release == first)
    let entry = try bench.store.read { try $0.feedEntry(serial: "CFC-OS-2026-0001") }
    #expect(try entry?.standing == .live && bench.store.feedMark() == mark)
    #expect(throws: Interrupted.self) {
      try bench.store.rehearse { store in
        _ = try store.write { try $0.settleFeeds(now: later, month: FeedLedgerTests.month) }
        throw Interrupted()
      }
    }
    // The time comes, and it is as it was said to be.
    _ = try bench.another(driver).write { try $0.settleFeeds(now: later, month: FeedLedgerTests.month) }
    #expect(try bench.store.read { try $0.feedEntry(serial: "CFC-OS-2026-0001") } == ahead)
  }
}
