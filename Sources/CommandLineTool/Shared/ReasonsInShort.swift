// Machine reasons for a table: what a reader lacks comes first, hollow sections are counted rather than listed.
// `revere audience --explain` and `revere deliveries` have them all.

enum ReasonsInShort {
  /// - Parameter joined: machine codes joined with ", ", as summaries key them.
  static func text(_ joined: String) -> String {
    let codes = joined.split(separator: ", ").map(String.init)
    let hollow = codes.filter { $0.hasPrefix("hollow(") }
    let lacks = codes.filter { !$0.hasPrefix("hollow(") }
    guard let first = hollow.first else { return joined }
    let empty = hollow.count == 1 ? first : "\(hollow.count) required parts hollow"
    return (lacks + [empty]).joined(separator: ", ")
  }
}
