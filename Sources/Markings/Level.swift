// The classification level: the first axis of a label.
// Everything above unclassified is spillage and is released to nobody (markings.md section 6).

/// U < C < S < TS. CUI is not a level between U and C.
package enum Level: Int, Comparable, Hashable, Sendable, CaseIterable {
  case unclassified, confidential, secret, topSecret

  package static func < (a: Level, b: Level) -> Bool { a.rawValue < b.rawValue }
}
