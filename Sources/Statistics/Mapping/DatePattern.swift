// How a records system writes its dates: YYYY-MM-DD, MM/DD/YYYY, DD-MON-YY and the like. MON is a month's three English
// letters in any case; YY is of this century. Anything that is not exactly the pattern is no date.

package import Bulletins

package struct DatePattern: Hashable, Sendable {
  private enum Part: Hashable, Sendable {
    case year, shortYear, month, monthName, day
    case sign(UInt8)
  }
  private let parts: [Part]
  private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

  /// nil unless year, month and day come once each.
  package init?(_ pattern: String) {
    var parts: [Part] = []
    var rest = Substring(pattern)
    while let first = rest.utf8.first {
      let known: [(String, Part)] = [
        ("YYYY", .year), ("YY", .shortYear), ("MON", .monthName), ("MM", .month), ("DD", .day),
      ]
      if let (word, part) = known.first(where: { rest.hasPrefix($0.0) }) {
        parts.append(part)
        rest = rest.dropFirst(word.count)
      } else {
        parts.append(.sign(first))
        rest = Substring(rest.utf8.dropFirst())
      }
    }
    func count(_ kinds: Part...) -> Int { parts.filter(kinds.contains).count }
    guard count(.year, .shortYear) == 1, count(.month, .monthName) == 1, count(.day) == 1 else { return nil }
    self.parts = parts
  }

  package func date(_ text: String) -> CivilDate? {
    var rest = Array(text.utf8)[...]
    var (year, month, day) = (0, 0, 0)
    func digits(_ count: Int) -> Int? {
      guard rest.count >= count else { return nil }
      var value = 0
      for byte in rest.prefix(count) {
        guard (0x30...0x39).contains(byte) else { return nil }
        value = value * 10 + Int(byte - 0x30)
      }
      rest = rest.dropFirst(count)
      return value
    }
    for part in parts {
      switch part {
      case .sign(let byte):
        guard rest.first == byte else { return nil }
        rest = rest.dropFirst()
      case .monthName:
        let name = String(decoding: rest.prefix(3), as: UTF8.self).lowercased()
        guard let index = Self.months.firstIndex(of: name) else { return nil }
        month = index + 1
        rest = rest.dropFirst(3)
      case .year:
        guard let value = digits(4) else { return nil }
        year = value
      case .shortYear:
        guard let value = digits(2) else { return nil }
        year = 2_000 + value
      case .month:
        guard let value = digits(2) else { return nil }
        month = value
      case .day:
        guard let value = digits(2) else { return nil }
        day = value
      }
    }
    return rest.isEmpty ? CivilDate(year: year, month: month, day: day) : nil
  }
}
