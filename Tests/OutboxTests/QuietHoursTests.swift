// Times of day on clocks that skip hours and show hours twice. The clock of these tests has the calendar of New York
// in miniature: days of 23, 24 and 25 hours, changed at 02:00; the zones of the real world are tested where they are.

import Outbox
import Testing

/// Days count from the epoch; clocks are set forward or back by an hour at 02:00 of some of them.
struct ChangingClock: LocalClock {
  /// Day, and seconds by which clocks are set at 02:00.
  var changes: [(day: Int64, by: Int64)]

  /// The offset that holds at a moment, and when it began.
  private func offset(at seconds: Int64) -> Int64 {
    var offset: Int64 = 0
    for change in changes where seconds >= change.day * 86_400 + 7_200 - offset { offset += change.by }
    return offset
  }

  func day(of moment: Moment) -> Int64 {
    let local = moment.seconds + offset(at: moment.seconds)
    return local >= 0 ? local / 86_400 : (local - 86_399) / 86_400
  }

  func first(day: Int64, second: Int) -> Moment {
    let local = day * 86_400 + Int64(second)
    // By search, second by second around the change: slow, and easy to believe.
    var offset: Int64 = 0
    for change in changes {
      let at = change.day * 86_400 + 7_200 - offset
      if local - offset < at { return Moment(seconds: local - offset) }
      offset += change.by
      if local - offset < at { return Moment(seconds: at) }
    }
    return Moment(seconds: local - offset)
  }

  /// What clocks show, in seconds of the day.
  func second(of moment: Moment) -> Int {
    let local = moment.seconds + offset(at: moment.seconds)
    return Int(((local % 86_400) + 86_400) % 86_400)
  }
}

@Suite struct QuietHoursTests {
  static let plain = ChangingClock(changes: [])
  static let changing = ChangingClock(changes: [(10, 3_600), (20, -3_600), (30, 3_600), (40, -3_600)])

  @Test(arguments: ["22:00-06:00", "00:00-23:59", "12:30-13:00", "23:59-00:00"])
  func hoursAreReadAndWritten(text: String) throws {
    #expect(try QuietHours(text).description == text)
  }

  @Test(arguments: [
    "", "22:00", "22:00-", "-06:00", "22:00-06:00-07:00", "22-6", "2:00-06:00", "24:00-06:00", "22:60-06:00",
    "22:00 - 06:00", "22:00–06:00", "２2:00-06:00", "+2:00-06:00",
  ])
  func whatIsNoSpan(text: String) {
    #expect(throws: QuietHours.Problem.malformed) { try QuietHours(text) }
  }

  @Test(arguments: ["22:00-22:00", "00:00-00:00"])
  func aWholeDayIsRefused(text: String) {
    #expect(throws: QuietHours.Problem.wholeDay) { try QuietHours(text) }
  }

  @Test func acrossMidnight() throws {
    let hours = try QuietHours("22:00-06:00")
    func end(_ day: Int64, _ hour: Int64, _ minute: Int64 = 0) -> Int64? {
      hours.end(at: Moment(seconds: day * 86_400 + hour * 3_600 + minute * 60), Self.plain).map { $0.seconds / 3_600 }
    }
    #expect(end(5, 21, 59) == nil && end(5, 22) == 5 * 24 + 30)
    #expect(end(6, 0) == 6 * 24 + 6 && end(6, 5, 59) == 6 * 24 + 6 && end(6, 6) == nil)
  }

  @Test func onlyRoutineMailIsConcerned() {
    #expect(Lane.allCases.filter(QuietHours.concern) == [.routine])
  }

  /// The night of a change is an hour shorter or longer; begin and end are what clocks show.
  @Test func nightsOfAChange() throws {
    let night = try QuietHours("22:00-06:00")
    func hours(_ day: Int64, _ hours: QuietHours) -> Int64 {
      let stretch = hours.stretch(beginning: day, Self.changing)
      return (stretch.upperBound - stretch.lowerBound).milliseconds / 60_000
    }
    #expect(hours(8, night) == 480 && hours(9, night) == 420 && hours(19, night) == 540)
    // Within the hour that is skipped: it begins and ends at the change. Shown twice: once, from the first time on.
    #expect(hours(10, try QuietHours("02:15-02:45")) == 0)
    #expect(hours(10, try QuietHours("02:30-03:30")) == 30)
    #expect(hours(20, try QuietHours("01:15-01:45")) == 30)
    #expect(hours(20, try QuietHours("01:30-02:30")) == 120)
  }

