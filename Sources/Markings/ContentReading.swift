// One mark, the inside of its parentheses, read against the tables: the value, and what differs from canonical.

struct ContentReading {
  struct Fault {
    var rule: String
    var message: String
    /// nil: the mark as a whole.
    var token: String?
    init(_ rule: String, _ message: String, token: String? = nil) {
      self.rule = rule
      self.message = message
      self.token = token
    }
  }

  private(set) var mark: Mark?
  private(set) var trafficLight: TrafficLight?
  private(set) var faults: [Fault] = []
  /// The pieces in canonical form but in the order and with the separators that were written.
  private var normalized: [(text: String, group: Int)] = []
  private let registry: MarkingRegistry

  init(_ content: MarkPieces, registry: MarkingRegistry) {
    self.registry = registry
    var pieces: [MarkPieces.Piece] = []
    var unknownLights: [String] = []
    for piece in content.pieces {
      guard piece.isASCII, TrafficLightForms.isTrafficLight(piece.text) else {
        pieces.append(piece)
        continue
      }
      let (light, isCurrent) = TrafficLightForms.read(piece.text)
      if light == nil { unknownLights.append(piece.text) }
      trafficLight = [trafficLight, light].compactMap { $0 }.max()
      if !isCurrent {
        let hint = light.map { "; TLP 2.0 says \($0.rawValue)" } ?? ""
        faults.append(Fault("M09", "\(piece.text) is no label of TLP 2.0\(hint)", token: piece.text))
      }
    }
    if content.pieces.isEmpty { pieces = [MarkPieces.Piece(text: "//", group: 0, isASCII: true)] }
    if !pieces.isEmpty {
      var isUntidy = !content.isTidy
      mark = isCUI(pieces) ? readCUI(pieces, &isUntidy) : readLegacy(pieces, &isUntidy)
      if pieces.count < content.pieces.count {
        faults.append(Fault("M03", "a TLP mark stands in parentheses of its own"))
      }
      checkOrder(isUntidy: isUntidy)
    } else if !content.isTidy || content.pieces.count > 1 {
      faults.append(Fault("M03", "spacing, capitals or separators are not canonical"))
    }
    if !unknownLights.isEmpty { mark = (mark ?? .unclassified).joined(Mark(unknown: unknownLights)) }
  }

  /// CUI when it says so, or when it has registry tokens alone.
  private func isCUI(_ pieces: [MarkPieces.Piece]) -> Bool {
    if pieces.contains(where: { CUIForms.isPrefix($0.text) }) { return true }
    return pieces.contains { registry.categories[$0.text] != nil || registry.disseminationControls[$0.text] != nil }
      && !pieces.contains { Level.written($0.text) != nil || LegacyControl.forms[$0.text] != nil }
  }

  private mutating func unknown(_ text: String, _ mark: inout Mark, rule: String = "M02", _ message: String) {
    mark.unknown.append(text)
    faults.append(Fault(rule, message, token: text))
  }

  // MARK: Legacy

  private mutating func readLegacy(_ pieces: [MarkPieces.Piece], _ isUntidy: inout Bool) -> Mark {
    var mark = Mark()
    for piece in pieces {
      if let (level, isPortionForm) = Level.written(piece.text) {
        mark.level = max(mark.level, level)
        noteBannerForm(piece.text, portion: level.portionForm, unless: isPortionForm)
        normalized.append((level.portionForm, piece.group))
      } else if let form = LegacyControl.forms[piece.text] {
        mark.controls.formUnion(form.controls)
        noteBannerForm(piece.text, portion: form.portion, unless: form.isPortionForm)
        normalized.append((form.portion, piece.group))
      } else if !readCountries(piece, &mark, &isUntidy) {
        unknown(piece.text, &mark, "\(piece.text) is in no table of legacy controls")
      }
    }
    if mark.controls.contains("FOUO"), !mark.controls.isDisjoint(with: LegacyControl.hidingFOUO) {
      faults.append(
        Fault("M05", "FOUO is not written beside LES, SSI or DSEN, which demand what it demands", token: "FOUO"))
    }
    return mark
  }

  private mutating func noteBannerForm(_ text: String, portion: String, unless isPortionForm: Bool) {
    guard !isPortionForm else { return }
    faults.append(Fault("M04", "\(text) is a banner's form; a portion mark says \(portion)", token: text))
  }

