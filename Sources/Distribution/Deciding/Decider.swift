// The one function that decides, and every outlet calls it (release-policy.md). Everything about a revision, a policy
// and a site is compiled once: each portion becomes a set of requirements, each ceiling a set of portions; a reader is
// then the set of requirements that they meet. It never trusts that the check passed, and it opens nothing by itself.

package import Bulletins
package import Markings

package struct Decider: Sendable {
  package let revision: Revision
  package let policy: ReleasePolicy
  package let site: Site
  package let vocabulary: Vocabulary
  package let labels: PortionLabels
  let compiled: CompiledPolicy
  let guardPlan: GuardPlan
  let requirements: Requirements
  let explainer: Explainer

  package init(revision: Revision, policy: ReleasePolicy, site: Site, vocabulary: Vocabulary) {
    self.revision = revision
    self.policy = policy
    self.site = site
    self.vocabulary = vocabulary
    labels = PortionLabels(revision, site: site)
    compiled = CompiledPolicy(policy, vocabulary: vocabulary)
    guardPlan = GuardPlan(revision)
    requirements = Requirements(labels, to: revision.document.frontMatter.to, policy: compiled)
    explainer = Explainer(policy: policy, vocabulary: vocabulary)
  }

  /// One decision, with words in its reasons. For many readers at one instant use a round.
  /// `listCeiling` is that of the lists by which this is pushed, their union; nil for anything else.
  package func decide(
    _ reader: Reader, _ endpoint: Endpoint, now: Instant, listCeiling: Ceiling? = nil
  ) -> Decision {
    round(at: now).decide(reader, endpoint, listCeiling: listCeiling, words: true)
  }

  /// Decisions for many readers at one instant, sharing what readers with equal facts have in common.
  package func round(at now: Instant) -> DecisionRound {
    DecisionRound(self, DecisionTime(now, site: site))
  }

  /// Portions whose atoms and TLP the ceiling lets pass.
  func allowed(_ ceiling: Ceiling) -> PortionSet {
    var set = PortionSet(count: labels.portions.count)
    for (index, portion) in labels.portions.enumerated() where ceiling.allows(portion.label.atoms) {
      set.insert(index)
    }
    return set
  }
}

/// The distinct requirements of a revision's labels, and which of them each portion has.
struct Requirements: Sendable {
  enum Requirement: Hashable, Sendable {
    case atom(Atom)
    case country(Set<String>)
    case clause(Clause)
    case named(Set<String>)
  }

  private(set) var all: [Requirement] = []
  private var places: [Requirement: Int] = [:]
  /// By portion; nil is TOP.
  private(set) var needs: [PortionSet?] = []
  private(set) var compilation: PortionSet?
  let compilationIsTop: Bool
  private let tests: [CompiledTest]
  private let schedule: [Int]
  private let named: Set<String>

  /// A requirement made ready.
  private enum CompiledTest: Sendable {
    case atom(Int)
    case namedOnly
    case never
    case country(Set<String>)
    case sectors(Set<String>)
    case disciplines(Set<String>)
    case regions(Set<String>)
    case organizationTypes(Set<String>)
    case named(Set<String>)
  }

