// A span of whole days by which arrests are counted: a year, a quarter, a month, or from a day through a day.

package import Bulletins

package struct Period: Hashable, Sendable {
  package var first: CivilDate
  package var last: CivilDate
  /// As the operator wrote it: 2026-Q3.
  package var name: String

  /// `2026`, `2026-Q3`, `2026-09`, `2026-07-01..2026-08-15`; nil for anything else.
  package init?(_ text: String) {
    name = text
    let ends = text.split(separator: ".", omittingEmptySubsequences: false)
    if ends.count == 3, ends[1].isEmpty {
      guard let first = CivilDate(String(ends[0])), let last = CivilDate(String(ends[2])), first <= last else {
        return nil
      }
      (self.first, self.last) = (first, last)
      return
    }
    let parts = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    guard parts[0].utf8.count == 4, let year = Int(parts[0]), parts.count <= 2 else { return nil }
    var months = 1...12
    if parts.count == 2 {
      if parts[1].hasPrefix("Q"), let quarter = Int(parts[1].dropFirst()), (1...4).contains(quarter) {
        months = (quarter * 3 - 2)...(quarter * 3)
      } else if parts[1].utf8.count == 2, let month = Int(parts[1]), (1...12).contains(month) {
        months = month...month
      } else {
        return nil
      }
    }
    guard let first = CivilDate(year: year, month: months.lowerBound, day: 1),
      let last = CivilDate(
        year: year, month: months.upperBound, day: CivilDate.days(in: months.upperBound, of: year))
    else { return nil }
    (self.first, self.last) = (first, last)
  }

  package var days: ClosedRange<Int> { Int(first.daysSince1970)...Int(last.daysSince1970) }

  /// In a heading: 3rd quarter 2026, September 2026, 2026.
  package var title: String {
    let parts = name.split(separator: "-").map(String.init)
    if name.contains("..") { return "\(first) to \(last)" }
    guard parts.count == 2 else { return name }
    if parts[1].hasPrefix("Q"), let quarter = Int(parts[1].dropFirst()) {
      return ["1st", "2nd", "3rd", "4th"][quarter - 1] + " quarter " + parts[0]
    }
    return Self.monthNames[first.month - 1] + " " + parts[0]
  }

  static let monthNames = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
  ]

  /// The months that lie in it whole, as periods.
  package var months: [Period] {
    var found: [Period] = []
    var (year, month) = (first.year, first.month)
    while (year, month) <= (last.year, last.month) {
      if let period = Period("\(year)-\(month < 10 ? "0" : "")\(month)"), first <= period.first, period.last <= last {
        found.append(period)
      }
      (year, month) = month == 12 ? (year + 1, 1) : (year, month + 1)
    }
    return found
  }

  /// The month before a month.
  package var monthBefore: Period? {
    let (year, month) = first.month == 1 ? (first.year - 1, 12) : (first.year, first.month - 1)
    return Period("\(year)-\(month < 10 ? "0" : "")\(month)")
  }
}
