// Calendar dates and times as authors write them. A date is never taken through a UTC timestamp: it becomes
// an instant only together with the center's zone (release-policy.md section 1).

package import Foundation
package import Markings

/// A day of the proleptic Gregorian calendar that exists.
package struct CivilDate: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let year: Int
  package let month: Int
  package let day: Int

  /// nil for a date that does not exist; years 1 to 9999.
  package init?(year: Int, month: Int, day: Int) {
    guard (1...9999).contains(year), (1...12).contains(month), day >= 1, day <= Self.days(in: month, of: year)
    else { return nil }
    self.year = year
    self.month = month
    self.day = day
  }

  /// For arithmetic that yields only days that exist.
  init(trusted year: Int, _ month: Int, _ day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }

  /// `2026-11-20`, exactly.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 10, bytes[4] == 0x2D, bytes[7] == 0x2D else { return nil }
    func number(_ range: Range<Int>) -> Int? {
      bytes[range].reduce(Int?(0)) { sum, byte in
        (0x30...0x39).contains(byte) ? sum.map { $0 * 10 + Int(byte - 0x30) } : nil
      }
    }
    guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10) else { return nil }
    self.init(year: year, month: month, day: day)
  }

  package static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    default: 31
    }
  }

  package var description: String {
    func pad(_ n: Int, _ width: Int) -> String {
      let digits = String(n)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return "\(pad(year, 4))-\(pad(month, 2))-\(pad(day, 2))"
  }

  package static func < (a: CivilDate, b: CivilDate) -> Bool {
    (a.year, a.month, a.day) < (b.year, b.month, b.day)
  }

  package var next: CivilDate {
    CivilDate(year: year, month: month, day: day + 1) ?? CivilDate(year: year, month: month + 1, day: 1)
      ?? CivilDate(year: year + 1, month: 1, day: 1) ?? self
  }

  /// Its first second in a zone: the first time that clocks show the day, also where they skip midnight or show it
  /// twice.
  package func start(in zone: TimeZone) -> Instant { first(second: 0, in: zone) }

  /// The first instant at which clocks in a zone show this second of the day; where they skip it, the first after the
  /// gap.
  package func first(second: Int, in zone: TimeZone) -> Instant {
    let local = daysSince1970 * 86_400 + Int64(second)
    func offset(_ seconds: Int64) -> Int64 {
      Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(seconds))))
    }
    // Offsets are within a day of UTC: what holds a day before and a day after brackets the instant.
    var before = local - 86_400 * 2
    var after = local + 86_400 * 2
    let (early, late) = (offset(before), offset(after))
    guard early != late else { return Instant(seconds: local - early) }
    // The change of offset between them.
    while after - before > 1 {
      let middle = before + (after - before) / 2
      if offset(middle) == early { before = middle } else { after = middle }
    }
    if local - early < after { return Instant(seconds: local - early) }
    return Instant(seconds: max(local - late, after))
  }

  /// The first second after its last one in a zone.
  package func end(in zone: TimeZone) -> Instant { next.start(in: zone) }
}

/// A date, or a date with a time of day and an offset or the center's zone.
package enum CivilMoment: Hashable, Sendable {
  case date(CivilDate)
  case time(Instant)

  /// When it begins: a date at its first second.
  package func start(in zone: TimeZone) -> Instant {
    switch self {
    case .date(let date): date.start(in: zone)
    case .time(let instant): instant
    }
  }
  /// When what is valid until then ends, exclusive: a date lasts through its last second.
  package func end(in zone: TimeZone) -> Instant {
    switch self {
    case .date(let date): date.end(in: zone)
    case .time(let instant): instant
    }
  }
}
