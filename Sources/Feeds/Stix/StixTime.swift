// Times as STIX and TAXII have them: UTC with a Z, three digits of a second in STIX objects (STIX 2.1 section 3.2 with
// 4.0), six in TAXII (TAXII 2.1 section 2). All are counted in microseconds since 1970, as positions are.

import Bulletins
import Markings

enum StixTime {
  /// `2026-11-22T17:00:00.000Z`; what is below a millisecond is dropped.
  static func milliseconds(_ microseconds: Int64) -> String { text(microseconds, digits: 3) }

  /// `2026-11-22T17:00:00.000000Z`.
  static func microseconds(_ microseconds: Int64) -> String { text(microseconds, digits: 6) }

  private static func text(_ microseconds: Int64, digits: Int) -> String {
    let second = floorDivided(microseconds, 1_000_000)
    let day = floorDivided(second, 86_400)
    let date = CivilDate(daysSince1970: day)
    let ofDay = second - day * 86_400
    let fraction = padded(microseconds - second * 1_000_000, 6).prefix(digits)
    return "\(date)T\(padded(ofDay / 3_600, 2)):\(padded(ofDay / 60 % 60, 2)):\(padded(ofDay % 60, 2)).\(fraction)Z"
  }

  /// Any RFC 3339 time. Clients write fewer digits, and offsets; a space stands for the `+` of an offset that was sent
  /// without being encoded. Digits after the sixth are dropped.
  /// - Returns: microseconds since 1970; nil for anything else.
  static func read(_ text: String) -> Int64? {
    let text = text.replacing(" ", with: "+")
    guard let whole = Instant(rfc3339: text) else { return nil }
    var digits: [UInt8] = []
    if let point = text.utf8.firstIndex(of: UInt8(ascii: ".")) {
      digits = text.utf8[text.utf8.index(after: point)...].prefix { (0x30...0x39).contains($0) }.prefix(6).map { $0 }
    }
    var fraction: Int64 = 0
    for place in 0..<6 { fraction = fraction * 10 + (place < digits.count ? Int64(digits[place] - 0x30) : 0) }
    return whole.seconds * 1_000_000 + fraction
  }

  private static func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  /// Towards the past, also before 1970.
  private static func floorDivided(_ number: Int64, _ divisor: Int64) -> Int64 {
    let quotient = number / divisor
    return number % divisor < 0 ? quotient - 1 : quotient
  }
}
