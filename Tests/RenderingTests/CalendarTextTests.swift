// Dates in words, the same on every machine.

import Bulletins
import Foundation
import Markings
import Testing

@testable import Rendering

struct CalendarTextTests {
  @Test(arguments: [
    (1_795_331_640, "America/New_York", "22 Nov 2026, 02:14 EST", "Sun, 22 Nov 2026 02:14:00 -0500"),
    (1_782_000_000, "America/New_York", "20 Jun 2026, 20:00 EDT", "Sat, 20 Jun 2026 20:00:00 -0400"),
    (951_782_400, "UTC", "29 Feb 2000, 00:00 UTC", "Tue, 29 Feb 2000 00:00:00 +0000"),
    (-1, "UTC", "31 Dec 1969, 23:59 UTC", "Wed, 31 Dec 1969 23:59:59 +0000"),
    (0, "Asia/Kolkata", "1 Jan 1970, 05:30 UTC+05:30", "Thu, 01 Jan 1970 05:30:00 +0530"),
  ])
  func words(seconds: Int, zone: String, text: String, header: String) throws {
    let time = ZonedTime(Instant(seconds: Int64(seconds)), in: try #require(TimeZone(identifier: zone)))
    #expect(time.text == text)
    #expect(time.headerText == header)
  }
}
