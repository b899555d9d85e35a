// From a revision to the label of each of its portions (release-policy.md sections 2 and 3, markings.md section 3).
// Recorded decisions are the only things that widen; everything else joins, and what is missing or unknown is TOP.

package import Bulletins
package import Markings

/// What decisions and products need to know of one portion.
package struct LabelledPortion: Hashable, Sendable {
  package var label: Label
  /// The mark as it is printed: `tlp:` joined, countries that nobody granted left out; nil: unmarked.
  package var mark: PortionMark?
  /// Every mark of the portion in that form, also those that stand elsewhere than at its start: for the banner.
  package var marks: [PortionMark]
  /// Countries to which REL TO is effective here.
  package var granted: Set<String>
  /// GOV became PARTNER by a recorded private release.
  package var isPrivatelyReleased: Bool
  /// GOV was lifted by a recorded public release.
  package var isPubliclyReleased: Bool
}

package struct PortionLabels: Hashable, Sendable {
  package var portions: [LabelledPortion]
  /// The document's own and those that the portions show.
  package var faults: Set<Fault>
  package var window: Window
  /// The label of `compilation:` where it applies: no base atom, no countries.
  package var compilation: Label?
  package var compilationMark: PortionMark?

  package init(_ revision: Revision, site: Site) {
    let maker = LabelMaker(revision, site: site)
    portions = revision.document.portions.indices.map { maker.portion($0) }
    faults = maker.faults
    window = maker.window
    (compilation, compilationMark) = maker.compilation
  }
}

extension Revision {
  /// When the bulletin is out of date: its own `expires`, else the template's span after the information cut-off.
  package func expires(in site: Site) -> CivilMoment? {
    let front = document.frontMatter
    if let expires = front.expires { return expires }
    guard let days = template.defaultExpiryDays, let cutoff = front.infoCutoff else { return nil }
    let start: CivilDate? =
      switch cutoff {
      case .date(let date): date
      case .time(let instant): DecisionTime(instant, site: site).today
      }
    return start.map { .date((0..<max(0, days)).reduce($0) { date, _ in date.next }) }
  }

  package func window(in site: Site) -> Window {
    Window(
      notBefore: document.frontMatter.notBefore?.start(in: site.zone), expires: expires(in: site)?.end(in: site.zone))
  }
}

/// A class, because it is large, and because portions that say the same are labelled once.
private final class LabelMaker {
  let revision: Revision
  let site: Site
  let document: Document
  let front: FrontMatter
  let sources: [String: (entry: SourceEntry, portion: Int)]
  /// Portions of a tear line that stands in for nothing.
  let misplaced: Set<Int>
  let window: Window
  private let audience: Set<Clause>
  private let criminalSources: Set<String>
  private var common: [(said: Said, labelled: LabelledPortion)] = []
  private var known: [Said: LabelledPortion] = [:]

  /// Everything that a portion's label and marks depend on.
  private struct Said: Hashable {
    var mark: PortionMark?
    var furtherMarks: [PortionMark]
    var source: String?
    var citations: [String]
    var clauses: [Clause]
    var p23: Bool
    var isUnmarked: Bool

    /// Cheap, and enough to tell most portions apart.
    func hash(into hasher: inout Hasher) {
      hasher.combine(mark)
      if let source { hasher.combine(source) }
      for citation in citations { hasher.combine(citation) }
    }
  }

  init(_ revision: Revision, site: Site) {
    self.revision = revision
    self.site = site
    document = revision.document
    front = document.frontMatter
    sources = Dictionary(
      front.sources.enumerated().map { ($1.id, ($1, Document.sourcePortion($0))) },
      uniquingKeysWith: { first, _ in first })
    audience = Set(front.audience)
    criminalSources = Set(front.sources.filter(\.p23).map(\.id))
    misplaced = TearLines.misplaced(in: document.body)
    window = revision.window(in: site)
  }

  // MARK: one portion

