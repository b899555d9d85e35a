// The label of a portion: the requirements that a reader must meet, as a product of finite
// semilattices (markings.md section 3). Every decision is made from labels, none from banner text.

/// Why nobody at all may read a portion (TOP). The raw value is the machine reason.
package enum Obstacle: String, Hashable, Comparable, Sendable, CaseIterable {
  case unmarked, consent
  case unknownToken = "unknown-token"
  package static func < (a: Obstacle, b: Obstacle) -> Bool { a.rawValue < b.rawValue }
}

/// A set of ISO 3166 alpha-3 codes; bottom is every country.
package enum CountrySet: Hashable, Sendable {
  case all
  case only(Set<String>)

  package func intersection(_ other: CountrySet) -> CountrySet {
    switch (self, other) {
    case (.all, let x), (let x, .all): x
    case (.only(let a), .only(let b)): .only(a.intersection(b))
    }
  }
  package func contains(_ code: String?) -> Bool {
    switch self {
    case .all: true
    case .only(let codes): code.map(codes.contains) ?? false
    }
  }
}

/// The readers that `to:` names; bottom is anyone.
package enum NamedSet: Hashable, Sendable {
  case anyone
  case only(Set<String>)

  package func intersection(_ other: NamedSet) -> NamedSet {
    switch (self, other) {
    case (.anyone, let x), (let x, .anyone): x
    case (.only(let a), .only(let b)): .only(a.intersection(b))
    }
  }
  package func contains(_ id: String) -> Bool {
    switch self {
    case .anyone: true
    case .only(let ids): ids.contains(id)
    }
  }
}

package struct Label: Hashable, Sendable {
  /// Not empty means TOP. A TOP label keeps its level and nothing else.
  package private(set) var obstacles: Set<Obstacle>
  package private(set) var level: Level
  package private(set) var atoms: Set<Atom>
  package private(set) var countries: CountrySet
  package private(set) var clauses: Set<Clause>
  package private(set) var named: NamedSet
  package private(set) var window: Window

  package init(
    level: Level = .unclassified, atoms: Set<Atom> = [], countries: CountrySet = .all,
    clauses: Set<Clause> = [], named: NamedSet = .anyone, window: Window = .always,
    obstacles: Set<Obstacle> = []
  ) {
    self.level = level
    self.obstacles = obstacles
    let top = !obstacles.isEmpty
    self.atoms = top ? [] : atoms
    self.countries = top ? .all : countries
    self.clauses = top ? [] : Self.withoutSubsumed(clauses)
    self.named = top ? .anyone : named
    self.window = top ? .always : window
  }

  /// Approved for public release.
  package static let bottom = Label()
  package static func top(_ obstacle: Obstacle, level: Level = .unclassified) -> Label {
    Label(level: level, obstacles: [obstacle])
  }
  package var isTop: Bool { !obstacles.isEmpty }

  /// ⊔: meets the requirements of both.
  package func joined(_ other: Label) -> Label {
    Label(
      level: max(level, other.level),
      atoms: atoms.union(other.atoms),
      countries: countries.intersection(other.countries),
      clauses: clauses.union(other.clauses),
      named: named.intersection(other.named),
      window: window.intersection(other.window),
      obstacles: obstacles.union(other.obstacles))
  }

  package static func join(_ labels: some Sequence<Label>) -> Label {
    labels.reduce(.bottom) { $0.joined($1) }
  }

  private static func withoutSubsumed(_ clauses: Set<Clause>) -> Set<Clause> {
    guard clauses.count > 1 else { return clauses }
    return clauses.filter { c in !clauses.contains { $0 != c && $0.subsumes(c) } }
  }
}
