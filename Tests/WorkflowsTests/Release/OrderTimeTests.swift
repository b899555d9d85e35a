// When an order is dated: once nobody else can write. Dated before, an order that waited for another's end would be placed
// after it with an earlier time, and whoever sees one of the two alone would read the time of the other from its place.

import Bulletins
import Distribution
import Markings
import Outbox
import Store
import StoreSQLite
import Synchronization
import Testing
import Workflows

@Suite struct OrderTimeTests {
  @Test func anOrderThatWaitedIsDatedWhenItsTurnCame() throws {
    let site = try SmallSite()
    let queue = Queue(site.store)
    let file = try site.bulletin()
    let summary = try ReleaseBulletin.run(
      file, in: try site.workspace(), order: ReleaseOrder(by: "boss", acceptedRules: ["D02", "D04"]),
      carriers: site.carriers, store: queue, now: queue.now)
    #expect(summary.at == Moment(seconds: SmallSite.noon.seconds + Queue.wait))
    #expect(try site.releases().map(\.at) == [summary.at])
    _ = try EndBulletin.run(
      summary.serial, in: try site.workspace(), order: EndOrder(.recall, by: "boss", reason: "it was wrong"),
      carriers: site.carriers, store: queue, now: queue.now)
    #expect(
      Set(try site.releases().map(\.at.milliseconds))
        == Set([1, 2].map { (SmallSite.noon.seconds + $0 * Queue.wait) * 1_000 }))
  }
}

/// Where each unit of work that writes comes to its turn after somebody else's.
private final class Queue: UnitOfWork {
  /// In seconds.
  static let wait: Int64 = 10
  private let inner: SQLStore
  private let time = Mutex(SmallSite.noon)
  init(_ inner: SQLStore) { self.inner = inner }

  var now: Instant { time.withLock { $0 } }

  func write<Value>(_ work: (any StoreSession) throws -> Value) throws -> Value {
    try inner.write { session in
      time.withLock { $0 = Instant(seconds: $0.seconds + Self.wait) }
      return try work(session)
    }
  }
  func read<Value>(_ work: (any StoreSession) throws -> Value) throws -> Value { try inner.read(work) }
}