  func portion(_ index: Int) -> LabelledPortion {
    let portion = document.portions[index]
    let source: String? = if case .source(let id) = portion.kind { id } else { nil }
    let said = Said(
      mark: portion.mark, furtherMarks: portion.furtherMarks, source: source, citations: portion.citations,
      clauses: portion.clauses, p23: portion.p23,
      isUnmarked: portion.mark == nil || portion.kind == .orphan || misplaced.contains(index))
    // The first few, sources apart, are what most portions say: looking through them is quicker than hashing.
    if let found = common.first(where: { $0.said == said }) { return found.labelled }
    if let labelled = known[said] { return labelled }
    let labelled = label(portion, isUnmarked: said.isUnmarked)
    if source == nil, common.count < 8 { common.append((said, labelled)) } else { known[said] = labelled }
    return labelled
  }

  private func label(_ portion: Portion, isUnmarked: Bool) -> LabelledPortion {
    let entries = self.entries(of: portion)
    let others = entries.filter(isForeign)
    let written = ([portion.mark].compactMap { $0 } + portion.furtherMarks)
    let granted = granted(others)

    var obstacles: Set<Obstacle> = []
    if isUnmarked { obstacles.insert(.unmarked) }
    if others.contains(where: lacksConsent) { obstacles.insert(.consent) }

    // Mark by mark, then joined: a mark without REL TO beside one with it leaves {USA}. The base comes last.
    let labels = written.map { $0.label(basis: ReleaseBasis(base: .open, foreign: granted)) }
    let bare = labels.dropFirst().reduce(labels.first ?? .bottom) { $0.joined($1) }
    var atoms = bare.atoms
    if let light = front.trafficLight { atoms.insert(light.atom) }
    if isCriminalIntelligence(portion) { atoms.insert(.criminalIntelligence) }
    let clauses = audience.union(portion.clauses)

    let isTrafficLightAlone = front.scheme == .tlp && !written.isEmpty && written.allSatisfy { $0.mark == nil }
    let isOwn = others.isEmpty && !citesUnknown(portion)
    let lights = TrafficLight.allCases.filter { atoms.contains($0.atom) }
    let controls = atoms.subtracting(lights.map(\.atom))
    let isPublic =
      revision.decisions.publicRelease && isOwn && controls.isEmpty && clauses.isEmpty
      && lights.allSatisfy { $0 == .clear }
      && written.allSatisfy { $0.mark?.releasableTo == nil && $0.mark?.displayOnly == nil }
    let isPrivate =
      revision.decisions.privateRelease && isOwn && !isPublic && !isTrafficLightAlone
      && controls.isSubset(of: [.fouo, .cuiBasic, .noforn])
    switch (isPublic, isTrafficLightAlone) {
    case (true, _): break
    case (false, true): if lights.contains(where: { $0 > .clear }) { atoms.insert(.partner) }
    case (false, false): atoms.insert(isPrivate ? .partner : .government)
    }

    let label = Label(
      level: bare.level, atoms: atoms, countries: isPublic ? .all : bare.countries, clauses: clauses,
      named: named(atoms), window: window, obstacles: bare.obstacles.union(obstacles))
    return LabelledPortion(
      label: label, mark: printed(portion, granted),
      marks: written.map { effective($0, granted) }, granted: granted,
      isPrivatelyReleased: isPrivate, isPubliclyReleased: isPublic)
  }

  /// The sources that a portion cites, or is.
  private func entries(of portion: Portion) -> [SourceEntry] {
    if case .source(let id) = portion.kind { return [sources[id]?.entry].compactMap { $0 } }
    return portion.citations.compactMap { sources[$0]?.entry }
  }
  private func citesUnknown(_ portion: Portion) -> Bool { portion.citations.contains { sources[$0] == nil } }
  private func isForeign(_ entry: SourceEntry) -> Bool { entry.originator.map { $0 != site.id } ?? false }
  private func lacksConsent(_ entry: SourceEntry) -> Bool {
    entry.consent == .required && !revision.decisions.consents.contains(entry.id)
  }

