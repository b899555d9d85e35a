// The roll-up of portion marks to a banner: display only, and lossy on purpose (markings.md section 4).
// CAPCO Register 2016 section D, ODNI ISM rules, CUI Marking Handbook. No decision may be made from the result.

package enum RollUp {
  /// nil when there is no banner to print: no portions, or one that has no mark or an unknown token and so is
  /// readable by nobody. Never UNCLASSIFIED by default.
  ///
  /// In scheme `tlp` portions with TLP alone roll up to the TLP label itself; elsewhere such a portion counts as (U).
  package static func banner(_ all: [PortionMark], scheme: Scheme) -> Banner? {
    // A mark counts once, however many portions carry it.
    var marks: [PortionMark] = []
    for mark in all where !marks.contains(mark) { marks.append(mark) }
    guard !marks.isEmpty, marks.allSatisfy({ $0.mark?.unknown.isEmpty ?? ($0.trafficLight != nil) }) else {
      return nil
    }
    let light = marks.compactMap(\.trafficLight).max()
    let written = marks.compactMap(\.mark)
    if written.isEmpty, scheme == .tlp, let light {
      return Banner(text: light.rawValue, trafficLight: light, colour: .trafficLight)
    }
    let all = marks.map { $0.mark ?? .unclassified }
    let isCUI = all.contains { $0.family == .cui }
    let level = all.map(\.level).max() ?? .unclassified
    return Banner(
      text: isCUI ? cuiText(all, level: level) : legacyText(all, level: level),
      trafficLight: light, colour: colour(level: level, isCUI: isCUI))
  }

  private static func colour(level: Level, isCUI: Bool) -> Banner.Colour {
    switch level {
    case .unclassified: isCUI ? .cui : .unclassified
    case .confidential: .confidential
    case .secret: .secret
    case .topSecret: .topSecret
    }
  }

  private static func legacyText(_ marks: [Mark], level: Level) -> String {
    let release = ForeignRelease(marks, level: level)
    var line = MarkLine(
      level: level, controls: marks.reduce(into: []) { $0.formUnion($1.controls) }, noforn: release.noforn)
    if line.controls.contains("ND") { line.controls.remove("XD") }
    if line.controls.contains("OC") { line.controls.remove("OC-USGOV") }
    // FOUO shows only in a U document with nothing else but foreign-release marks beside it.
    if level > .unclassified || line.controls != ["FOUO"] { line.controls.remove("FOUO") }
    // RELIDO is a foreign-release mark, and NOFORN swallows every other.
    if release.noforn { line.controls.remove("RELIDO") }
    line.releasableTo = release.releasableTo
    line.displayOnly = release.displayOnly
    return line.text(banner: true)
  }

  /// One CUI portion makes the document CUI. Legacy controls or a level beside it pass no check; they are printed
  /// all the same, so that no preview hides them.
  private static func cuiText(_ marks: [Mark], level: Level) -> String {
    let release = ForeignRelease(marks, level: level)
    let cui = MarkLine.cui(
      Mark(
        family: .cui,
        categories: marks.reduce(into: []) { $0.formUnion($1.categories) },
        disseminationControls: marks.reduce(into: release.noforn ? ["NOFORN"] : []) {
          $0.formUnion($1.disseminationControls)
        },
        releasableTo: release.releasableTo.isEmpty ? nil : release.releasableTo,
        displayOnly: release.displayOnly.isEmpty ? nil : release.displayOnly))
    let legacy = marks.reduce(into: Set<String>()) { $0.formUnion($1.controls) }.subtracting(["NF"])
    let words = (level > .unclassified ? [level.bannerForm] : []) + [cui]
    let banned = LegacyControl.register.filter { legacy.contains($0.portion) }.map(\.banner).joined(separator: "/")
    return (words + (banned.isEmpty ? [] : [banned])).joined(separator: "//")
  }
}

/// Rule 5 and rule 9: what the foreign-release marks of all portions come to.
private struct ForeignRelease {
  var noforn = false
  var releasableTo: Set<String> = []
  var displayOnly: Set<String> = []

  init(_ marks: [Mark], level: Level) {
    if marks.contains(where: \.isNoforn) {
      noforn = true
      return
    }
    let carrying = marks.filter { $0.releasableTo != nil || $0.displayOnly != nil }
    // A classified portion without any foreign-release mark counts as {USA}; RELIDO leaves the decision to others,
    // so that it only counts when it meets a list.
    let closed = marks.contains {
      $0.level > .unclassified && $0.releasableTo == nil && $0.displayOnly == nil
        && (!$0.controls.contains("RELIDO") || !carrying.isEmpty)
    }
    if closed {
      noforn = true
      return
    }
    guard let first = carrying.first else { return }
    let home: Set<String> = [CountryList.home]
    func listed(_ mark: Mark) -> Set<String> { home.union(mark.releasableTo ?? []) }
    func shown(_ mark: Mark) -> Set<String> { listed(mark).union(mark.displayOnly ?? []) }
    let releasable = carrying.reduce(listed(first)) { $0.intersection(listed($1)) }
    let displayable = carrying.reduce(shown(first)) { $0.intersection(shown($1)) }
    if displayable == home {
      noforn = true
    } else if level > .unclassified || carrying.count == marks.count {
      releasableTo = releasable == home ? [] : releasable
      displayOnly = displayable.subtracting(releasable)
    }
  }
}
