// A policy made ready: atoms in an order in which each uses only earlier ones. A test that would close a cycle is
// false, an atom outside the closed set does not exist (release-policy.md section 2).

package import Markings

package struct CompiledPolicy: Sendable {
  /// Atoms with a predicate, each after those that its predicate uses.
  let order: [Atom]
  let places: [Atom: Int]
  private let predicates: [CompiledPredicate]
  /// For each place, the places that must be evaluated to know it, itself last.
  private let needs: [[Int]]
  let vocabulary: Vocabulary

  package init(_ policy: ReleasePolicy, vocabulary: Vocabulary) {
    // DL ONLY is built in: no file can say who meets it.
    let atoms = policy.atoms.filter { vocabulary.knows($0.key) && $0.key != .namedOnly }
    let uses = atoms.mapValues { $0.atoms.filter { atoms[$0] != nil } }
    let reach = Self.reachable(uses)
    /// A use inside a cycle: the used atom leads back to the user.
    func closesCycle(_ user: Atom, _ used: Atom) -> Bool { reach[used]?.contains(user) == true }

    var order: [Atom] = []
    var seen: Set<Atom> = []
    func visit(_ atom: Atom) {
      guard seen.insert(atom).inserted else { return }
      for used in (uses[atom] ?? []).sorted() where !closesCycle(atom, used) { visit(used) }
      order.append(atom)
    }
    for atom in atoms.keys.sorted() { visit(atom) }

    let places = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
    self.order = order
    self.places = places
    self.vocabulary = vocabulary
    predicates = order.map { user in
      CompiledPredicate(atoms[user] ?? .nobody, vocabulary: vocabulary) { used in
        closesCycle(user, used) ? nil : places[used]
      }
    }
    needs = order.map { atom in
      let below = (reach[atom] ?? []).union([atom])
      return below.compactMap { places[$0] }.sorted().filter { $0 <= places[atom] ?? 0 }
    }
  }

  /// Atoms that stand on a cycle of `atom:` tests; a check reports them.
  package static func cycles(in policy: ReleasePolicy) -> [Atom] {
    reach(of: policy).filter { $0.value.contains($0.key) }.map(\.key).sorted()
  }

  /// For an atom, those that its predicate uses, directly or through others.
  static func reach(of policy: ReleasePolicy) -> [Atom: Set<Atom>] { reachable(policy.atoms.mapValues { $0.atoms }) }

  private static func reachable(_ uses: [Atom: Set<Atom>]) -> [Atom: Set<Atom>] {
    var reach = uses
    for middle in uses.keys {
      let beyond = reach[middle] ?? []
      for start in uses.keys where reach[start]?.contains(middle) == true { reach[start]?.formUnion(beyond) }
    }
    return reach
  }

  /// Places to evaluate, in order, so that all these atoms are known.
  func schedule(for atoms: some Sequence<Atom>) -> [Int] {
    Set(atoms.compactMap { places[$0] }.flatMap { needs[$0] }).sorted()
  }

  /// Truth of the scheduled atoms, by place; the others stay false.
  func evaluate(_ schedule: [Int], of facts: ReaderFacts, into atoms: inout [Bool]) {
    for place in schedule { atoms[place] = predicates[place].isTrue(of: facts, atoms: atoms) }
  }

  /// Does the reader meet the atom? `DL ONLY` depends on the bulletin and is not met here.
  package func meets(_ atom: Atom, _ reader: Reader, at time: DecisionTime) -> Bool {
    guard let place = places[atom] else { return false }
    var truth = Array(repeating: false, count: order.count)
    evaluate(needs[place], of: ReaderFacts(reader, time), into: &truth)
    return truth[place]
  }

  /// Is a predicate of the policy's language (of a list, say) true of the reader?
  package func isTrue(_ predicate: Predicate, of reader: Reader, at time: DecisionTime) -> Bool {
    Membership(predicate, policy: self).includes(reader, at: time)
  }
}

/// A predicate outside the policy, ready for many readers: the members of a list.
package struct Membership: Sendable {
  private let policy: CompiledPolicy
  private let predicate: CompiledPredicate
  private let schedule: [Int]

  package init(_ predicate: Predicate, policy: CompiledPolicy) {
    self.policy = policy
    self.predicate = CompiledPredicate(predicate, vocabulary: policy.vocabulary) { policy.places[$0] }
    schedule = policy.schedule(for: predicate.atoms)
  }

  package func includes(_ reader: Reader, at time: DecisionTime) -> Bool {
    let facts = ReaderFacts(reader, time)
    guard !schedule.isEmpty else { return predicate.isTrue(of: facts, atoms: []) }
    var truth = Array(repeating: false, count: policy.order.count)
    policy.evaluate(schedule, of: facts, into: &truth)
    return predicate.isTrue(of: facts, atoms: truth)
  }
}
