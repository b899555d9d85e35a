// Strict canonical writing of marks and of the lines of banners: groups by `//`, entries by `/`, register order,
// no repeats, no spaces around slashes (markings.md section 2). Never used for a decision.

extension PortionMark {
  /// `(U//FOUO) (TLP:AMBER)`; empty for no mark at all. FOUO is not written beside LES, SSI and DSEN, which demand
  /// it; the label of this value still has it.
  package var text: String {
    insides.map { "(" + $0 + ")" }.joined(separator: " ")
  }

  /// What stands in each of the parentheses.
  var insides: [String] { (mark?.portionTexts ?? []) + (trafficLight.map { [$0.rawValue] } ?? []) }
}

extension Mark {
  /// NF, NOFORN, or what is left of a REL TO when nobody but USA is in it.
  package var isNoforn: Bool {
    controls.contains("NF") || disseminationControls.contains("NOFORN") || releasableTo == [CountryList.home]
  }

  /// What stands in the parentheses. Two texts only for a mix of CUI and legacy controls, which no check lets pass.
  var portionTexts: [String] {
    switch family {
    case .legacy:
      return [legacyText(hidesFOUO: true)]
    case .cui:
      let cuiText = MarkLine.cui(self)
      guard level > .unclassified || !controls.isEmpty else { return [cuiText] }
      return [cuiText, Mark(level: level, controls: controls).legacyText(hidesFOUO: true)]
    }
  }

  /// The reader compares what was written with the text that still has FOUO, to tell a wrong order from FOUO in
  /// company.
  func legacyText(hidesFOUO: Bool) -> String {
    var line = MarkLine(level: level, controls: controls, noforn: isNoforn)
    line.releasableTo = releasableTo ?? []
    line.displayOnly = displayOnly ?? []
    line.unknown = unknown
    if hidesFOUO, !controls.isDisjoint(with: LegacyControl.hidingFOUO) { line.controls.remove("FOUO") }
    return line.text(banner: false)
  }
}

/// One legacy line, of a portion mark or of a banner; what is to be left out of a banner was left out before.
struct MarkLine {
  var level: Level
  /// Portion forms, without NF.
  var controls: Set<String>
  var noforn: Bool
  var releasableTo: Set<String> = []
  var displayOnly: Set<String> = []
  var unknown: [String] = []

  init(level: Level, controls: Set<String>, noforn: Bool) {
    self.level = level
    self.controls = controls.subtracting(["NF"])
    self.noforn = noforn
  }

  func text(banner: Bool) -> String {
    // In an unclassified line NOFORN is written once, as part of LES NOFORN or SBU NOFORN.
    let pairs = level == .unclassified && noforn && !controls.isDisjoint(with: LegacyControl.pairedWithNoforn)
    var dissemination: [String] = []
    var nonIC: [String] = []
    for control in LegacyControl.register {
      let form = banner ? control.banner : control.portion
      if control.portion == "NF" {
        if noforn && !pairs { dissemination.append(form) }
      } else if controls.contains(control.portion) {
        let paired = pairs && LegacyControl.pairedWithNoforn.contains(control.portion)
        let written = paired ? form + (banner ? " NOFORN" : "-NF") : form
        if control.group == .nonIC { nonIC.append(written) } else { dissemination.append(written) }
      }
      if control.portion == "PR", !noforn, releasableTo.count > 1 {
        dissemination.append("REL TO " + CountryList.text(releasableTo))
      }
    }
    if !noforn, !displayOnly.isEmpty { dissemination.append("DISPLAY ONLY " + CountryList.text(displayOnly)) }
    let first = banner ? level.bannerForm : level.portionForm
    return Self.joined([[first], dissemination, nonIC, unknown])
  }

  /// `CUI//SP-SSI/LEI//NOFORN`: Specified categories A-Z, Basic ones A-Z, then the limits A-Z.
  static func cui(_ mark: Mark) -> String {
    let categories = mark.categories.sorted { ($0.isSpecified ? 0 : 1, $0) < ($1.isSpecified ? 0 : 1, $1) }
    var limits = mark.disseminationControls
    if mark.isNoforn {
      limits.insert("NOFORN")
    } else {
      if let codes = mark.releasableTo, codes.count > 1 { limits.insert("REL TO " + CountryList.text(codes)) }
      if let codes = mark.displayOnly, !codes.isEmpty {
        limits.insert("DISPLAY ONLY " + CountryList.text(codes.union([CountryList.home])))
      }
    }
    return joined([["CUI"], categories, limits.sorted(), mark.unknown])
  }

  private static func joined(_ groups: [[String]]) -> String {
    groups.filter { !$0.isEmpty }.map { $0.joined(separator: "/") }.joined(separator: "//")
  }
}

extension String {
  /// A CUI Specified category.
  var isSpecified: Bool { hasPrefix("SP-") }
}
