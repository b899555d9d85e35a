// Token buckets in the store: one for all who ask, through any connection.

import Outbox
import Store
import Testing

@Suite struct RateTests {
  private func order(_ wanted: Int, unused: Int = 0, rate: Double = 20, domain: String = "x.org") -> RateOrder {
    RateOrder(relay: "main", domain: domain, rate: rate, wanted: wanted, unused: unused)
  }

  private func borrow(_ bench: Workbench, _ order: RateOrder, at now: Moment) throws -> Int {
    try bench.store.write { try $0.borrow([order], now: now)[0].tokens }
  }

  @Test(arguments: TestedDriver.allCases) func severalConnectionsShareOneBucket(_ driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    let (first, second) = (bench.store, try bench.another(driver))
    let start = Moment(seconds: 1_000)
    func take(_ store: SQLStore, _ count: Int, at now: Moment) throws -> Int {
      try store.write { try $0.borrow([order(count)], now: now)[0].tokens }
    }
    #expect(try take(first, 12, at: start) == 12)
    #expect(try take(second, 12, at: start) == 8)
    #expect(try take(first, 12, at: start) == 0)
    // A second is worth 20, an hour no more.
    #expect(try take(second, 100, at: start + .seconds(1)) == 20)
    #expect(try take(first, 100, at: start + .hours(1)) == 20)
  }

  @Test(arguments: TestedDriver.allCases) func aGrantSaysWhenTheNextTokenComes(_ driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    let start = Moment(seconds: 1_000)
    let grants = try bench.store.write {
      try $0.borrow([order(25), order(1, domain: "y.org"), order(3, rate: 1, domain: "")], now: start)
    }
    #expect(grants[0] == RateGrant(tokens: 20, next: start + Moment.Span(milliseconds: 50)))
    #expect(grants[1] == RateGrant(tokens: 1, next: nil))
    #expect(grants[2] == RateGrant(tokens: 1, next: start + .seconds(1)))
  }

  @Test(arguments: TestedDriver.allCases) func whatIsNotUsedGoesBack(_ driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    let start = Moment(seconds: 1_000)
    #expect(try borrow(bench, order(20), at: start) == 20)
    #expect(try borrow(bench, order(0, unused: 15), at: start) == 0)
    #expect(try borrow(bench, order(20), at: start) == 15)
  }

  @Test(arguments: TestedDriver.allCases) func aClockThatWasSetBackStartsAnew(_ driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    let start = Moment(seconds: 10_000)
    #expect(try borrow(bench, order(20), at: start) == 20)
    // A worker whose clock is a little behind gets nothing for it.
    #expect(try borrow(bench, order(20), at: start - .seconds(5)) == 0)
    #expect(try borrow(bench, order(20), at: start) == 0)
    // After an hour back it flows from there.
    #expect(try borrow(bench, order(20), at: start - .hours(1)) == 0)
    #expect(try borrow(bench, order(20), at: start - .hours(1) + .seconds(1)) == 20)
  }

  @Test(arguments: TestedDriver.allCases) func bucketsThatNobodyUsesAreForgotten(_ driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    let start = Moment(seconds: 10_000)
    _ = try borrow(bench, order(20), at: start)
    try bench.store.write { try $0.forgetRates(before: start) }
    #expect(try borrow(bench, order(20), at: start) == 0)
    try bench.store.write { try $0.forgetRates(before: start + .hours(1)) }
    #expect(try borrow(bench, order(20), at: start) == 20)
  }
}