  /// Against a reading of the clock at every minute: quiet exactly when the first showing of the end has not come.
  @Test func laws() throws {
    for seed in UInt64(1)...60 {
      var dice = Dice(seed: seed)
      func time() -> String {
        let minute = Int.random(in: 0..<1_440, using: &dice)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(minute / 60)):\(two(minute % 60))"
      }
      guard let hours = try? QuietHours("\(time())-\(time())") else { continue }
      let clock = Bool.random(using: &dice) ? Self.changing : Self.plain
      let first = Int64.random(in: 0..<45, using: &dice) * 86_400
      for _ in 0..<200 {
        let moment = Moment(milliseconds: (first + Int64.random(in: 0..<172_800, using: &dice)) * 1_000 + 7)
        let end = hours.end(at: moment, clock)
        if let end {
          #expect(end > moment, "seed \(seed) \(hours)")
          #expect(end - moment <= .hours(25), "seed \(seed) \(hours)")
          // Nothing between now and the end is outside.
          let between = Moment(milliseconds: (moment.milliseconds + end.milliseconds) / 2)
          #expect(between == moment || hours.end(at: between, clock) != nil, "seed \(seed) \(hours)")
        }
        // Where clocks do not change within a day, it is what they show.
        let day = clock.day(of: moment)
        guard !clock.changes.contains(where: { abs($0.day - day) <= 1 }) else { continue }
        let minute = clock.second(of: moment) / 60
        let (from, to) = (hours.from.minute, hours.to.minute)
        let shows = from < to ? (from..<to).contains(minute) : minute >= from || minute < to
        #expect((end != nil) == shows, "seed \(seed) \(hours) at \(moment)")
      }
    }
  }

  /// Once a day, at the time or right after the gap, never before the moment that was asked for.
  @Test func dailyTimes() throws {
    for text in ["07:00", "00:00", "02:30", "01:30", "23:59"] {
      let time = try #require(DailyTime(text))
      #expect(time.description == text)
      var moment = Moment(seconds: 0)
      var count = 0
      while moment < Moment(seconds: 45 * 86_400) {
        let next = time.next(from: moment, Self.changing)
        #expect(next >= moment && next - moment <= .hours(25), "\(text)")
        #expect(time.next(from: next, Self.changing) == next, "\(text)")
        let shown = Self.changing.second(of: next) / 60
        #expect(shown == time.minute || (text == "02:30" && shown == 180), "\(text) shows \(shown)")
        moment = Moment(milliseconds: next.milliseconds + 1)
        count += 1
      }
      #expect((45...46).contains(count), "\(text): \(count) times in 45 days")
    }
    for text in ["7:00", "07:60", "24:00", "0700", "07:00:00", ""] { #expect(DailyTime(text) == nil) }
  }

  @Test func whatADigestWaitsFor() {
    let end = Moment(seconds: 100_000)
    #expect(DigestTime.waits(.routine, at: end - .hours(12), lifetimeEnd: end))
    #expect(!DigestTime.waits(.routine, at: end - .hours(11), lifetimeEnd: end))
    #expect(!DigestTime.waits(.priority, at: end - .hours(40), lifetimeEnd: end))
    #expect(!DigestTime.waits(.immediate, at: end - .hours(40), lifetimeEnd: end))
  }

  @Test func whyARowWaits() {
    let now = Moment(seconds: 50_000)
    func waiting(
      _ state: DeliveryState = .pending, _ lane: Lane = .routine, email: Bool = true, next: Moment,
      digest: Moment? = nil, quiet: Moment? = nil
    ) -> Waiting? {
      Waiting(
        Waiting.Facts(state: state, lane: lane, isEmail: email, nextAttempt: next, digest: digest), now: now,
        quietUntil: { _ in quiet })
    }
    let later = now + .hours(1)
    #expect(waiting(next: now) == nil && waiting(.accepted, next: later) == nil && waiting(.leased, next: later) == nil)
    #expect(waiting(next: later)?.cause == .scheduled && waiting(next: later)?.until == later)
    #expect(waiting(next: later, digest: later)?.cause == .digest)
    #expect(waiting(.deferred, next: later, digest: now)?.cause == .retry)
    #expect(waiting(next: now, quiet: later)?.cause == .quietHours)
    #expect(waiting(next: now, quiet: later)?.until == later)
    #expect(waiting(next: later, quiet: later + .hours(1))?.until == later + .hours(1))
    #expect(waiting(.pending, .priority, next: now, quiet: later) == nil)
    #expect(waiting(.pending, .immediate, next: now, quiet: later) == nil)
    #expect(waiting(email: false, next: now, quiet: later) == nil)
  }
}
