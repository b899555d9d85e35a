// The closed table of legacy controls in register order, with every form in which agencies write them.
// CAPCO Register 2016 sections A.6, G and H. REL TO and DISPLAY ONLY carry countries and are not in the table.

struct LegacyControl: Sendable {
  /// Dissemination controls come before non-IC ones; `//` stands between the two groups.
  enum Group: Sendable { case dissemination, nonIC }

  /// As in `Mark.controls` and in portion marks: `NF`.
  var portion: String
  /// `NOFORN`.
  var banner: String
  var title: String
  var group: Group
  /// The name of its atom where that is neither the portion nor the banner form.
  var atomName: String?

  /// Policies name the controls of this house by their portion form, the others by their banner form.
  var atom: Atom { Atom(atomName ?? banner) }

  private init(
    _ group: Group, _ portion: String, _ banner: String, _ title: String, atomName: String? = nil
  ) {
    self.portion = portion
    self.banner = banner
    self.title = title
    self.group = group
    self.atomName = atomName
  }

  /// In register order. REL TO stands after PROPIN, DISPLAY ONLY last of the dissemination controls.
  static let register: [LegacyControl] = [
    LegacyControl(.dissemination, "RS", "RSEN", "RISK SENSITIVE"),
    LegacyControl(.dissemination, "FOUO", "FOUO", "FOR OFFICIAL USE ONLY"),
    LegacyControl(.dissemination, "OC", "ORCON", "ORIGINATOR CONTROLLED"),
    LegacyControl(.dissemination, "OC-USGOV", "ORCON-USGOV", "ORIGINATOR CONTROLLED-USGOV"),
    LegacyControl(.dissemination, "IMC", "IMCON", "CONTROLLED IMAGERY"),
    LegacyControl(.dissemination, "NF", "NOFORN", "NOT RELEASABLE TO FOREIGN NATIONALS", atomName: "NF"),
    LegacyControl(.dissemination, "PR", "PROPIN", "CAUTION-PROPRIETARY INFORMATION INVOLVED"),
    LegacyControl(.dissemination, "RELIDO", "RELIDO", "RELEASABLE BY INFORMATION DISCLOSURE OFFICIAL"),
    LegacyControl(
      .dissemination, "DSEN", "DEA SENSITIVE", "DRUG ENFORCEMENT ADMINISTRATION SENSITIVE", atomName: "DSEN"),
    LegacyControl(.dissemination, "FISA", "FISA", "FOREIGN INTELLIGENCE SURVEILLANCE ACT"),
    LegacyControl(.nonIC, "DS", "LIMDIS", "LIMITED DISTRIBUTION"),
    LegacyControl(.nonIC, "XD", "EXDIS", "EXCLUSIVE DISTRIBUTION"),
    LegacyControl(.nonIC, "ND", "NODIS", "NO DISTRIBUTION"),
    LegacyControl(.nonIC, "SBU", "SBU", "SENSITIVE BUT UNCLASSIFIED"),
    LegacyControl(.nonIC, "LES", "LES", "LAW ENFORCEMENT SENSITIVE"),
    LegacyControl(.nonIC, "SSI", "SSI", "SENSITIVE SECURITY INFORMATION"),
    LegacyControl(.nonIC, "PCII", "PCII", "PROTECTED CRITICAL INFRASTRUCTURE INFORMATION"),
  ]

  private static let byPortion: [String: LegacyControl] = Dictionary(
    uniqueKeysWithValues: register.map { ($0.portion, $0) })

  static func atom(ofPortion portion: String) -> Atom { byPortion[portion]?.atom ?? Atom(portion) }

  /// The controls that are written as one with NOFORN in an unclassified mark.
  static let pairedWithNoforn: Set<String> = ["LES", "SBU"]

  /// Beside these FOUO is not written: each demands what FOUO demands (the policy check sees to it).
  static let hidingFOUO: Set<String> = ["LES", "SSI", "DSEN"]

  /// A written form, in capitals and with single spaces, to the portion forms that it means.
  struct Form: Sendable {
    var controls: [String]
    /// Its canonical form in a portion mark.
    var portion: String
    var isPortionForm: Bool
  }

  static let forms: [String: Form] = {
    var forms: [String: Form] = [:]
    for control in register {
      for text in [control.title, control.banner, control.portion] {
        forms[text] = Form(
          controls: [control.portion], portion: control.portion, isPortionForm: text == control.portion)
      }
      guard pairedWithNoforn.contains(control.portion) else { continue }
      let pair = control.portion + "-NF"
      for text in [
        pair, control.banner + " NOFORN", control.banner + "-NOFORN", control.banner + " NF", control.title + " NOFORN",
      ] {
        forms[text] = Form(controls: [control.portion, "NF"], portion: pair, isPortionForm: text == pair)
      }
    }
    return forms
  }()
}

extension Mark {
  /// A legacy control as other systems are told of it.
  package struct ControlName: Hashable, Sendable {
    /// As in `Mark.controls`: `FOUO`.
    package let portion: String
    /// In capitals: `FOR OFFICIAL USE ONLY`.
    package let title: String
  }

  /// All of them, in register order.
  package static let controlNames = LegacyControl.register.map { ControlName(portion: $0.portion, title: $0.title) }
}
