// The schedule of delivery.md, with its jitter and its end; lanes; the bound on what is on the wire.

import Outbox
import Testing

@Suite struct RetryScheduleTests {
  private let now = Moment(seconds: 1_795_300_000)

  private func wait(_ attempts: Int, _ lane: Lane, named: Moment.Span? = nil, hours: Int64 = 1000, random: Double = 0.5)
    -> Int64?
  {
    RetrySchedule.next(
      afterAttempts: attempts, lane: lane, named: named, now: now, lifetimeEnd: now + .hours(hours), random: random
    ).map { ($0 - now).milliseconds / 1000 }
  }

  @Test func stepsThenEveryEightHours() {
    let steps = (1...10).map { wait($0, .routine) }
    #expect(steps == [60, 300, 900, 1800, 3600, 7200, 14400, 28800, 28800, 28800])
    #expect((1...10).map { wait($0, .priority) } == steps)
  }

  @Test func theImmediateLaneStartsFaster() {
    #expect((1...6).map { wait($0, .immediate) } == [15, 30, 60, 60, 300, 900])
  }

  @Test func jitterIsTwentyPercent() {
    #expect(wait(2, .routine, random: 0) == 240)
    #expect(wait(2, .routine, random: 1) == 360)
    for seed in UInt64(1)...100 {
      var dice = Dice(seed: seed)
      let seconds = wait(2, .routine, random: Double.random(in: 0..<1, using: &dice))
      #expect((240...360).contains(seconds ?? 0), "seed \(seed)")
    }
  }

  @Test func aNamedDelayCountsAndIsNotUndercut() {
    #expect(wait(1, .routine, named: .minutes(10), random: 0) == 600)
    #expect(wait(1, .routine, named: .minutes(10), random: 1) == 720)
    #expect(wait(1, .routine, named: .hours(900), random: 0) == 28800)
    #expect(wait(1, .routine, named: .zero) == 60)
  }

  @Test func theLifetimeEndsWithALastTry() {
    #expect(wait(8, .routine, hours: 2) == 7140)
    let next = RetrySchedule.next(
      afterAttempts: 1, lane: .immediate, now: now, lifetimeEnd: now + .seconds(60), random: 0.5)
    #expect(next == nil)
    #expect(wait(0, .routine) == 60)
  }

  @Test func lanesAreOrdered() {
    #expect(Lane.allCases.sorted() == [.immediate, .priority, .routine])
    for lane in Lane.allCases { #expect(Lane(name: lane.name) == lane) }
    #expect(Lane(name: "bulk") == nil)
  }

  @Test func momentsRoundDown() {
    #expect(Moment(milliseconds: -1).seconds == -1)
    #expect(Moment(milliseconds: 1999).seconds == 1)
  }

  @Test func noMoreThanConnectionsAndABatchAreOnTheWire() {
    for seed in UInt64(1)...50 {
      var dice = Dice(seed: seed)
      var window = SendingWindow(connections: Int.random(in: 1...40, using: &dice))
      for _ in 0..<200 {
        let outcomes = Int.random(in: 0...window.carried, using: &dice)
        let marked = Int.random(in: 0...window.room(withOutcomes: outcomes), using: &dice)
        window.committed(outcomes: outcomes, marked: marked)
        #expect(window.carried <= window.limit, "seed \(seed)")
      }
    }
  }
}
