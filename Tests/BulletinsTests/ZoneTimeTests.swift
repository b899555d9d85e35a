// Days that do not begin at midnight, days that begin twice, days that are left out: what the zones of the world do.

import Bulletins
import Foundation
import Markings
import Testing

@Suite struct ZoneTimeTests {
  private func zone(_ name: String) throws -> TimeZone { try #require(TimeZone(identifier: name), "no zone \(name)") }

  @Test(arguments: [
    // Clocks go from 23:59:59 to 01:00.
    ("America/Sao_Paulo", "2018-11-04", "2018-11-04T01:00:00-02:00"),
    ("Asia/Beirut", "2026-03-29", "2026-03-29T01:00:00+03:00"),
    // Clocks go from 00:59:59 back to 00:00: the first of the two midnights.
    ("America/Havana", "2026-11-01", "2026-11-01T00:00:00-04:00"),
    // Clocks go from 23:59:59 back to 23:00 of the day before.
    ("America/Sao_Paulo", "2018-02-18", "2018-02-18T00:00:00-03:00"),
    ("America/New_York", "2026-03-08", "2026-03-08T00:00:00-05:00"),
    ("America/New_York", "2026-11-01", "2026-11-01T00:00:00-04:00"),
    // The day that Samoa left out begins where the next one does.
    ("Pacific/Apia", "2011-12-30", "2011-12-31T00:00:00+14:00"),
    ("Pacific/Apia", "2011-12-31", "2011-12-31T00:00:00+14:00"),
  ])
  func aDayBeginsWithItsFirstSecond(name: String, day: String, start: String) throws {
    let zone = try zone(name)
    #expect(try #require(CivilDate(day)).start(in: zone).rfc3339(in: zone) == start)
  }

  @Test(arguments: [
    // Skipped: right after the gap. Shown twice: the first.
    ("America/New_York", "2026-03-08", 2 * 3_600 + 1_800, "2026-03-08T03:00:00-04:00"),
    ("America/New_York", "2026-11-01", 1 * 3_600 + 1_800, "2026-11-01T01:30:00-04:00"),
    ("America/New_York", "2026-11-01", 2 * 3_600, "2026-11-01T02:00:00-05:00"),
    ("America/New_York", "2026-11-22", 7 * 3_600, "2026-11-22T07:00:00-05:00"),
    // Half an hour.
    ("Australia/Lord_Howe", "2026-10-04", 2 * 3_600 + 600, "2026-10-04T02:30:00+11:00"),
    ("Australia/Lord_Howe", "2026-04-05", 1 * 3_600 + 2_400, "2026-04-05T01:40:00+11:00"),
  ])
  func aTimeOfDayComesOnce(name: String, day: String, second: Int, expected: String) throws {
    let zone = try zone(name)
    #expect(try #require(CivilDate(day)).first(second: second, in: zone).rfc3339(in: zone) == expected)
  }

  /// No instant before it shows that time of that day or a later one; it does.
  @Test func lawsInManyZones() throws {
    let names = [
      "America/New_York", "America/Sao_Paulo", "Asia/Beirut", "America/Havana", "Australia/Lord_Howe", "Asia/Kathmandu",
      "Europe/London", "America/St_Johns", "Pacific/Chatham", "Africa/Casablanca", "UTC", "Pacific/Apia",
    ]
    for name in names {
      let zone = try zone(name)
      func shows(_ seconds: Int64) -> (CivilDate, Int) {
        let time = CivilTime(Instant(seconds: seconds), in: zone)
        return (time.date, time.hour * 3_600 + time.minute * 60 + time.second)
      }
      for day in stride(from: Int64(17_500), to: 21_900, by: 1) {
        let date = CivilDate(daysSince1970: day)
        for second in [0, 5_400, 8_100, 25_200, 86_399] {
          let instant = date.first(second: second, in: zone).seconds
          let at = shows(instant)
          #expect(at >= (date, second), "\(name) \(date) \(second) shows \(at)")
          let before = shows(instant - 1)
          #expect(before < (date, second), "\(name) \(date) \(second): a second earlier shows \(before)")
        }
      }
    }
  }
}
