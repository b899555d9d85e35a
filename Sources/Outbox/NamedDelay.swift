// The delay that the text of a 4yz reply names: "Greylisted, try again in 5 minutes", "retry after 300 seconds",
// "please come back in 00:04:32". No standard says how; what is not understood is nil, and the schedule counts.

package enum NamedDelay {
  private static let hints = [
    "retry", "again", "wait", "back", "greylist", "graylist", "delay", "later", "in", "after",
  ]

  /// nil when the text asks for no delay that can be told. Never negative; a limit "per hour" is no delay.
  package static func read(_ text: String) -> Moment.Span? {
    let words = text.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber || $0 == ":")) }.prefix(200)
    guard words.contains(where: { word in hints.contains { $0.count > 2 ? word.hasPrefix($0) : word == $0 } })
    else { return nil }
    var previous: Substring = ""
    for (index, word) in words.enumerated() {
      defer { previous = word }
      if previous == "per" || previous == "every" { continue }
      if let clock = clock(word) { return clock }
      let digits = word.prefix { $0.isNumber }
      guard !digits.isEmpty, digits.count <= 7, let count = Int64(digits) else { continue }
      let rest = word.dropFirst(digits.count)
      let next = words.dropFirst(index + 1).first ?? ""
      guard let unit = unit(rest.isEmpty ? next : rest), count > 0 else { continue }
      return Moment.Span(milliseconds: count * unit.milliseconds)
    }
    return nil
  }

  private static func unit(_ word: Substring) -> Moment.Span? {
    switch word {
    case "s", "sec", "secs", "second", "seconds": .seconds(1)
    case "m", "min", "mins", "minute", "minutes": .minutes(1)
    case "h", "hr", "hrs", "hour", "hours": .hours(1)
    default: nil
    }
  }

  /// `00:04:32`; two parts alone could be a port.
  private static func clock(_ word: Substring) -> Moment.Span? {
    let parts = word.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 3, parts.allSatisfy({ (1...2).contains($0.count) }) else { return nil }
    var total: Int64 = 0
    for part in parts {
      guard let number = Int64(part) else { return nil }
      total = total * 60 + number
    }
    return total > 0 ? .seconds(total) : nil
  }
}
