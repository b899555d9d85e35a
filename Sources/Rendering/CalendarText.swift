// Dates and times as products print them: `20 Nov 2026`, `22 Nov 2026, 02:14 EST`. Locale and machine have no say:
// the same instant in the same zone gives the same words everywhere.

package import Bulletins
package import Foundation
package import Markings

package struct ZonedTime: Hashable, Sendable {
  package var year: Int
  package var month: Int
  package var day: Int
  package var hour: Int
  package var minute: Int
  package var second: Int
  /// 0 is Sunday.
  package var weekday: Int
  /// Seconds east of Greenwich.
  package var offset: Int
  private var zone: String
  private var summer: Bool

  package init(_ instant: Instant, in zone: TimeZone) {
    let date = Date(timeIntervalSince1970: Double(instant.seconds))
    offset = zone.secondsFromGMT(for: date)
    summer = zone.isDaylightSavingTime(for: date)
    self.zone = zone.identifier
    let local = Int(instant.seconds) + offset
    let days = Int((Double(local) / 86400).rounded(.down))
    let rest = local - days * 86400
    (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60)
    weekday = ((days + 4) % 7 + 7) % 7
    // Days to civil date, for the proleptic Gregorian calendar with years that begin in March.
    let z = days + 719_468
    let era = (z >= 0 ? z : z - 146_096) / 146_097
    let dayOfEra = z - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shifted + 2) / 5 + 1
    month = shifted < 10 ? shifted + 3 : shifted - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// `EST`, or `UTC+01:00` for a zone without a name in this table.
  package var zoneName: String {
    let letters: (String, String)? =
      switch zone {
      case "America/New_York", "America/Detroit", "US/Eastern": ("EST", "EDT")
      case "America/Chicago", "US/Central": ("CST", "CDT")
      case "America/Denver", "America/Boise", "US/Mountain": ("MST", "MDT")
      case "America/Phoenix": ("MST", "MST")
      case "America/Los_Angeles", "US/Pacific": ("PST", "PDT")
      case "America/Anchorage": ("AKST", "AKDT")
      case "Pacific/Honolulu": ("HST", "HST")
      case "America/Puerto_Rico": ("AST", "AST")
      case "GMT", "UTC", "Etc/UTC", "Etc/GMT": ("UTC", "UTC")
      default: nil
      }
    if let letters { return summer ? letters.1 : letters.0 }
    return "UTC" + (offset < 0 ? "-" : "+") + two(abs(offset) / 3600) + ":" + two(abs(offset) / 60 % 60)
  }

  /// `22 Nov 2026`.
  package var dayText: String { "\(day) \(monthName(month)) \(year)" }
  /// `22 Nov 2026, 02:14 EST`.
  package var text: String { "\(dayText), \(two(hour)):\(two(minute)) \(zoneName)" }

  /// RFC 5322 section 3.3: `Sun, 22 Nov 2026 02:14:00 -0500`.
  package var headerText: String {
    let names = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    let hours = (offset < 0 ? "-" : "+") + two(abs(offset) / 3600) + two(abs(offset) / 60 % 60)
    return "\(names[weekday]), \(two(day)) \(monthName(month)) \(year) "
      + "\(two(hour)):\(two(minute)):\(two(second)) \(hours)"
  }
}

private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }

func monthName(_ month: Int) -> String {
  ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][month - 1]
}

extension CivilDate {
  /// `20 Nov 2026`.
  package var words: String { "\(day) \(monthName(month)) \(year)" }
}

extension CivilMoment {
  /// `20 Nov 2026`, or with time and zone.
  package func words(in zone: TimeZone) -> String {
    switch self {
    case .date(let date): date.words
    case .time(let instant): ZonedTime(instant, in: zone).text
    }
  }
}
