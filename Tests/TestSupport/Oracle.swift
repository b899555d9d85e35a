// What a reader may see of a random bulletin, worked out by hand from release-policy.md: the default policy as code,
// the labels from the pieces. It shares nothing with Distribution but the types of facts.

package import Bulletins
package import Distribution
package import Markings

package struct Oracle {
  package struct Demand: Hashable, Sendable {
    var isTop = false
    var atoms: Set<String> = []
    /// nil: every country.
    var countries: Set<String>?
    var clauses: [String: [Set<String>]] = [:]
  }

  package let bulletin: RandomBulletin
  package let demands: [String: Demand]
  private let today: CivilDate
  private let now: Instant

  package init(_ bulletin: RandomBulletin, now: Instant, today: CivilDate) {
    self.bulletin = bulletin
    self.now = now
    self.today = today
    var maker = DemandMaker(bulletin)
    demands = maker.all()
  }

  // MARK: readers

  package func meets(_ reader: Reader, _ canary: String) -> Bool {
    guard let demand = demands[canary], !demand.isTop else { return false }
    if let to = bulletin.to, !to.contains(reader.id) { return false }
    if demand.atoms.contains("TLP:RED"), bulletin.to == nil { return false }
    if let countries = demand.countries {
      guard let country = country(reader), countries.contains(country) else { return false }
    }
    let person = reader.stakeholder
    for (axis, sets) in demand.clauses {
      let own: Set<String> =
        switch axis {
        case "sectors": Set(person.sectors)
        case "disciplines": Set(person.disciplines)
        case "organization-types": Set([reader.organization?.type].compactMap { $0 })
        default: Set(person.regions.flatMap(Self.regionAndAbove))
        }
      if sets.contains(where: { $0.isDisjoint(with: own) }) { return false }
    }
    return demand.atoms.allSatisfy { meets(reader, atom: $0) }
  }

  static func regionAndAbove(_ region: String) -> [String] {
    switch region {
    case "worcester": ["worcester", "worcester-county", "central", "statewide"]
    case "boston": ["boston", "suffolk-county", "metro-boston", "statewide"]
    case "worcester-county": ["worcester-county", "central", "statewide"]
    case "central": ["central", "statewide"]
    default: [region]
    }
  }

  private func country(_ reader: Reader) -> String? {
    guard let organization = reader.organization else { return nil }
    return organization.level == .foreign && organization.country == "USA" ? nil : organization.country
  }
  private func level(_ reader: Reader) -> OrganizationLevel? {
    country(reader) == nil && reader.organization?.country != nil ? nil : reader.organization?.level
  }

  private func holds(_ reader: Reader, _ name: String) -> Bool {
    reader.stakeholder.agreements.contains { $0.name == name && $0.until >= today }
  }

  private func meets(_ reader: Reader, atom: String) -> Bool {
    let person = reader.stakeholder
    let level = level(reader)
    let isHome = [.federal, .state, .local, .tribal].contains(level)
    let nda = holds(reader, "nda")
    let vetted =
      person.vetting.map { ($0.on.map { $0 <= today } ?? false) && ($0.until.map { $0 >= today } ?? false) } ?? false
    let hasPowers = [.sworn, .civilian, .executive].contains(person.role)
    switch atom {
    case "GOV": return isHome || level == .foreign
    case "PARTNER":
      return isHome || level == .foreign || level == .private && person.clearance >= .partner && nda && vetted
    case "FOUO", "CUI": return person.clearance >= .fouo && nda && vetted
    case "LES", "CUI//LEI":
      let types = [
        "law-enforcement", "prosecution", "courts", "corrections", "intelligence", "military", "emergency-management",
        "fire", "ems",
      ]
      let attested = person.audienceAttested.map { $0 >= today } ?? false
      return person.clearance == .les && nda && vetted && types.contains(reader.organization?.type ?? "")
        && (person.mailbox == .person || person.mailbox == .system && attested)
    case "NF":
      let citizenship: String? =
        switch person.citizenship {
        case .ofOrganization: country(reader)
        case .country(let code): code
        case .malformed: nil
        }
      return citizenship == "USA" && (isHome || level == .private)
    case "DSEN": return meets(reader, atom: "LES") && isHome && hasPowers
    case "SSI", "CUI//SP-SSI": return meets(reader, atom: "FOUO") && holds(reader, "ssi") && person.mailbox == .person
    case "PCII": return meets(reader, atom: "FOUO") && holds(reader, "pcii") && person.mailbox == .person
    case "P23": return meets(reader, atom: "LES") && holds(reader, "p23")
    case "CUI//SP-CHRI": return meets(reader, atom: "LES") && holds(reader, "cjis") && person.mailbox == .person
    case "NOCON": return hasPowers
    case "DL ONLY": return bulletin.to?.contains(reader.id) ?? false
    case "TLP:CLEAR": return true
    case "TLP:GREEN": return meets(reader, atom: "PARTNER")
    case "TLP:AMBER", "TLP:AMBER+STRICT": return meets(reader, atom: "PARTNER") && nda
    case "TLP:RED": return meets(reader, atom: "PARTNER") && nda && person.mailbox == .person
    default: return false
    }
  }

  // MARK: channels and decisions

  static func allows(_ channel: ChannelClass, _ atoms: Set<String>) -> Bool {
    var allowed: Set<String> = ["GOV", "PARTNER", "NF", "NOCON", "TLP:CLEAR", "TLP:GREEN"]
    switch channel {
    case .portal: return true
    case .emailPlain: break
    case .emailTLS, .webhook, .feed, .emailSMIME:
      allowed.formUnion(["FOUO", "LES", "CUI", "CUI//LEI", "CUI//INV", "TLP:AMBER", "TLP:AMBER+STRICT"])
    }
    if channel == .emailSMIME {
      allowed.formUnion(["SSI", "PCII", "CUI//SP-SSI", "CUI//SP-PCII", "DSEN", "P23", "TLP:RED"])
    }
    return atoms.isSubset(of: allowed)
  }

  package func allows(_ channel: ChannelClass, _ canary: String) -> Bool {
    demands[canary].map { !$0.isTop && Self.allows(channel, $0.atoms) } ?? false
  }

  package enum Outcome: Hashable, Sendable {
    /// Canaries of the visible set, as far as it is printed.
    case full(Set<String>, cut: Bool)
    case notice
    case withheld(String)
  }

  package func outcome(_ reader: Reader, _ channel: ChannelClass) -> Outcome {
    guard reader.stakeholder.status == .active else { return .withheld("status") }
    let isCompiled = bulletin.compilation != nil && bulletin.bodyTexts.count - headingCount >= 2
    let compilation = isCompiled ? bulletin.compilation?.atoms ?? [] : []
    let isForNobody = compilation.contains("TLP:RED") && bulletin.to == nil
    guard !isForNobody, compilation.allSatisfy({ meets(reader, atom: $0) }) else { return .withheld("compilation") }
    let met = Set(bulletin.canaries.filter { meets(reader, $0) })
    guard !isHollow(met.contains) else { return .withheld("hollow") }
    let visible = met.filter { allows(channel, $0) }
    guard Self.allows(channel, compilation), !isHollow(visible.contains) else { return .notice }
    return .full(printed(visible), cut: shown(visible) != shown(met))
  }

  /// What a product of a visible set shows: a short title beside the title only with facts under its label.
  private func shown(_ visible: Set<String>) -> Set<String> {
    let hasFacts = bulletin.to != nil || !bulletin.audience.isEmpty || bulletin.usPersons
    return printed(visible).subtracting(
      visible.contains(bulletin.title.canary) && !hasFacts ? [bulletin.shortTitle.canary] : [])
  }

  private var headingCount: Int { Self.headings(bulletin.pieces).count }

  package func isHollow(_ sees: (String) -> Bool) -> Bool {
    if !sees(bulletin.title.canary), !sees(bulletin.shortTitle.canary) { return true }
    let left = Set(Self.headings(Piece.reduced(bulletin.pieces, sees)))
    return bulletin.required.contains { !left.contains($0) }
  }

  package static func headings(_ pieces: [Piece]) -> [String] {
    pieces.flatMap { piece -> [String] in
      switch piece {
      case .heading(_, let text): [text.canary]
      case .only(_, let inner), .tearline(let inner): headings(inner)
      default: []
      }
    }
  }

  /// Canaries that the product of a visible set must print; no other may occur in it.
  package func printed(_ visible: Set<String>) -> Set<String> {
    let left = Piece.reduced(bulletin.pieces, visible.contains).flatMap(\.texts)
    var printed = Set(left.map(\.canary))
    var queue = left.flatMap(\.references)
    var next = 0
    while next < queue.count {
      if let source = bulletin.sources.first(where: { $0.id == queue[next] }), visible.contains(source.describe.canary)
      {
        printed.insert(source.describe.canary)
      }
      if let note = bulletin.footnotes.first(where: { $0.label == queue[next] }), visible.contains(note.text.canary),
        printed.insert(note.text.canary).inserted
      {
        queue += note.text.references
      }
      next += 1
    }
    if visible.contains(bulletin.shortTitle.canary) { printed.insert(bulletin.shortTitle.canary) }
    if visible.contains(bulletin.title.canary) { printed.insert(bulletin.title.canary) }
    return printed
  }
}

