// Who a label admits, and when one label demands no more than another (markings.md section 3, laws 1 and 2).
// What an atom or a clause means is the reader's side: the policy engine answers for one reader at one time.

package protocol LabelReader {
  var id: String { get }
  /// ISO 3166 alpha-3 of the reader's organization; nil when missing or malformed.
  var country: String? { get }
  func meets(_ atom: Atom) -> Bool
  func meets(_ clause: Clause) -> Bool
}

extension Label {
  /// Every axis is met. TOP admits nobody, nor does any level above U.
  package func admits(_ reader: some LabelReader, at time: Instant) -> Bool {
    !isTop && level == .unclassified
      && window.contains(time)
      && countries.contains(reader.country)
      && named.contains(reader.id)
      && atoms.allSatisfy(reader.meets)
      && clauses.allSatisfy(reader.meets)
  }

  /// self ⊑ other: whoever meets the other meets self, as far as the order of atoms knows. Everything is at most
  /// TOP; TOP is at most TOP.
  package func isAtMost(_ other: Label, under order: AtomOrder) -> Bool {
    guard level <= other.level else { return false }
    if other.isTop { return true }
    return !isTop
      && atoms.allSatisfy { x in other.atoms.contains { order.isAtMost(x, $0) } }
      && clauses.allSatisfy { c in other.clauses.contains { $0.subsumes(c) } }
      && other.countries.isSubset(of: countries)
      && other.named.isSubset(of: named)
      && other.window.isWithin(window)
  }
}

extension CountrySet {
  package func isSubset(of other: CountrySet) -> Bool {
    switch (self, other) {
    case (_, .all): true
    case (.all, .only): false
    case (.only(let a), .only(let b)): a.isSubset(of: b)
    }
  }
}

extension NamedSet {
  package func isSubset(of other: NamedSet) -> Bool {
    switch (self, other) {
    case (_, .anyone): true
    case (.anyone, .only): false
    case (.only(let a), .only(let b)): a.isSubset(of: b)
    }
  }
}

extension Window {
  package func isWithin(_ other: Window) -> Bool { intersection(other) == self }
}
