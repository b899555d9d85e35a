// Dates and times of front matter. A date stays a date; a time without an offset is in the center's zone.

import Bulletins
import Foundation
import Markings

enum Moment {
  enum Reading: Hashable {
    case moment(CivilMoment)
    /// Of the right form, but no calendar or clock has it.
    case impossible
    case malformed
  }

  static func looksLikeDate(_ text: String) -> Bool { matches(Array(text.utf8)[...], "0000-00-00") }

  static func read(_ text: String, zone: TimeZone) -> Reading {
    let bytes = Array(text.utf8)
    guard bytes.count >= 10, matches(bytes[0..<10], "0000-00-00") else { return .malformed }
    let date = CivilDate(String(decoding: bytes[0..<10], as: UTF8.self))
    if bytes.count == 10 { return date.map { .moment(.date($0)) } ?? .impossible }
    guard (16...40).contains(bytes.count), [0x54, 0x74, 0x20].contains(bytes[10]), matches(bytes[11..<16], "00:00")
    else { return .malformed }
    var rest = bytes[16...]
    var clock = Array(bytes[11..<16])
    if matches(rest.prefix(3), ":00") {
      clock += rest.prefix(3)
      rest = rest.dropFirst(3)
      if rest.first == 0x2E { rest = rest.dropFirst().drop { (0x30...0x39).contains($0) } }
    } else {
      clock += Array(":00".utf8)
    }
    if rest.isEmpty { return local(date, clock, zone) }
    let isOffset =
      rest.elementsEqual([0x5A]) || rest.elementsEqual([0x7A])
      || ([0x2B, 0x2D].contains(rest.first) && matches(rest.dropFirst(), "00:00"))
    guard isOffset else { return .malformed }
    let whole = bytes[0..<10] + [0x54] + clock + rest
    return Instant(rfc3339: String(decoding: whole, as: UTF8.self)).map { .moment(.time($0)) } ?? .impossible
  }

  /// A time that the zone's clocks skip does not exist; of one that they show twice, the first.
  private static func local(_ date: CivilDate?, _ clock: [UInt8], _ zone: TimeZone) -> Reading {
    func number(_ at: Int) -> Int { Int(clock[at] - 0x30) * 10 + Int(clock[at + 1] - 0x30) }
    let (hour, minute, second) = (number(0), number(3), number(6))
    guard let date, hour < 24, minute < 60, second < 60 else { return .impossible }
    let asUTC = date.daysSince1970 * 86_400 + Int64(hour * 3_600 + minute * 60 + second)
    let offsets = [-86_400, 86_400].map { shift in
      Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(asUTC + Int64(shift)))))
    }
    for offset in Set(offsets).sorted(by: >) {
      let instant = Instant(seconds: asUTC - offset)
      let shown = CivilTime(instant, in: zone)
      if shown.date == date, shown.hour == hour, shown.minute == minute, shown.second == second {
        return .moment(.time(instant))
      }
    }
    return .impossible
  }

  /// `0` in the form stands for any digit.
  private static func matches(_ bytes: ArraySlice<UInt8>, _ form: String) -> Bool {
    bytes.count == form.utf8.count
      && zip(bytes, form.utf8).allSatisfy { $1 == 0x30 ? (0x30...0x39).contains($0) : $0 == $1 }
  }
}
