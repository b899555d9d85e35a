// Serial numbers: `CFC-OS-2026-0042`, its updates `-U1`, its corrections `-C1` (bulletin-format.md). Gap-free per series
// and year, never reused; allocated in the release transaction only.

package struct Serial: Hashable, Sendable, CustomStringConvertible {
  package enum Suffix: Hashable, Sendable {
    case update(Int)
    case correction(Int)
  }
  /// The site's `serial-prefix`; may hold hyphens.
  package var prefix: String
  /// The series' code.
  package var code: String
  package var year: Int
  package var number: Int
  package var suffix: Suffix?

  package init(prefix: String, code: String, year: Int, number: Int, suffix: Suffix? = nil) {
    self.prefix = prefix
    self.code = code
    self.year = year
    self.number = number
    self.suffix = suffix
  }

  package var description: String {
    let digits = String(number)
    let base = "\(prefix)-\(code)-\(year)-\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)"
    return switch suffix {
    case nil: base
    case .update(let count): "\(base)-U\(count)"
    case .correction(let count): "\(base)-C\(count)"
    }
  }

  /// What people type; nil when it is no serial.
  package init?(_ text: String) {
    var parts = text.split(separator: "-", omittingEmptySubsequences: false)
    var suffix: Suffix?
    if let last = parts.last, let kind = last.first, kind == "U" || kind == "C" {
      guard let count = Self.count(last.dropFirst()), count > 0 else { return nil }
      suffix = kind == "U" ? .update(count) : .correction(count)
      parts.removeLast()
    }
    guard parts.count >= 4, let number = Self.count(parts[parts.count - 1]), parts[parts.count - 1].count >= 4,
      let year = Self.count(parts[parts.count - 2]), parts[parts.count - 2].count == 4, number > 0,
      !parts.contains(where: \.isEmpty)
    else { return nil }
    self.init(
      prefix: parts.dropLast(3).joined(separator: "-"), code: String(parts[parts.count - 3]), year: year,
      number: number, suffix: suffix)
  }

  private static func count(_ text: Substring) -> Int? {
    guard (1...9).contains(text.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(text)
  }
}
