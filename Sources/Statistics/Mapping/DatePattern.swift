// How a records system writes its dates: YYYY-MM-DD, M/D/YYYY, DD-MON-YY, YYYY-MM-DD HH:MM and the like. MON is a month's
// three English letters in any case; YY is of this century; M and D have one or two digits. A time of day may follow, in
// local time; it is read and left out. Anything that is not exactly the pattern is no date.

package import Bulletins

package struct DatePattern: Hashable, Sendable {
  private enum Part: Hashable, Sendable {
    case year, shortYear, monthName
    /// Two digits, or one or two.
    case month(isPadded: Bool)
    case day(isPadded: Bool)
    case sign(UInt8)
  }
  /// HH:MM, H:MM, either with :SS and with AM.
  private struct Time: Hashable, Sendable {
    var isPadded: Bool
    var hasSeconds: Bool
    var hasHalves: Bool

    init?(_ pattern: Substring) {
      hasHalves = pattern.hasSuffix(" AM")
      let clock = hasHalves ? pattern.dropLast(3) : pattern
      guard ["HH:MM", "H:MM", "HH:MM:SS", "H:MM:SS"].contains(clock) else { return nil }
      isPadded = clock.hasPrefix("HH")
      hasSeconds = clock.hasSuffix("SS")
    }
  }
  private let parts: [Part]
  private let time: Time?
  private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
  private static let known: [(word: String, part: Part)] = [
    ("YYYY", .year), ("YY", .shortYear), ("MON", .monthName), ("MM", .month(isPadded: true)),
    ("DD", .day(isPadded: true)), ("M", .month(isPadded: false)), ("D", .day(isPadded: false)),
  ]

  /// nil unless year, month and day come once each, a time comes last, and where one or two digits end is plain.
  package init?(_ pattern: String) {
    var parts: [Part] = []
    var rest = Substring(pattern)
    while let first = rest.utf8.first, first != UInt8(ascii: "H") {
      if let (word, part) = Self.known.first(where: { rest.hasPrefix($0.word) }) {
        parts.append(part)
        rest = rest.dropFirst(word.count)
      } else {
        parts.append(.sign(first))
        rest = Substring(rest.utf8.dropFirst())
      }
    }
    if rest.isEmpty {
      time = nil
    } else {
      guard let read = Time(rest), [.sign(UInt8(ascii: " ")), .sign(UInt8(ascii: "T"))].contains(parts.last) else {
        return nil
      }
      time = read
    }
    func count(_ kinds: Part...) -> Int { parts.filter(kinds.contains).count }
    guard count(.year, .shortYear) == 1,
      count(.month(isPadded: true), .month(isPadded: false), .monthName) == 1,
      count(.day(isPadded: true), .day(isPadded: false)) == 1
    else { return nil }
    for (part, next) in zip(parts, parts.dropFirst())
    where part == .month(isPadded: false) || part == .day(isPadded: false) {
      guard case .sign(let byte) = next, !(0x30...0x39).contains(byte) else { return nil }
    }
    self.parts = parts
  }

  package func date(_ text: String) -> CivilDate? {
    var cell = Digits(text)
    var (year, month, day) = (0, 0, 0)
    for part in parts {
      switch part {
      case .sign(let byte):
        guard cell.take(byte) else { return nil }
      case .monthName:
        let name = String(decoding: cell.rest.prefix(3), as: UTF8.self).lowercased()
        guard let index = Self.months.firstIndex(of: name) else { return nil }
        month = index + 1
        cell.rest = cell.rest.dropFirst(3)
      case .year:
        guard let value = cell.number(4...4) else { return nil }
        year = value
      case .shortYear:
        guard let value = cell.number(2...2) else { return nil }
        year = 2_000 + value
      case .month(let isPadded):
        guard let value = cell.number(isPadded ? 2...2 : 1...2) else { return nil }
        month = value
      case .day(let isPadded):
        guard let value = cell.number(isPadded ? 2...2 : 1...2) else { return nil }
        day = value
      }
    }
    if let time, !Self.take(time, from: &cell) { return nil }
    return cell.rest.isEmpty ? CivilDate(year: year, month: month, day: day) : nil
  }

  /// - Returns: false when what follows is no time of this kind. Parts of a second may follow the seconds.
  private static func take(_ time: Time, from cell: inout Digits) -> Bool {
    guard let hour = cell.number(time.isPadded ? 2...2 : 1...2), (time.hasHalves ? 1...12 : 0...23).contains(hour),
      cell.take(UInt8(ascii: ":")), let minute = cell.number(2...2), minute < 60
    else { return false }
    if time.hasSeconds {
      guard cell.take(UInt8(ascii: ":")), let second = cell.number(2...2), second <= 60 else { return false }
      if cell.take(UInt8(ascii: ".")), cell.number(1...9) == nil { return false }
    }
    guard time.hasHalves else { return true }
    let half = String(decoding: cell.rest, as: UTF8.self).lowercased()
    cell.rest = []
    return half == " am" || half == " pm"
  }

  /// What is not yet read of a cell.
  private struct Digits {
    var rest: ArraySlice<UInt8>
    init(_ text: String) { rest = Array(text.utf8)[...] }

    mutating func take(_ byte: UInt8) -> Bool {
      guard rest.first == byte else { return false }
      rest = rest.dropFirst()
      return true
    }

    /// As many digits as there are and may be.
    mutating func number(_ count: ClosedRange<Int>) -> Int? {
      let digits = rest.prefix(count.upperBound).prefix { (0x30...0x39).contains($0) }
      guard digits.count >= count.lowerBound else { return nil }
      rest = rest.dropFirst(digits.count)
      return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
  }
}