/// Labels from pieces.
private struct DemandMaker {
  let bulletin: RandomBulletin
  var demands: [String: Oracle.Demand] = [:]

  init(_ bulletin: RandomBulletin) { self.bulletin = bulletin }

  struct Scope {
    var clauses: [String: [Set<String>]]
    var p23 = false
  }

  mutating func all() -> [String: Oracle.Demand] {
    let scope = Scope(clauses: bulletin.audience.mapValues { [$0] })
    add(bulletin.title, scope)
    add(bulletin.shortTitle, scope)
    for source in bulletin.sources {
      add(source.describe, scope, further: [source.mark].compactMap { $0 }, is: source)
    }
    walk(bulletin.pieces, scope)
    for note in bulletin.footnotes { add(note.text, scope) }
    return demands
  }

  private mutating func walk(_ pieces: [Piece], _ scope: Scope) {
    for piece in pieces {
      switch piece {
      case .heading(_, let text), .paragraph(let text), .table(let text, _), .code(let text), .figure(let text):
        add(text, scope)
      case .subject(let text, let mark): add(text, scope, further: [mark].compactMap { $0 })
      case .quote(let texts): for text in texts { add(text, scope) }
      case .list(_, let items): for item in items { walk(item, scope, inherited: nil) }
      case .tearline(let inner): walk(inner, scope)
      case .only(let only, let inner):
        var scope = scope
        for (key, values) in only.clauses { scope.clauses[key, default: []].append(values) }
        scope.p23 = scope.p23 || only.p23
        walk(inner, scope)
      }
    }
  }