  init(_ labels: PortionLabels, to: [String]?, policy: CompiledPolicy) {
    named = Set(to ?? [])
    var places: [Requirement: Int] = [:]
    var all: [Requirement] = []
    func place(_ requirement: Requirement) -> Int {
      if let place = places[requirement] { return place }
      places[requirement] = all.count
      all.append(requirement)
      return all.count - 1
    }
    func needed(by label: Label) -> [Int]? {
      guard !label.isTop, label.level == .unclassified else { return nil }
      var found = label.atoms.map { place(.atom($0)) } + label.clauses.map { place(.clause($0)) }
      if case .only(let countries) = label.countries { found.append(place(.country(countries))) }
      if case .only(let ids) = label.named { found.append(place(.named(ids))) }
      return found
    }
    let neededBy = labels.portions.map { needed(by: $0.label) }
    let compilationPlaces = labels.compilation.map { needed(by: $0) }
    let count = all.count
    needs = neededBy.map { $0.map { PortionSet($0, count: count) } }
    compilationIsTop = labels.compilation != nil && compilationPlaces.flatMap { $0 } == nil
    compilation = compilationPlaces.flatMap { $0 }.map { PortionSet($0, count: count) }
    self.all = all
    self.places = places

    let vocabulary = policy.vocabulary
    tests = all.map { requirement in
      switch requirement {
      case .atom(.namedOnly): .namedOnly
      case .atom(let atom): policy.places[atom].map { .atom($0) } ?? .never
      case .country(let codes): .country(codes.intersection(vocabulary.countries))
      case .named(let ids): .named(ids)
      case .clause(let clause):
        switch clause.axis {
        case .sectors: .sectors(clause.values.intersection(vocabulary.sectors))
        case .disciplines: .disciplines(clause.values.intersection(vocabulary.disciplines))
        case .regions: .regions(vocabulary.regions.expanded(clause.values))
        case .organizationTypes: .organizationTypes(clause.values.intersection(vocabulary.organizationTypes))
        }
      }
    }
    schedule = policy.schedule(
      for: all.compactMap { requirement in
        if case .atom(let atom) = requirement { atom } else { nil }
      })
  }

  /// The requirements that a reader meets; `truth` is room for the policy's atoms.
  func met(by facts: ReaderFacts, policy: CompiledPolicy, truth: inout [Bool]) -> PortionSet {
    policy.evaluate(schedule, of: facts, into: &truth)
    var met = PortionSet(count: all.count)
    let stakeholder = facts.reader.stakeholder
    for (place, test) in tests.enumerated() {
      let isMet =
        switch test {
        case .atom(let atom): truth[atom]
        case .namedOnly: named.contains(stakeholder.id)
        case .never: false
        case .country(let codes): facts.country.map(codes.contains) ?? false
        case .sectors(let words): stakeholder.sectors.contains(where: words.contains)
        case .disciplines(let words): stakeholder.disciplines.contains(where: words.contains)
        case .regions(let words): stakeholder.regions.contains(where: words.contains)
        case .organizationTypes(let words): facts.type.map(words.contains) ?? false
        case .named(let ids): ids.contains(stakeholder.id)
        }
      if isMet { met.insert(place) }
    }
    return met
  }

  /// Portions that a reader meets who meets these requirements.
  func visible(_ met: PortionSet) -> PortionSet {
    var visible = PortionSet(count: needs.count)
    for (portion, needed) in needs.enumerated() {
      if let needed, needed.isSubset(of: met) { visible.insert(portion) }
    }
    return visible
  }

  func meetsCompilation(_ met: PortionSet) -> Bool {
    !compilationIsTop && (compilation.map { $0.isSubset(of: met) } ?? true)
  }

  /// What a reader lacks of one portion, codes alone. TOP absorbs everything else.
  func lacks(_ label: Label, _ met: PortionSet) -> Set<Reason> {
    if label.isTop { return Set(label.obstacles.map { Reason($0) }) }
    var reasons: Set<Reason> = []
    func check(_ requirement: Requirement, _ reason: Reason) {
      if let place = places[requirement], !met.contains(place) { reasons.insert(reason) }
    }
    for atom in label.atoms { check(.atom(atom), Reason(.atom, atom.name)) }
    for clause in label.clauses { check(.clause(clause), Reason(.clause, clause.axis.rawValue)) }
    if case .only(let countries) = label.countries { check(.country(countries), Reason(.country)) }
    if case .only(let ids) = label.named { check(.named(ids), Reason(.named)) }
    return reasons
  }
}

extension Reason {
  init(_ obstacle: Obstacle) {
    switch obstacle {
    case .unmarked: self.init(Code.unmarked)
    case .consent: self.init(Code.consent)
    case .unknownToken: self.init(Code.unknownToken)
    }
  }
}
