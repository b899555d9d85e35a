// RFC 3339 timestamps to and from instants. Seconds only: fractions are read and dropped.

package import Foundation
package import Markings

extension Instant {
  /// `2026-11-22T06:30:00-05:00`, `..Z`; the offset is required. nil for anything else, also for a day or hour that
  /// does not exist. A leap second is read as the second before it.
  package init?(rfc3339 text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, bytes.count <= 40, [UInt8(ascii: "T"), UInt8(ascii: "t")].contains(bytes[10]),
      let date = CivilDate(String(decoding: bytes[0..<10], as: UTF8.self)),
      bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
      let hour = Self.twoDigits(bytes, 11), let minute = Self.twoDigits(bytes, 14),
      let second = Self.twoDigits(bytes, 17), hour < 24, minute < 60, second <= 60
    else { return nil }
    var index = 19
    if bytes[index] == UInt8(ascii: ".") {
      index += 1
      let first = index
      while index < bytes.count, (0x30...0x39).contains(bytes[index]) { index += 1 }
      guard index > first else { return nil }
    }
    guard index < bytes.count, let offset = Self.offset(bytes[index...]) else { return nil }
    self.init(
      seconds: date.daysSince1970 * 86_400 + Int64(hour * 3_600 + minute * 60 + min(second, 59)) - Int64(offset))
  }

  /// `2026-11-22T06:30:00-05:00` in a zone; UTC is written `+00:00`.
  package func rfc3339(in zone: TimeZone) -> String {
    let offset = zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(seconds)))
    let civil = CivilTime(self, in: zone)
    let sign = offset < 0 ? "-" : "+"
    let minutes = abs(offset) / 60
    return "\(civil.date)T\(pad(civil.hour)):\(pad(civil.minute)):\(pad(civil.second))"
      + "\(sign)\(pad(minutes / 60)):\(pad(minutes % 60))"
  }

  private static func twoDigits(_ bytes: [UInt8], _ at: Int) -> Int? {
    guard (0x30...0x39).contains(bytes[at]), (0x30...0x39).contains(bytes[at + 1]) else { return nil }
    return Int(bytes[at] - 0x30) * 10 + Int(bytes[at + 1] - 0x30)
  }

  private static func offset(_ bytes: ArraySlice<UInt8>) -> Int? {
    let zone = Array(bytes)
    if zone == [UInt8(ascii: "Z")] || zone == [UInt8(ascii: "z")] { return 0 }
    guard zone.count == 6, zone[3] == UInt8(ascii: ":"), let hours = twoDigits(zone, 1),
      let minutes = twoDigits(zone, 4), hours < 24, minutes < 60
    else { return nil }
    switch zone[0] {
    case UInt8(ascii: "+"): return hours * 3_600 + minutes * 60
    case UInt8(ascii: "-"): return -(hours * 3_600 + minutes * 60)
    default: return nil
    }
  }
}

/// A point in time on the clock and calendar of a zone.
package struct CivilTime: Hashable, Sendable {
  package let date: CivilDate
  package let hour: Int
  package let minute: Int
  package let second: Int
  /// 1 Monday to 7 Sunday.
  package let weekday: Int

  package init(_ instant: Instant, in zone: TimeZone) {
    let offset = Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(instant.seconds))))
    let local = instant.seconds + offset
    let days = (local >= 0 ? local : local - 86_399) / 86_400
    let ofDay = Int(local - days * 86_400)
    date = CivilDate(daysSince1970: days)
    hour = ofDay / 3_600
    minute = ofDay / 60 % 60
    second = ofDay % 60
    weekday = Int(((days + 3) % 7 + 7) % 7) + 1
  }
}

extension CivilDate {
  /// Days from 1970-01-01 (Howard Hinnant, "chrono-compatible low-level date algorithms").
  package var daysSince1970: Int64 {
    let y = Int64(month <= 2 ? year - 1 : year)
    let era = y / 400
    let yearOfEra = y - era * 400
    let dayOfYear = Int64((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1)
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// Clamped to the years 1 to 9999.
  package init(daysSince1970 days: Int64) {
    let z = min(max(days, -719_162), 2_932_896) + 719_468
    let era = z / 146_097
    let dayOfEra = z - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = Int(shifted < 10 ? shifted + 3 : shifted - 9)
    self.init(
      trusted: Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0), month, Int(dayOfYear - (153 * shifted + 2) / 5) + 1)
  }
}

private func pad(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
