// TLP 2.0 (FIRST): how far a recipient may pass something on.

/// Ordered from CLEAR to RED; the raw value is the label as it is printed.
package enum TrafficLight: String, Comparable, Hashable, Sendable, CaseIterable {
  case clear = "TLP:CLEAR"
  case green = "TLP:GREEN"
  case amber = "TLP:AMBER"
  case amberStrict = "TLP:AMBER+STRICT"
  case red = "TLP:RED"

  private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
  package static func < (a: TrafficLight, b: TrafficLight) -> Bool { a.rank < b.rank }

  /// The atom that this label demands of a reader.
  package var atom: Atom { Atom(rawValue) }
}
