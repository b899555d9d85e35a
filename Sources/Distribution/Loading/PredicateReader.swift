// The language of predicates (release-policy.md section 2): `all`, `any` or one test. Whatever is not understood is
// reported and becomes `invalid`, which is false; an unknown word of a set is left out, and an empty set is false.

import Bulletins
import Markings
import SiteFiles

struct PredicateReader {
  let vocabulary: Vocabulary
  /// `organizations` and `stakeholders` are tests in the members of a list only.
  let namesMembers: Bool
  var report: FileReport
  /// Ids named in `organizations` and `stakeholders`.
  private(set) var named: [NamedID] = []

  struct NamedID {
    var fact: Predicate.Fact
    var id: String
    var place: Place
  }

  init(vocabulary: Vocabulary, namesMembers: Bool, report: FileReport) {
    self.vocabulary = vocabulary
    self.namesMembers = namesMembers
    self.report = report
  }

  mutating func read(_ node: Node) -> Predicate {
    guard let entries = node.map else { return invalid(node.position, "a predicate must be a map with one key") }
    return read(entries, at: node.position)
  }

  /// The entries of one map.
  mutating func read(_ entries: [Node.Entry], at position: SourcePosition) -> Predicate {
    guard let entry = entries.first else { return invalid(position, "an empty predicate") }
    guard entries.count == 1 else {
      let keys = entries.map(\.key).joined(separator: "`, `")
      return invalid(
        entries[1].keyPosition, "two tests in one map (`\(keys)`)", hint: "put them into `all: [..]` or `any: [..]`")
    }
    switch entry.key {
    case "all": return parts(entry).map(Predicate.all) ?? .invalid(entry.key)
    case "any": return parts(entry).map(Predicate.any) ?? .invalid(entry.key)
    case "clearance":
      return single(entry, Set(Clearance.allCases.map(\.rawValue))).map(Predicate.clearance)
        ?? .invalid(entry.key)
    case "agreement": return single(entry, vocabulary.agreements).map(Predicate.agreement) ?? .invalid(entry.key)
    case "vetting": return single(entry, ["current"]) == nil ? .invalid(entry.key) : .vettingCurrent
    case "attested": return single(entry, ["true"]) == nil ? .invalid(entry.key) : .attested
    case "atom": return atom(entry)
    default: return words(entry)
    }
  }

  private static let otherTests = ["all", "any", "clearance", "agreement", "vetting", "attested", "atom"]

  private mutating func words(_ entry: Node.Entry) -> Predicate {
    let tests = Predicate.Fact.allCases.filter { namesMembers || ($0 != .organizations && $0 != .stakeholders) }
    guard let fact = tests.first(where: { $0.rawValue == entry.key }) else {
      report.unknown(
        entry.key, what: "a predicate", known: tests.map(\.rawValue) + Self.otherTests, at: entry.keyPosition)
      return .invalid(entry.key)
    }
    guard let items = texts(entry) else { return .invalid(entry.key) }
    guard let known = words(of: fact) else {
      named += items.map { NamedID(fact: fact, id: $0.text, place: report.place($0.position)) }
      return .has(fact, Set(items.map(\.text)))
    }
    var kept: Set<String> = []
    for item in items {
      if known.contains(item.text) {
        kept.insert(item.text)
      } else {
        report.unknown(item.text, what: entry.key, known: known, at: item.position)
      }
    }
    return .has(fact, kept)
  }

  /// nil for ids, which are looked up when everything has been read (L02).
  private func words(of fact: Predicate.Fact) -> Set<String>? {
    switch fact {
    case .level: Set(OrganizationLevel.allCases.map(\.rawValue))
    case .type: vocabulary.organizationTypes
    case .role: Set(Role.allCases.map(\.rawValue))
    case .citizenship: vocabulary.countries
    case .mailbox: Set(Mailbox.allCases.map(\.rawValue))
    case .sector: vocabulary.sectors
    case .discipline: vocabulary.disciplines
    case .region: vocabulary.regions.slugs
    case .organizations, .stakeholders: nil
    }
  }

  private mutating func atom(_ entry: Node.Entry) -> Predicate {
    guard let text = entry.value.text, !entry.value.isEmpty else {
      return invalid(entry.value.position, "`atom` must be one atom")
    }
    guard vocabulary.knows(Atom(text)) else {
      report.unknown(text, what: "atom", known: vocabulary.atomNames, at: entry.value.position)
      return .invalid("atom \(text)")
    }
    return .atom(Atom(text))
  }

  private mutating func parts(_ entry: Node.Entry) -> [Predicate]? {
    guard let list = entry.value.list else {
      _ = invalid(
        entry.value.position, "`\(entry.key)` must be a list", hint: "`all: []` is everybody, `any: []` nobody")
      return nil
    }
    return list.map { read($0) }
  }

  private mutating func single(_ entry: Node.Entry, _ known: Set<String>) -> String? {
    guard let text = entry.value.text, !entry.value.isEmpty else {
      _ = invalid(entry.value.position, "`\(entry.key)` must be one word")
      return nil
    }
    if known.contains(text) { return text }
    report.unknown(text, what: entry.key, known: known, at: entry.value.position)
    return nil
  }

  private mutating func texts(_ entry: Node.Entry) -> [(text: String, position: SourcePosition)]? {
    let nodes = entry.value.list ?? [entry.value]
    var items: [(text: String, position: SourcePosition)] = []
    for node in nodes {
      guard let text = node.text, !node.isEmpty else {
        _ = invalid(node.position, "`\(entry.key)` must be a list of words")
        return nil
      }
      items.append((text, node.position))
    }
    return items
  }

  private mutating func invalid(_ position: SourcePosition, _ message: String, hint: String = "") -> Predicate {
    report.add(
      Finding(
        rule: namesMembers ? L04MalformedValue.id : report.unknownRule, severity: .error,
        place: report.place(position), message: message, explanation: hint))
    return .invalid(message)
  }
}

extension Vocabulary {
  /// Every atom that may be named, for suggestions.
  var atomNames: [String] { Self.registerAtoms.map(\.name) + cuiCategories.map { Atom.category($0).name } }
}