  /// REL TO and DISPLAY ONLY; false for anything else.
  private mutating func readCountries(
    _ piece: MarkPieces.Piece, _ mark: inout Mark, _ isUntidy: inout Bool
  ) -> Bool {
    for (name, isRelease) in [("REL TO", true), ("DISPLAY ONLY", false)] {
      guard piece.isASCII, piece.text == name || piece.text.hasPrefix(name + " ") else { continue }
      let list = CountryList.read(
        piece.text.dropFirst(name.utf8.count + 1), countries: registry.countries, needsHome: isRelease)
      if let code = list.unknown {
        let message = code == "no USA" ? "REL TO begins with USA" : "\(name): \(code) is in no table of countries"
        unknown(piece.text, &mark, message)
        return true
      }
      if isRelease {
        mark.releasableTo = mark.releasableTo?.intersection(list.codes) ?? list.codes
      } else {
        mark.displayOnly = mark.displayOnly?.intersection(list.codes) ?? list.codes
      }
      if !list.isTidy { isUntidy = true }
      normalized.append((name + " " + CountryList.text(list.codes), piece.group))
      return true
    }
    return false
  }

  // MARK: CUI

  private mutating func readCUI(_ pieces: [MarkPieces.Piece], _ isUntidy: inout Bool) -> Mark {
    var mark = Mark(family: .cui)
    var kinds: [(isLimit: Bool, group: Int)] = []
    for piece in pieces {
      let text = piece.text
      if CUIForms.isPrefix(text) {
        noteBannerForm(text, portion: "CUI", unless: text == "CUI")
        normalized.append(("CUI", piece.group))
      } else if let (level, _) = Level.written(text) {
        isUntidy = true
        if level > .unclassified {
          mark.level = max(mark.level, level)
          unknown(text, &mark, "CUI is unclassified and has no level")
        }
      } else if registry.categories[text] != nil {
        mark.categories.insert(text)
        kinds.append((false, piece.group))
        normalized.append((text, piece.group))
      } else if readCountries(piece, &mark, &isUntidy) {
        kinds.append((true, piece.group))
      } else if let limit = registry.disseminationControls[text], text != "REL TO", text != "DISPLAY ONLY" {
        mark.disseminationControls.insert(limit)
        kinds.append((true, piece.group))
        normalized.append((limit, piece.group))
        if text != limit { faults.append(Fault("M04", "\(text): a CUI mark says \(limit)", token: text)) }
      } else {
        readUnknownCUI(text, &mark)
      }
    }
    if Self.isMisplaced(kinds) {
      faults.append(Fault("M08", "categories stand in the first group, limited dissemination controls in the next"))
    }
    return mark
  }

  private mutating func readUnknownCUI(_ text: String, _ mark: inout Mark) {
    if text.isSpecified, registry.categories[String(text.dropFirst(3))] != nil {
      unknown(text, &mark, rule: "M08", "\(text.dropFirst(3)) is a Basic category and has no SP-")
    } else if registry.categories["SP-" + text] != nil {
      unknown(text, &mark, rule: "M08", "\(text) is a Specified category: SP-\(text)")
    } else if LegacyControl.forms[text] != nil {
      unknown(text, &mark, "\(text) is a legacy control, not one of CUI")
    } else {
      unknown(text, &mark, "\(text) is neither a category nor a limited dissemination control of the CUI registry")
    }
  }

  private static func isMisplaced(_ kinds: [(isLimit: Bool, group: Int)]) -> Bool {
    zip(kinds, kinds.dropFirst()).contains { a, b in
      (a.isLimit && !b.isLimit) || (a.isLimit != b.isLimit && a.group == b.group)
    }
  }

  // MARK: Order

  /// Compares what was written, tokens aside, with the canonical text. Where a token is unknown or misplaced its
  /// finding comes first and the order is looked at when that is mended.
  private mutating func checkOrder(isUntidy: Bool) {
    guard let mark, mark.unknown.isEmpty, !faults.contains(where: { $0.rule == "M08" || $0.rule == "M03" }) else {
      return
    }
    var written = ""
    var group = normalized.first?.group ?? 0
    for (index, piece) in normalized.enumerated() {
      if index > 0 { written += piece.group == group ? "/" : "//" }
      written += piece.text
      group = piece.group
    }
    let settled = mark.withForeignReleaseSettled
    let canonical = mark.family == .cui ? MarkLine.cui(settled) : settled.legacyText(hidesFOUO: false)
    if isUntidy || written != canonical {
      faults.append(Fault("M03", "order, separators or spacing are not canonical"))
    }
  }
}

enum CUIForms {
  /// `CUI` in portion marks; the other forms are a banner's.
  static func isPrefix(_ text: String) -> Bool {
    text == "CUI" || text == "CONTROLLED" || text == "CONTROLLED UNCLASSIFIED INFORMATION"
  }
}
