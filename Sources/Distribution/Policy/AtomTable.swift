// x ⊑ y for every pair of atoms, computed over all combinations of facts that a policy can tell apart: whoever meets y
// meets x. Values that stand in the same tests are one; 64 combinations are evaluated at a time, each test once.

package import Markings

package enum AtomTable {
  /// Beyond this many combinations nothing is claimed: the empty table, in which an atom demands only itself.
  static let limit = 1 << 22

  /// nil when the policy tells more facts apart than can be tried: a check refuses such a policy.
  package static func order(_ policy: ReleasePolicy, vocabulary: Vocabulary) -> AtomOrder? {
    let tests = Tests(policy, vocabulary)
    guard let count = tests.combinations else { return nil }
    let nobody = Bits(count)
    var ofLeaf: [Predicate: Bits] = [:]
    var ofAtom: [Atom: Bits] = [:]
    let reach = CompiledPolicy.reach(of: policy)

    func bits(_ atom: Atom) -> Bits {
      if let done = ofAtom[atom] { return done }
      guard let predicate = policy.atoms[atom], vocabulary.knows(atom), atom != .namedOnly else { return nobody }
      let result = bits(predicate, user: atom)
      ofAtom[atom] = result
      return result
    }
    func bits(_ predicate: Predicate, user: Atom) -> Bits {
      switch predicate {
      case .all(let parts):
        var result = nobody.inverted
        for part in parts { result.formIntersection(bits(part, user: user)) }
        return result
      case .any(let parts):
        var result = nobody
        for part in parts { result.formUnion(bits(part, user: user)) }
        return result
      // A use that closes a cycle is false, as in a decision.
      case .atom(let used): return reach[used]?.contains(user) == true ? nobody : bits(used)
      default:
        if let done = ofLeaf[predicate] { return done }
        let result = tests.bits(of: predicate, count: count)
        ofLeaf[predicate] = result
        return result
      }
    }

    var names = Vocabulary.registerAtoms.union(vocabulary.cuiCategories.map(Atom.category)).union(policy.atoms.keys)
    names.remove(.namedOnly)
    // Atoms that the same readers meet stand together; most of the vocabulary is met by nobody and needs no vector.
    var groups: [Bits: [Atom]] = [:]
    for atom in names where policy.atoms[atom] != nil { groups[bits(atom), default: []].append(atom) }
    groups[nobody, default: []] += names.filter { policy.atoms[$0] == nil }
    var demanded: [Atom: Set<Atom>] = [:]
    for (ofY, group) in groups {
      let all = Set(groups.filter { ofY.isSubset(of: $0.key) }.flatMap(\.value))
      for y in group { demanded[y] = all }
    }
    return AtomOrder(demandedBy: demanded)
  }
}

/// Truth of one test for every combination of facts.
private struct Bits: Hashable {
  private var words: [UInt64]
  private let count: Int

  init(_ count: Int) {
    self.count = count
    words = Array(repeating: 0, count: (count + 63) / 64)
  }
  var inverted: Bits {
    var result = self
    for index in words.indices { result.words[index] = ~words[index] }
    if count % 64 != 0, !words.isEmpty { result.words[words.count - 1] &= (1 << UInt64(count % 64)) - 1 }
    return result
  }
  mutating func formIntersection(_ other: Bits) {
    for index in words.indices { words[index] &= other.words[index] }
  }
  mutating func formUnion(_ other: Bits) {
    for index in words.indices { words[index] |= other.words[index] }
  }
  func isSubset(of other: Bits) -> Bool {
    for index in words.indices where words[index] & ~other.words[index] != 0 { return false }
    return true
  }
  mutating func insert(_ range: Range<Int>) {
    var index = range.lowerBound
    while index < range.upperBound {
      if index % 64 == 0, index + 64 <= range.upperBound {
        words[index / 64] = ~0
        index += 64
      } else {
        words[index / 64] |= 1 << UInt64(index % 64)
        index += 1
      }
    }
  }
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
      let classes = dimension.indices.filter { dimension[$0].contains(leaf) }
      if !classes.isEmpty {
        for base in Swift.stride(from: 0, to: count, by: stride * dimension.count) {
          for index in classes { bits.insert(base + index * stride..<base + (index + 1) * stride) }
        }
        return bits
      }
      stride *= dimension.count
    }
    return bits
  }
}
