// Times as the forms of feeds want them.

import Bulletins
import Foundation
import Markings

enum FeedTimes {
  /// `2026-11-22T11:30:00.000001Z` (RFC 3339): of a change, so that two changes within a second still differ. In UTC,
  /// because some readers lose an offset that follows a fraction.
  /// - Parameter microseconds: since 1970.
  static func change(_ microseconds: Int64) -> String { StixTime.microseconds(microseconds) }

  /// `2026-11-22T11:30:00Z` (RFC 3339).
  static func second(_ instant: Instant) -> String { clock(instant) + "Z" }

  /// `2026-11-22T06:30:00-05:00`, UTC as `-00:00` (CAP 1.2 section 3.3.2: never `Z`).
  static func alert(_ instant: Instant, in zone: TimeZone) -> String {
    let text = instant.rfc3339(in: zone)
    return text.hasSuffix("+00:00") ? text.dropLast(6) + "-00:00" : text
  }

  /// `Sun, 22 Nov 2026 06:30:00 -0500` (RFC 822 with four digits of the year, as RSS 2.0 has it).
  static func mail(_ instant: Instant, in zone: TimeZone) -> String {
    let time = CivilTime(instant, in: zone)
    let offset = instant.rfc3339(in: zone).suffix(6).filter { $0 != ":" }
    return "\(days[time.weekday - 1]), \(time.date.day) \(months[time.date.month - 1]) \(year(time.date.year)) "
      + "\(two(time.hour)):\(two(time.minute)):\(two(time.second)) \(offset)"
  }

  private static let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  private static func clock(_ instant: Instant) -> String { String(instant.rfc3339(in: .gmt).dropLast(6)) }
  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
  private static func year(_ number: Int) -> String {
    String(repeating: "0", count: max(0, 4 - "\(number)".count)) + "\(number)"
  }
}
