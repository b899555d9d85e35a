// Predicates made ready for many readers: words looked up once, regions expanded, unknown words and tests turned into
// false, atoms replaced by their place in the policy's order. Evaluation allocates nothing.

package import Bulletins
import Foundation
package import Markings

/// The instant of a decision and its calendar day in the center's zone: what date tests compare with.
package struct DecisionTime: Hashable, Sendable {
  package let now: Instant
  /// nil outside the years 1 to 9999: then no date is valid.
  package let today: CivilDate?

  package init(_ now: Instant, site: Site) {
    self.now = now
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = site.zone
    let parts = calendar.dateComponents(
      [.era, .year, .month, .day], from: Date(timeIntervalSince1970: TimeInterval(now.seconds)))
    guard parts.era == 1, let year = parts.year, let month = parts.month, let day = parts.day else {
      today = nil
      return
    }
    today = CivilDate(year: year, month: month, day: day)
  }

  /// A date is valid through its last second.
  package func isValid(until date: CivilDate?) -> Bool {
    guard let today, let date else { return false }
    return today <= date
  }
  package func hasBegun(_ date: CivilDate?) -> Bool {
    guard let today, let date else { return false }
    return date <= today
  }
}

/// The facts of one reader as tests see them: what contradicts itself or is malformed is gone.
struct ReaderFacts {
  let reader: Reader
  let level: OrganizationLevel?
  let type: String?
  let country: String?
  let citizenship: String?
  let time: DecisionTime

  init(_ reader: Reader, _ time: DecisionTime) {
    self.reader = reader
    self.time = time
    let contradictsItself = reader.organization?.contradictsItself == true
    level = contradictsItself ? nil : reader.organization?.level
    type = reader.organization?.type
    country = contradictsItself ? nil : reader.organization?.country
    citizenship =
      switch reader.stakeholder.citizenship {
      case .ofOrganization: country
      case .country(let code): code
      case .malformed: nil
      }
  }

  func holds(_ agreement: String) -> Bool {
    reader.stakeholder.agreements.contains { $0.name == agreement && time.isValid(until: $0.until) }
  }
  var isVetted: Bool {
    guard let vetting = reader.stakeholder.vetting else { return false }
    return time.hasBegun(vetting.on) && time.isValid(until: vetting.until)
  }
  var isAttested: Bool { time.isValid(until: reader.stakeholder.audienceAttested) }
}

indirect enum CompiledPredicate: Sendable {
  case constant(Bool)
  case all([CompiledPredicate])
  case any([CompiledPredicate])
  case level([OrganizationLevel])
  case role([Role])
  case mailbox([Mailbox])
  case type(Set<String>)
  case citizenship(Set<String>)
  case sector(Set<String>)
  case discipline(Set<String>)
  case region(Set<String>)
  case organizations(Set<String>)
  case stakeholders(Set<String>)
  case clearance(Clearance)
  case agreement(String)
  case vettingCurrent
  case attested
  /// Place in `CompiledPolicy.order`; always smaller than the place of the atom whose predicate holds it.
  case atom(Int)

  func isTrue(of facts: ReaderFacts, atoms: [Bool]) -> Bool {
    switch self {
    case .constant(let value): value
    case .all(let parts): parts.allSatisfy { $0.isTrue(of: facts, atoms: atoms) }
    case .any(let parts): parts.contains { $0.isTrue(of: facts, atoms: atoms) }
    case .level(let levels): facts.level.map(levels.contains) ?? false
    case .role(let roles): facts.reader.stakeholder.role.map(roles.contains) ?? false
    case .mailbox(let mailboxes): mailboxes.contains(facts.reader.stakeholder.mailbox)
    case .type(let types): facts.type.map(types.contains) ?? false
    case .citizenship(let codes): facts.citizenship.map(codes.contains) ?? false
    case .sector(let words): facts.reader.stakeholder.sectors.contains(where: words.contains)
    case .discipline(let words): facts.reader.stakeholder.disciplines.contains(where: words.contains)
    case .region(let words): facts.reader.stakeholder.regions.contains(where: words.contains)
    case .organizations(let ids): facts.reader.organization.map { ids.contains($0.id) } ?? false
    case .stakeholders(let ids): ids.contains(facts.reader.id)
    case .clearance(let least): facts.reader.stakeholder.clearance >= least
    case .agreement(let name): facts.holds(name)
    case .vettingCurrent: facts.isVetted
    case .attested: facts.isAttested
    case .atom(let place): atoms[place]
    }
  }

  /// `place` gives an atom's place when the test may use it; nil makes the test false.
  init(_ predicate: Predicate, vocabulary: Vocabulary, place: (Atom) -> Int?) {
    func compiled(_ parts: [Predicate]) -> [CompiledPredicate] {
      parts.map { CompiledPredicate($0, vocabulary: vocabulary, place: place) }
    }
    switch predicate {
    case .all(let parts): self = .all(compiled(parts))
    case .any(let parts): self = .any(compiled(parts))
    case .has(let fact, let words): self = .has(fact, words, vocabulary)
    case .clearance(let word): self = Clearance(rawValue: word).map { .clearance($0) } ?? .constant(false)
    case .agreement(let name):
      self = vocabulary.agreements.contains(name) ? .agreement(name) : .constant(false)
    case .vettingCurrent: self = .vettingCurrent
    case .attested: self = .attested
    case .atom(let atom): self = place(atom).map { .atom($0) } ?? .constant(false)
    case .invalid: self = .constant(false)
    }
  }

  private static func has(_ fact: Predicate.Fact, _ words: Set<String>, _ vocabulary: Vocabulary) -> Self {
    switch fact {
    case .level: .level(words.compactMap(OrganizationLevel.init))
    case .role: .role(words.compactMap(Role.init))
    case .mailbox: .mailbox(words.compactMap(Mailbox.init))
    case .type: .type(words.intersection(vocabulary.organizationTypes))
    case .citizenship: .citizenship(words.intersection(vocabulary.countries))
    case .sector: .sector(words.intersection(vocabulary.sectors))
    case .discipline: .discipline(words.intersection(vocabulary.disciplines))
    case .region: .region(vocabulary.regions.expanded(words))
    case .organizations: .organizations(words)
    case .stakeholders: .stakeholders(words)
    }
  }
}
