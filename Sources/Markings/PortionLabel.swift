// From a mark to its label (markings.md section 3), and how marks of one portion combine. Only the values that the
// policy engine passes in open anything: without them a portion is for government readers at home.

/// What the recorded decisions make of one portion; Distribution computes it.
package struct ReleaseBasis: Hashable, Sendable {
  /// The base atom: GOV, PARTNER or none.
  package enum Base: Hashable, Sendable { case government, partner, open }

  package var base: Base
  /// Countries other than the home country to which REL TO is effective here, ISO 3166 alpha-3.
  package var foreign: Set<String>
  /// A recorded public release. Has no effect on a mark with REL TO, NOFORN or DISPLAY ONLY.
  package var openToAllCountries: Bool

  package init(base: Base = .government, foreign: Set<String> = [], openToAllCountries: Bool = false) {
    self.base = base
    self.foreign = foreign
    self.openToAllCountries = openToAllCountries
  }
  /// Nothing recorded.
  package static let closed = ReleaseBasis()
}

extension Mark {
  /// The requirements of the controls alone.
  var atoms: Set<Atom> {
    var atoms = Set(controls.map(LegacyControl.atom(ofPortion:)))
    atoms.formUnion(categories.map(Atom.category))
    atoms.formUnion(disseminationControls.subtracting(["NOFORN"]).map(Atom.init))
    if isNoforn { atoms.insert(.noforn) }
    if family == .cui { atoms.insert(.cuiBasic) }
    return atoms
  }

  /// Both are demanded. A mark without a list counts as USA, as in the label: beside it no REL TO is left.
  func joined(_ other: Mark) -> Mark {
    func intersection(_ a: Set<String>?, _ b: Set<String>?) -> Set<String>? {
      guard let a, let b else { return nil }
      return a.intersection(b)
    }
    return Mark(
      family: family == .cui || other.family == .cui ? .cui : .legacy,
      level: max(level, other.level),
      controls: controls.union(other.controls),
      categories: categories.union(other.categories),
      disseminationControls: disseminationControls.union(other.disseminationControls),
      releasableTo: intersection(releasableTo, other.releasableTo),
      displayOnly: intersection(displayOnly, other.displayOnly),
      unknown: unknown + other.unknown.filter { !unknown.contains($0) })
  }
}

extension PortionMark {
  package var level: Level { mark?.level ?? .unclassified }

  /// What several marks of one portion demand together.
  package func joined(_ other: PortionMark) -> PortionMark {
    if other.mark == nil {
      var joined = self
      joined.trafficLight = [trafficLight, other.trafficLight].compactMap { $0 }.max()
      return joined
    }
    let joinedMark: Mark? =
      if let mark, let second = other.mark { mark.joined(second) } else { mark ?? other.mark }
    return PortionMark(
      mark: joinedMark, trafficLight: [trafficLight, other.trafficLight].compactMap { $0 }.max())
  }

  /// The mark as it is printed once decisions are known: REL TO is cut to USA and the granted countries and goes
  /// when only USA is left. DISPLAY ONLY is printed as it stands.
  package func effective(granted: Set<String>) -> PortionMark {
    guard let mark, let codes = mark.releasableTo, codes != [CountryList.home] else { return self }
    let kept = codes.intersection(granted.union([CountryList.home]))
    var cut = mark
    cut.releasableTo = kept.subtracting([CountryList.home]).isEmpty ? nil : kept
    return PortionMark(mark: cut, trafficLight: trafficLight)
  }

  /// Level, atoms and countries; clauses, names and window come from the bulletin. An unknown token is
  /// TOP(.unknownToken), a value without any mark TOP(.unmarked); both keep the level.
  package func label(basis: ReleaseBasis) -> Label {
    guard mark != nil || trafficLight != nil else { return .top(.unmarked) }
    if let mark, !mark.unknown.isEmpty { return .top(.unknownToken, level: mark.level) }
    var atoms = mark?.atoms ?? []
    switch basis.base {
    case .government: atoms.insert(.government)
    case .partner: atoms.insert(.partner)
    case .open: break
    }
    if let trafficLight { atoms.insert(trafficLight.atom) }
    return Label(level: level, atoms: atoms, countries: countries(basis))
  }

  private func countries(_ basis: ReleaseBasis) -> CountrySet {
    let home: Set<String> = [CountryList.home]
    if let codes = mark?.releasableTo {
      return .only(home.union(codes.intersection(basis.foreign)))
    }
    let restricted = mark?.isNoforn == true || mark?.displayOnly != nil
    return basis.openToAllCountries && !restricted ? .all : .only(home)
  }
}
