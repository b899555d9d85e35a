// x ⊑ y for every pair of atoms, computed over all combinations of facts that a policy can tell apart: whoever meets y
// meets x. Values that stand in the same tests are one; 64 combinations are evaluated at a time.

package import Markings

package enum AtomTable {
  /// Beyond this many combinations nothing is claimed: the empty table, in which an atom demands only itself.
  static let limit = 1 << 22

  /// nil when the policy tells more facts apart than can be tried: a check refuses such a policy.
  package static func order(_ policy: ReleasePolicy, vocabulary: Vocabulary) -> AtomOrder? {
    let tests = Tests(policy, vocabulary)
    guard let count = tests.combinations else { return nil }
    var known: [Atom: Bits] = [:]
    let reach = CompiledPolicy.reach(of: policy)

    func bits(_ atom: Atom) -> Bits {
      if let done = known[atom] { return done }
      guard let predicate = policy.atoms[atom], vocabulary.knows(atom), atom != .namedOnly else { return Bits(count) }
      let result = bits(predicate, user: atom)
      known[atom] = result
      return result
    }
    func bits(_ predicate: Predicate, user: Atom) -> Bits {
      switch predicate {
      case .all(let parts): parts.reduce(Bits(count).inverted) { $0.and(bits($1, user: user)) }
      case .any(let parts): parts.reduce(Bits(count)) { $0.or(bits($1, user: user)) }
      // A use that closes a cycle is false, as in a decision.
      case .atom(let used): reach[used]?.contains(user) == true ? Bits(count) : bits(used)
      default: tests.bits(of: predicate, count: count)
      }
    }

    var names = Vocabulary.registerAtoms.union(vocabulary.cuiCategories.map(Atom.category)).union(policy.atoms.keys)
    names.remove(.namedOnly)
    let met = Dictionary(uniqueKeysWithValues: names.map { ($0, bits($0)) })
    var demanded: [Atom: Set<Atom>] = [:]
    for (y, ofY) in met {
      demanded[y] = Set(met.filter { $0.key != y && ofY.isSubset(of: $0.value) }.keys)
    }
    return AtomOrder(demandedBy: demanded)
  }
}

/// Truth of one test for every combination of facts.
private struct Bits {
  var words: [UInt64]
  init(_ count: Int) { words = Array(repeating: 0, count: (count + 63) / 64) }
  private init(words: [UInt64]) { self.words = words }
  var inverted: Bits { Bits(words: words.map { ~$0 }) }
  func and(_ other: Bits) -> Bits { Bits(words: zip(words, other.words).map { $0 & $1 }) }
  func or(_ other: Bits) -> Bits { Bits(words: zip(words, other.words).map { $0 | $1 }) }
  func isSubset(of other: Bits) -> Bool { zip(words, other.words).allSatisfy { $0 & ~$1 == 0 } }
  mutating func insert(_ index: Int) { words[index >> 6] |= 1 << UInt64(index & 63) }
}

/// The facts that a policy's tests tell apart, as dimensions of a product.
private struct Tests {
  /// For a dimension, the tests that are true in each of its classes; the first class meets none of its tests unless
  /// a reader always has one of the values.
  private var dimensions: [[Set<Predicate>]] = []
  let combinations: Int?

  init(_ policy: ReleasePolicy, _ vocabulary: Vocabulary) {
    var leaves: Set<Predicate> = []
    for predicate in policy.atoms.values { Self.collect(predicate, &leaves) }
    func holding(_ fact: Predicate.Fact) -> [(Predicate, Set<String>)] {
      leaves.compactMap { leaf in
        if case .has(fact, let words) = leaf { (leaf, words) } else { nil }
      }
    }
    // One value each: a class for the set of tests that a value makes true.
    let single: [(Predicate.Fact, Set<String>, Bool)] = [
      (.level, Set(OrganizationLevel.allCases.map(\.rawValue)), true),
      (.type, vocabulary.organizationTypes, true), (.role, Set(Role.allCases.map(\.rawValue)), true),
      (.citizenship, vocabulary.countries, true), (.mailbox, Set(Mailbox.allCases.map(\.rawValue)), false),
    ]
    for (fact, values, mayBeMissing) in single {
      let tests = holding(fact)
      guard !tests.isEmpty else { continue }
      var classes = Set(values.map { value in Set(tests.filter { $0.1.contains(value) }.map(\.0)) })
      if mayBeMissing { classes.insert([]) }
      dimensions.append(Array(classes))
    }
    let clearances = leaves.compactMap { leaf -> (Predicate, Clearance)? in
      if case .clearance(let word) = leaf { Clearance(rawValue: word).map { (leaf, $0) } } else { nil }
    }
    if !clearances.isEmpty {
      dimensions.append(
        Array(Set(Clearance.allCases.map { own in Set(clearances.filter { own >= $0.1 }.map(\.0)) })))
    }
    // Any number of values: each test can be true or false by itself. Too many possibilities are tried here (a region
    // stands for those below it), so that the table claims less, never more.
    for leaf in leaves {
      switch leaf {
      case .has(.sector, let words) where words.isDisjoint(with: vocabulary.sectors): break
      case .has(.discipline, let words) where words.isDisjoint(with: vocabulary.disciplines): break
      case .has(.region, let words) where vocabulary.regions.expanded(words).isEmpty: break
      case .agreement(let name) where !vocabulary.agreements.contains(name): break
      case .has(.sector, _), .has(.discipline, _), .has(.region, _), .has(.organizations, _), .has(.stakeholders, _),
        .agreement, .vettingCurrent, .attested:
        dimensions.append([[], [leaf]])
      default: break
      }
    }
    var product = 1
    for dimension in dimensions where product <= AtomTable.limit { product *= max(1, dimension.count) }
    combinations = product <= AtomTable.limit ? product : nil
  }

  private static func collect(_ predicate: Predicate, _ leaves: inout Set<Predicate>) {
    switch predicate {
    case .all(let parts), .any(let parts): for part in parts { collect(part, &leaves) }
    default: leaves.insert(predicate)
    }
  }

  func bits(of leaf: Predicate, count: Int) -> Bits {
    var bits = Bits(count)
    var stride = 1
    for dimension in dimensions {
      let truths = dimension.map { $0.contains(leaf) }
      if truths.contains(true) {
        for index in 0..<count where truths[index / stride % dimension.count] { bits.insert(index) }
        return bits
      }
      stride *= dimension.count
    }
    return bits
  }
}
