// lists/*.yaml: one list a file. A ceiling that cannot be read carries nothing, members that cannot be read are nobody.

package import Bulletins
import Markings
import SiteFiles

/// A list with the places of the ids that it names.
package struct LoadedList: Sendable {
  package struct NamedID: Sendable {
    package var kind: IDKind
    package var id: String
    /// The key under which it stands.
    package var key: String
    package var place: Place
  }

  package var list: DistributionList
  package var place: Place
  package var ceilingPlace: Place
  /// Owner, `organizations`, `stakeholders` and `except`.
  package var named: [NamedID]
  package var seriesPlaces: [(series: String, place: Place)]
}

package enum DistributionListLoader {
  package static func read(_ file: ListFile, vocabulary: Vocabulary) -> (list: LoadedList?, findings: [Finding]) {
    var report = FileReport(file.path)
    guard let root = report.root(file.bytes) else { return (nil, report.all) }
    var facts = FactReader(NodeFacts(fields: MapFields(root)), report: FileReport(file.path))
    let list = list(&facts, file, vocabulary)
    report.add(facts.report.findings)
    report.add(facts.source.fields.finish(alsoKnown: keys))
    return (list, report.all)
  }

  private static let keys: Set<String> = [
    "id", "name", "description", "owner", "ceiling", "series", "members", "may-leave", "review-every",
    "last-reviewed", "alert-on-change",
  ]

  private static func list(
    _ facts: inout FactReader<NodeFacts>, _ file: ListFile, _ vocabulary: Vocabulary
  ) -> LoadedList? {
    guard let id = facts.id("id") else { return nil }
    let name = facts.requiredLine("name") ?? ""
    let start = facts.report.place(facts.source.start)
    var loaded = LoadedList(
      list: DistributionList(id: id, name: name, ceiling: .nothing, series: [], members: .nobody), place: start,
      ceilingPlace: start, named: [], seriesPlaces: [])
    loaded.list.description = facts.line("description") ?? ""
    loaded.list.owner = facts.source.isWritten("owner") ? facts.id("owner") : nil
    if let owner = loaded.list.owner, let fact = facts.source.text("owner") {
      loaded.named.append(
        LoadedList.NamedID(kind: .reader, id: owner, key: "owner", place: facts.report.place(fact.at)))
    }
    if let ceiling = facts.source.fields.required("ceiling") {
      loaded.ceilingPlace = facts.report.place(ceiling.position)
      loaded.list.ceiling = .only(facts.atoms("ceiling", vocabulary))
    }
    if facts.source.fields.required("series") != nil {
      for fact in facts.source.list("series") ?? [] {
        loaded.list.series.append(fact.text)
        loaded.seriesPlaces.append((fact.text, facts.report.place(fact.at)))
      }
    }
    members(&facts, &loaded, vocabulary)
    loaded.list.mayLeave = facts.source.fields.bool("may-leave") ?? false
    loaded.list.reviewEveryDays = number("review-every", unit: " days", in: 1...3_650, &facts)
    loaded.list.lastReviewed = facts.date("last-reviewed")
    loaded.list.alertOnChange = number("alert-on-change", unit: "%", in: 0...100, &facts).map { Double($0) / 100 }
    return loaded
  }

  /// One predicate, with `except` beside it at the top.
  private static func members(
    _ facts: inout FactReader<NodeFacts>, _ loaded: inout LoadedList, _ vocabulary: Vocabulary
  ) {
    guard let node = facts.source.fields.required("members") else { return }
    var reader = PredicateReader(vocabulary: vocabulary, namesMembers: true, report: FileReport(facts.report.path))
    if let entries = node.map {
      for entry in entries where entry.key == "except" {
        for item in entry.value.list ?? [entry.value] {
          guard let id = item.text, !item.isEmpty else {
            facts.report.malformed(at: item.position, "`members.except` must be a list of reader ids")
            // Somebody was to be left out and nobody knows who: nobody is pushed to.
            loaded.list.members = .nobody
            return
          }
          loaded.list.except.append(id)
          loaded.named.append(
            LoadedList.NamedID(kind: .reader, id: id, key: "except", place: facts.report.place(item.position)))
        }
      }
      loaded.list.members = reader.read(entries.filter { $0.key != "except" }, at: node.position)
    } else {
      loaded.list.members = reader.read(node)
    }
    facts.report.add(reader.report.findings)
    loaded.named += reader.named.map {
      LoadedList.NamedID(
        kind: $0.fact == .organizations ? .organization : .reader, id: $0.id, key: $0.fact.rawValue, place: $0.place)
    }
  }

  private static func number(
    _ key: String, unit: String, in range: ClosedRange<Int>, _ facts: inout FactReader<NodeFacts>
  ) -> Int? {
    guard let fact = facts.source.text(key) else { return nil }
    if fact.text.hasSuffix(unit), let number = Int(fact.text.dropLast(unit.count)), range.contains(number) {
      return number
    }
    facts.malformed(
      fact, "`\(key)` must be a number from \(range.lowerBound) to \(range.upperBound) with its unit",
      hint: "for example \(range.contains(90) && unit != "%" ? 90 : 10)\(unit)")
    return nil
  }
}

extension FactReader where Source == NodeFacts {
  /// The known atoms of a list; an unknown one is reported and left out.
  mutating func atoms(_ key: String, _ vocabulary: Vocabulary) -> Set<Atom> {
    var atoms: Set<Atom> = []
    for fact in source.list(key) ?? [] {
      if vocabulary.knows(Atom(fact.text)) {
        atoms.insert(Atom(fact.text))
      } else {
        report.unknown(fact.text, what: key, known: vocabulary.atomNames, at: position(fact))
      }
    }
    return atoms
  }
}
