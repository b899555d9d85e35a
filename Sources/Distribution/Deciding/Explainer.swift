// Words for reasons: which facts a reader lacks, for the center's own people. Never for anyone outside.

import Bulletins
import Markings

struct Explainer: Sendable {
  let policy: ReleasePolicy
  let vocabulary: Vocabulary
  private static let redIsForNobody = "TLP:RED needs readers named in `to:`"

  /// - Parameter ofPortion: the reasons are why one portion is hidden, not why nothing is sent.
  func worded(
    _ reasons: [Reason], _ reader: Reader, _ round: DecisionRound, ofPortion: Bool = false
  ) -> [Reason] {
    let facts = ReaderFacts(reader, round.time)
    return reasons.map { reason in
      var reason = reason
      reason.words =
        ofPortion && reason.code == .listCeiling
        ? "above what the reader's lists may carry" : words(reason, facts, round.decider)
      return reason
    }
  }

  private func words(_ reason: Reason, _ facts: ReaderFacts, _ decider: Decider) -> String {
    let front = decider.revision.document.frontMatter
    switch reason.code {
    case .spillage: return "something in the file is marked above U"
    case .invalid: return "the file has an error that makes its marks unreliable"
    case .status: return "status is \(facts.reader.stakeholder.status?.rawValue ?? "not stated")"
    case .window: return "the bulletin's window has not begun"
    case .expired: return "the bulletin is out of date"
    case .compilation:
      let atoms = decider.labels.compilation?.atoms.sorted() ?? []
      var parts = atoms.map { lacking($0, facts) }.filter { !$0.isEmpty }
      if case .only? = decider.labels.compilation?.named { parts.append(Self.redIsForNobody) }
      return "the whole is marked higher than its parts" + (parts.isEmpty ? "" : ": " + join(parts))
    case .listCeiling: return "what the list may carry would leave a required section empty"
    case .channelCeiling: return "above what the channel may carry"
    case .noChannel: return "no entry of the reader's channels can be served"
    case .hollow: return reason.argument == "title" ? "neither title may be shown" : "a required section would be empty"
    case .atom: return reason.argument.map { lacking(Atom($0), facts) } ?? ""
    case .clause: return clauseWords(reason.argument, facts)
    case .named:
      if front.to == nil { return Self.redIsForNobody }
      return "not named in `to:`"
    case .country: return "country of the organization is \(facts.country ?? "not stated"), released to others only"
    case .consent: return "the originator of a source has not consented"
    case .unknownToken: return "a mark has a token that no table knows"
    case .unmarked: return "a portion has no mark"
    }
  }

  private func clauseWords(_ axis: String?, _ facts: ReaderFacts) -> String {
    let own: [String] =
      switch axis.flatMap(Clause.Axis.init) {
      case .sectors: facts.reader.stakeholder.sectors
      case .disciplines: facts.reader.stakeholder.disciplines
      case .regions: facts.reader.stakeholder.regions
      case .organizationTypes: [facts.type].compactMap { $0 }
      case nil: []
      }
    return "the reader's \(axis ?? "values") are \(own.isEmpty ? "none" : own.joined(separator: ", "))"
  }

  private func lacking(_ atom: Atom, _ facts: ReaderFacts) -> String {
    if atom == .namedOnly { return "met only by readers named in `to:`" }
    guard policy.atoms[atom] != nil else { return "the policy names nobody who meets it" }
    return join(failing(.atom(atom), facts, []))
  }

  private func join(_ parts: [String]) -> String {
    var seen: Set<String> = []
    return parts.filter { seen.insert($0).inserted }.joined(separator: "; ")
  }

  /// The tests that are false; empty when the predicate is true.
  private func failing(_ predicate: Predicate, _ facts: ReaderFacts, _ path: Set<Atom>) -> [String] {
    switch predicate {
    case .all(let parts): return parts.flatMap { failing($0, facts, path) }
    case .any(let parts):
      let each = parts.map { failing($0, facts, path) }
      if each.contains(where: \.isEmpty) { return [] }
      return [each.isEmpty ? "nobody meets it" : each.map(join).joined(separator: " or ")]
    case .atom(let atom):
      guard let predicate = policy.atoms[atom], !path.contains(atom) else { return ["\(atom) is met by nobody"] }
      return failing(predicate, facts, path.union([atom]))
    default: return isTrue(predicate, facts) ? [] : [words(predicate, facts)]
    }
  }

  private func isTrue(_ leaf: Predicate, _ facts: ReaderFacts) -> Bool {
    CompiledPredicate(leaf, vocabulary: vocabulary) { _ in nil }.isTrue(of: facts, atoms: [])
  }

  private func words(_ leaf: Predicate, _ facts: ReaderFacts) -> String {
    let reader = facts.reader.stakeholder
    switch leaf {
    case .has(let fact, _):
      let own: [String] =
        switch fact {
        case .level: [facts.level?.rawValue].compactMap { $0 }
        case .type: [facts.type].compactMap { $0 }
        case .role: [reader.role?.rawValue].compactMap { $0 }
        case .citizenship: [facts.citizenship].compactMap { $0 }
        case .mailbox: [reader.mailbox.rawValue]
        case .sector: reader.sectors
        case .discipline: reader.disciplines
        case .region: reader.regions
        case .organizations: [reader.organization]
        case .stakeholders: [reader.id]
        }
      return "\(fact.rawValue) is \(own.isEmpty ? "not stated" : own.joined(separator: ", "))"
    case .clearance(let least): return "clearance \(reader.clearance.rawValue) is below \(least)"
    case .agreement(let name):
      let until = reader.agreements.filter { $0.name == name }.map(\.until).max()
      return until.map { "agreement \(name) expired \($0)" } ?? "agreement \(name) not held"
    case .vettingCurrent:
      guard let vetting = reader.vetting, let on = vetting.on, let until = vetting.until else { return "not vetted" }
      return facts.time.isValid(until: until) ? "vetting begins \(on)" : "vetting ended \(until)"
    case .attested:
      return reader.audienceAttested.map { "attestation of the audience ended \($0)" } ?? "audience not attested"
    case .invalid(let text): return "the policy has an invalid test: \(text)"
    case .all, .any, .atom: return ""
    }
  }
}