  private mutating func walk(_ item: CanaryItem, _ scope: Scope, inherited: MarkChoice?) {
    var own = inherited
    if var text = item.text {
      if text.mark.text.isEmpty, let inherited { text.mark = inherited }
      add(text, scope)
      own = text.mark.text.isEmpty ? inherited : text.mark
    }
    if let second = item.second { add(second, scope) }
    for nested in item.nested { walk(nested, scope, inherited: own) }
  }

  private mutating func add(
    _ text: CanaryText, _ scope: Scope, further: [MarkChoice] = [], is source: RandomBulletin.Source? = nil
  ) {
    let cited = source.map { [$0] } ?? bulletin.sources.filter { text.references.contains($0.id) }
    let others = cited.filter { $0.originator != nil && $0.originator != "cfc" }
    let marks = [text.mark] + further
    var demand = Oracle.Demand(atoms: marks.reduce(into: []) { $0.formUnion($1.atoms) }, clauses: scope.clauses)
    demand.isTop =
      marks.contains(where: \.isTop)
      || others.contains { $0.needsConsent && !bulletin.decisions.consents.contains($0.id) }
    if let light = bulletin.trafficLight { demand.atoms.insert(light.hasPrefix("TLP:") ? light : "TLP:" + light) }
    if scope.p23 || source == nil && cited.contains(where: \.p23) { demand.atoms.insert("P23") }

    let lights = demand.atoms.filter { $0.hasPrefix("TLP:") }
    let controls = demand.atoms.subtracting(lights)
    let isLightAlone = bulletin.scheme == .tlp && marks.allSatisfy(\.isTrafficLightAlone)
    let isPublic =
      bulletin.decisions.publicRelease && others.isEmpty && controls.isEmpty && demand.clauses.isEmpty
      && lights.isSubset(of: ["TLP:CLEAR"]) && marks.allSatisfy { $0.releasableTo == nil }
    if !isPublic {
      if isLightAlone {
        if !lights.isSubset(of: ["TLP:CLEAR"]) { demand.atoms.insert("PARTNER") }
      } else {
        let isPrivate =
          bulletin.decisions.privateRelease && others.isEmpty && controls.isSubset(of: ["FOUO", "CUI", "NF"])
        demand.atoms.insert(isPrivate ? "PARTNER" : "GOV")
      }
      demand.countries = countries(marks, others)
    }
    demands[text.canary] = demand
  }

  private func countries(_ marks: [MarkChoice], _ others: [RandomBulletin.Source]) -> Set<String> {
    var listed: Set<String>?
    for mark in marks {
      let own = mark.releasableTo ?? []
      listed = listed.map { $0.intersection(own) } ?? own
    }
    var granted = bulletin.decisions.foreignRelease
    if !others.isEmpty {
      let named = others.map { source -> Set<String> in
        let lists = [source.describe.mark.releasableTo, source.mark?.releasableTo].compactMap { $0 }
        return lists.dropFirst().reduce(lists.first ?? []) { $0.intersection($1) }
      }
      granted = named.dropFirst().reduce(named[0]) { $0.intersection($1) }
    }
    return (listed ?? []).intersection(granted).union(["USA"])
  }
}