  /// P23 by its sources or by `::: only p23`, whatever the gate says.
  private func isCriminalIntelligence(_ portion: Portion) -> Bool {
    portion.p23 || !criminalSources.isEmpty && portion.citations.contains(where: criminalSources.contains)
  }

  /// For the center's own portions what was recorded; for another agency's, what its source entries name.
  private func granted(_ others: [SourceEntry]) -> Set<String> {
    guard let first = others.first else { return revision.decisions.foreignRelease }
    func named(_ entry: SourceEntry) -> Set<String> {
      let lists = [entry.mark, entry.describe.mark].compactMap { $0?.mark?.releasableTo }
      return lists.dropFirst().reduce(lists.first ?? []) { $0.intersection($1) }
    }
    return others.dropFirst().reduce(named(first)) { $0.intersection(named($1)) }
  }

  /// `to:`; TLP:RED without it is for nobody.
  private func named(_ atoms: Set<Atom>) -> NamedSet {
    if let to = front.to { return .only(Set(to)) }
    return atoms.contains(TrafficLight.red.atom) ? .only([]) : .anyone
  }

  private func effective(_ mark: PortionMark, _ granted: Set<String>) -> PortionMark {
    mark.effective(granted: granted).joined(PortionMark(trafficLight: front.trafficLight))
  }

  /// A source prints `describe` and `mark` as one, since no other place shows its `mark`.
  private func printed(_ portion: Portion, _ granted: Set<String>) -> PortionMark? {
    guard let mark = portion.mark else { return nil }
    if case .source = portion.kind {
      return effective(portion.furtherMarks.reduce(mark) { $0.joined($1) }, granted)
    }
    return effective(mark, granted)
  }

  // MARK: the whole

  var faults: Set<Fault> {
    var faults = document.faults
    var hasLegacy = false
    var hasCUI = false
    var seen: [PortionMark] = []
    func look(_ found: PortionMark?) {
      // A bulletin has few different marks.
      guard let found, !seen.contains(found), let mark = found.mark else { return }
      if seen.count < 16 { seen.append(found) }
      if mark.level > .unclassified { faults.insert(.spillage) }
      switch mark.family {
      case .cui: hasCUI = true
      case .legacy:
        if !mark.controls.isEmpty || mark.releasableTo != nil || mark.displayOnly != nil { hasLegacy = true }
      }
    }
    for portion in document.portions {
      look(portion.mark)
      for mark in portion.furtherMarks { look(mark) }
    }
    for source in front.sources {
      look(source.mark)
      look(source.describe.mark)
    }
    for mark in [front.title.mark, front.shortTitle.mark, front.compilation?.mark] { look(mark) }
    if hasLegacy, hasCUI { faults.insert(.invalid) }
    // The gate says whether there is criminal intelligence; where text and gate disagree one of them is wrong.
    if document.portions.contains(where: isCriminalIntelligence) != (front.gates[.p23]?.value ?? false) {
      faults.insert(.invalid)
    }
    return faults
  }

  /// Joined where the source has two or more body portions.
  var compilation: (Label?, PortionMark?) {
    guard let compilation = front.compilation else { return (nil, nil) }
    let count = document.portions.count { portion in
      switch portion.kind {
      case .title, .shortTitle, .source, .heading, .footnote: false
      case .paragraph, .item, .quote, .figure, .orphan: true
      }
    }
    guard count >= 2 else { return (nil, nil) }
    let label = compilation.mark.label(basis: ReleaseBasis(base: .open, openToAllCountries: true))
    // `to:` is on every portion already; TLP:RED without it is for nobody, here too.
    let isForNobody = front.to == nil && label.atoms.contains(TrafficLight.red.atom)
    return (
      Label(
        level: label.level, atoms: label.atoms, named: isForNobody ? .only([]) : .anyone, obstacles: label.obstacles),
      compilation.mark.effective(granted: revision.decisions.foreignRelease)
    )
  }
}
