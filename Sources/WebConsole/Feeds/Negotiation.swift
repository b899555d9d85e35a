// What a caller asks for in header fields (RFC 9110 section 12.5), and whether it has it already (section 13.1).
// Malformed members of a list count as not there, as section 5.6.1 lets a recipient do.

import Foundation

enum Negotiation {
  enum Coding: Hashable { case identity, gzip }

  /// Section 12.5.3.
  /// - Returns: nil where the field excludes every coding that there is.
  static func coding(_ field: String?, hasGzip: Bool) -> Coding? {
    guard let field else { return .identity }
    var gzip: Int?
    var identity: Int?
    var others: Int?
    for member in members(field) {
      if member.value.isSame(as: "gzip") || member.value.isSame(as: "x-gzip") {
        gzip = max(gzip ?? 0, member.weight)
      } else if member.value.isSame(as: "identity") {
        identity = max(identity ?? 0, member.weight)
      } else if member.value == "*" {
        others = max(others ?? 0, member.weight)
      }
    }
    let zipped = hasGzip ? gzip ?? others ?? 0 : 0
    // Identity is acceptable unless excluded by name or by `*`; what is not named is liked least.
    if zipped > 0, zipped >= identity ?? 0 { return .gzip }
    return (identity ?? others ?? 1) > 0 ? .identity : nil
  }

  /// Section 12.5.1: the most specific range that fits a type decides.
  /// - Parameter types: names under which the same bytes may be asked for: `application/atom+xml`, `application/xml`.
  static func accepts(_ field: String?, anyOf types: [String]) -> Bool {
    guard let field, field != "*/*" else { return true }
    let ranges = members(field).filter { $0.value.contains("/") }
    // Without a single range in it the field says nothing.
    guard !ranges.isEmpty else { return true }
    return types.contains { type in
      let family = type.prefix { $0 != "/" } + "/*"
      for wanted in [type, String(family), "*/*"] {
        let weights = ranges.filter { $0.value.lowercased() == wanted }.map(\.weight)
        if let best = weights.max() { return best > 0 }
      }
      return false
    }
  }

  /// Section 13.1.2, by weak comparison (13.1.1 by a strong one).
  static func matches(_ field: String, _ etag: String, strongly: Bool) -> Bool {
    if field == etag { return true }
    if isAny(field) { return true }
    // A tag may have commas in it: what counts is between quotes.
    var rest = Substring(field)
    while let open = rest.firstIndex(of: "\"") {
      let isWeak = rest[..<open].hasSuffix("W/")
      let after = rest.index(after: open)
      guard let close = rest[after...].firstIndex(of: "\"") else { return false }
      if rest[open...close] == etag, !(strongly && isWeak) { return true }
      rest = rest[rest.index(after: close)...]
    }
    return false
  }

  /// Such a field as `If-Match: *`.
  static func isAny(_ field: String) -> Bool {
    field.utf8.contains(UInt8(ascii: "*")) && field.trimmingCharacters(in: .whitespaces) == "*"
  }

  private struct Member {
    var value: String
    /// Thousandths: 1000 without a `q`.
    var weight: Int
  }

  private static func members(_ field: String) -> [Member] {
    field.split(separator: ",").compactMap { text in
      let parts = text.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
      guard let value = parts.first, !value.isEmpty else { return nil }
      var weight = 1_000
      for part in parts.dropFirst() where part.lowercased().hasPrefix("q=") {
        guard let number = Double(part.dropFirst(2)), (0...1).contains(number) else { return nil }
        weight = Int(number * 1_000)
      }
      return Member(value: value, weight: weight)
    }
  }
}

/// Times as HTTP writes them (RFC 9110 section 5.6.7).
enum HTTPTime {
  private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
  /// The form in use, and the two of old that a recipient must know.
  private static let forms = [
    "EEE',' dd MMM yyyy HH':'mm':'ss 'GMT'", "EEEE',' dd'-'MMM'-'yy HH':'mm':'ss 'GMT'", "EEE MMM d HH':'mm':'ss yyyy",
  ]

  static func text(_ seconds: Int64) -> String {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    let parts = calendar.dateComponents(
      [.weekday, .day, .month, .year, .hour, .minute, .second], from: Date(timeIntervalSince1970: Double(seconds)))
    func two(_ number: Int?) -> String { (number ?? 0) < 10 ? "0\(number ?? 0)" : "\(number ?? 0)" }
    return days[(parts.weekday ?? 1) - 1] + ", " + two(parts.day) + " " + months[(parts.month ?? 1) - 1]
      + " \(parts.year ?? 1970) " + two(parts.hour) + ":" + two(parts.minute) + ":" + two(parts.second) + " GMT"
  }

  /// Seconds since 1970; nil when it has none of the three forms.
  static func seconds(_ text: String) -> Int64? {
    for form in forms {
      let reader = DateFormatter()
      reader.locale = Locale(identifier: "en_US_POSIX")
      reader.timeZone = .gmt
      reader.dateFormat = form
      if let date = reader.date(from: text) { return Int64(date.timeIntervalSince1970) }
    }
    return nil
  }
}
