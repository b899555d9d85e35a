// Dates that exist, the seconds at which they begin and end, and RFC 3339.

import Bulletins
import Foundation
import Markings
import Testing

@Suite struct CivilDateTests {
  let boston = TimeZone(identifier: "America/New_York") ?? .gmt

  @Test(arguments: ["2026-11-31", "2026-02-29", "2026-13-01", "2026-1-01", "0000-01-01", "2026-11-20 ", "２０２６-11-20"])
  func noSuchDate(text: String) { #expect(CivilDate(text) == nil) }

  @Test func leapDays() {
    #expect(CivilDate("2028-02-29")?.next.description == "2028-03-01")
    #expect(CivilDate("2000-02-29") != nil)
    #expect(CivilDate("1900-02-29") == nil)
    #expect(CivilDate("2026-12-31")?.next.description == "2027-01-01")
  }

  /// A date is valid through its last second in the center's zone, also on the two days of the year that are not
  /// 24 hours long.
  @Test func startAndEnd() throws {
    let date = try #require(CivilDate("2026-11-22"))
    #expect(date.start(in: boston).rfc3339(in: boston) == "2026-11-22T00:00:00-05:00")
    #expect(date.end(in: boston).rfc3339(in: boston) == "2026-11-23T00:00:00-05:00")
    let autumn = try #require(CivilDate("2026-11-01"))
    #expect(autumn.end(in: boston).seconds - autumn.start(in: boston).seconds == 25 * 3_600)
    let spring = try #require(CivilDate("2026-03-08"))
    #expect(spring.end(in: boston).seconds - spring.start(in: boston).seconds == 23 * 3_600)
  }

  /// Days near a change of the zone's offset too, also where midnight itself is skipped or comes twice.
  @Test(arguments: ["America/New_York", "America/Santiago", "Africa/Cairo", "Pacific/Apia", "Asia/Kathmandu"])
  func startIsTheCalendarsStart(name: String) throws {
    let zone = try #require(TimeZone(identifier: name))
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    for days in Int64(14_900)...Int64(22_000) {
      let date = CivilDate(daysSince1970: days)
      let noon = calendar.date(from: DateComponents(year: date.year, month: date.month, day: date.day, hour: 12))
      let start = try #require(noon.map(calendar.startOfDay(for:)))
      #expect(date.start(in: zone).seconds == Int64(start.timeIntervalSince1970), "\(date) in \(name)")
    }
  }

  @Test func timestamps() {
    #expect(Instant(rfc3339: "1970-01-01T00:00:00Z")?.seconds == 0)
    #expect(Instant(rfc3339: "2026-11-22T06:30:00.25-05:00") == Instant(rfc3339: "2026-11-22T11:30:00z"))
    #expect(Instant(rfc3339: "2026-11-22T06:30:00-05:00")?.rfc3339(in: .gmt) == "2026-11-22T11:30:00+00:00")
  }

  @Test(arguments: [
    "2026-11-22T06:30:00", "2026-11-22", "2026-11-31T06:30:00Z", "2026-11-22T24:00:00Z", "2026-11-22T06:60:00Z",
    "2026-11-22T06:30:00+5:00", "2026-11-22T06:30:00.Z", "2026-11-22T06:30:00Zx", "",
  ])
  func noTimestamp(text: String) { #expect(Instant(rfc3339: text) == nil) }

  @Test func everyDayThereAndBack() {
    for days in stride(from: Int64(-719_162), through: 2_932_896, by: 37) {
      let date = CivilDate(daysSince1970: days)
      #expect(date.daysSince1970 == days)
      #expect(CivilDate(year: date.year, month: date.month, day: date.day) == date)
    }
    #expect(CivilTime(Instant(seconds: -1), in: .gmt).date.description == "1969-12-31")
    #expect(CivilTime(Instant(seconds: 0), in: .gmt).weekday == 4)
  }
}
