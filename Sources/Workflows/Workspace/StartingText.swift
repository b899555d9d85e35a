// A starting text as it is being filled in: placeholders, and keys of the front matter that are set line by line, so
// that comments and the order of keys stay as the template's author wrote them. What comes out is read by the bulletin
// reader like any other file; nothing here knows what a key means.

import SiteFiles

struct StartingText {
  private var lines: [String]
  /// Index of the closing `---`; nil when there is no front matter.
  private var close: Int?

  /// What `{{..}}` may name in a starting text.
  static let placeholders = ["author", "today", "now", "expires", "quarter", "year", "event"]

  /// - Parameter values: by placeholder; one that is not among them stays as it is.
  init(_ text: String, values: [String: String] = [:]) {
    var text = text
    for (name, value) in values {
      text = text.split(separator: "{{\(name)}}", omittingEmptySubsequences: false).joined(separator: value)
    }
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    close = lines.first == "---" ? lines.dropFirst().firstIndex(of: "---") : nil
  }

  var text: String { lines.joined(separator: "\n") }

  /// The front matter as it stands; nil where it cannot be read.
  var frontMatter: Node? {
    guard let close else { return nil }
    var problems: [FileProblem] = []
    let yaml = lines[1..<close].joined(separator: "\n") + "\n"
    return try? YAMLReader.read(Array(yaml.utf8), limit: 1 << 20, problems: &problems)
  }

  /// Lines of the file, from 1, on which a key of the front matter and its value stand.
  func extent(of key: String) -> ClosedRange<Int>? {
    guard let close, let first = lines[..<close].firstIndex(where: { $0.hasPrefix(key + ":") }) else { return nil }
    var last = first
    // A value goes on while lines are indented, or are items or the end of a list.
    while last + 1 < close, let sign = lines[last + 1].first, " \t-]}".contains(sign) { last += 1 }
    return first + 1...last + 1
  }

  /// - Parameter value: YAML on one line. A key that is not there yet becomes the last one.
  mutating func set(_ key: String, to value: String) {
    guard let end = close else { return }
    let line = "\(key): \(value)"
    if let extent = extent(of: key) {
      lines.replaceSubrange(extent.lowerBound - 1...extent.upperBound - 1, with: [line])
      close = end - extent.count + 1
    } else {
      lines.insert(line, at: end)
      close = end + 1
    }
  }

  /// A text in double quotes.
  static func quoted(_ text: String) -> String {
    "\"" + text.map { "\"\\".contains($0) ? "\\\($0)" : String($0) }.joined() + "\""
  }
}

/// The last whole quarter or year before a day, in the words of a title.
enum TitlePeriod {
  static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
  ]

  /// `July to September 2026` for a day of the fourth quarter.
  static func quarter(before date: (year: Int, month: Int)) -> String {
    let quarter = (date.month - 1) / 3
    let (year, first) = quarter == 0 ? (date.year - 1, 9) : (date.year, (quarter - 1) * 3)
    return "\(months[first]) to \(months[first + 2]) \(year)"
  }

  static func year(before date: (year: Int, month: Int)) -> String { String(date.year - 1) }
}
