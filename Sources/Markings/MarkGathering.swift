// The marks of one block, joined, and what was odd about each: makes the reading with one canonical text for all fixes.

struct MarkGathering {
  let registry: MarkingRegistry
  let scheme: Scheme
  private(set) var count = 0
  /// Single spaces stood between the marks.
  var isSpacedWell = true

  private var portion = PortionMark()
  private var faults: [ContentReading.Fault] = []
  private var markCount = 0
  private var lightCount = 0
  private var lightCameFirst = false

  init(registry: MarkingRegistry, scheme: Scheme) {
    self.registry = registry
    self.scheme = scheme
  }

  /// The inside of one pair of parentheses.
  mutating func add(_ content: ArraySlice<UInt8>) {
    let reading = ContentReading(MarkPieces(content), registry: registry)
    count += 1
    if reading.mark != nil {
      markCount += 1
      lightCameFirst = lightCameFirst || (reading.trafficLight == nil && lightCount > 0)
    }
    if reading.trafficLight != nil { lightCount += 1 }
    portion = portion.joined(PortionMark(mark: reading.mark, trafficLight: reading.trafficLight))
    faults += reading.faults
  }

  mutating func addUnknown(_ token: String, because reason: String) {
    var mark = portion.mark ?? .unclassified
    mark.unknown.append(token)
    portion.mark = mark
    faults.append(ContentReading.Fault("M02", reason, token: token))
  }

  func reading(written: String, consumed: Int, bare: Bool) -> MarkReading {
    var portion = portion
    portion.mark = portion.mark?.withForeignReleaseSettled
    var faults = faults
    if markCount > 1 || lightCount > 1 || lightCameFirst || !isSpacedWell {
      faults.append(ContentReading.Fault("M03", "at most one mark and one TLP mark, in this order", token: written))
    }
    let needsMark = portion.mark == nil && portion.trafficLight != nil && scheme != .tlp
    if needsMark {
      faults.append(ContentReading.Fault("M09", "a TLP mark stands alone only in scheme tlp", token: written))
    }
    if let fault = mixture(portion.mark) { faults.append(fault) }

    let isMixed = portion.mark.map { $0.family == .cui && !$0.controls.isEmpty } ?? false
    let canonical: String? =
      portion.mark?.unknown.isEmpty ?? true && !isMixed
      ? canonicalText(needsMark ? PortionMark(mark: .unclassified, trafficLight: portion.trafficLight) : portion, bare)
      : nil
    var problems: [MarkProblem] = []
    for fault in faults where fault.rule == "M02" || !problems.contains(where: { $0.rule == fault.rule }) {
      problems.append(
        MarkProblem(
          rule: fault.rule, message: fault.message, token: fault.token ?? written,
          // What a mark of the other family would be here is for the author to say.
          canonical: fault.rule == "M07" ? nil : canonical))
    }
    return MarkReading(mark: portion, consumed: consumed, written: written, problems: problems)
  }

  private func canonicalText(_ portion: PortionMark, _ bare: Bool) -> String {
    let insides = portion.insides
    return bare && insides.count == 1 ? insides[0] : portion.text
  }

  /// CUI in a legacy bulletin, legacy controls in a CUI one, or both in one block.
  private func mixture(_ mark: Mark?) -> ContentReading.Fault? {
    guard let mark else { return nil }
    let isCUI = mark.family == .cui
    if isCUI, !mark.controls.isEmpty {
      return ContentReading.Fault("M07", "CUI and legacy controls in one block")
    }
    if scheme == .legacy, isCUI { return ContentReading.Fault("M07", "a CUI mark in a bulletin of scheme legacy") }
    let isLegacy = !mark.controls.isEmpty || mark.releasableTo != nil || mark.displayOnly != nil
    if scheme == .cui, !isCUI, isLegacy {
      return ContentReading.Fault("M07", "a legacy mark in a bulletin of scheme cui")
    }
    return nil
  }
}

extension Mark {
  /// NOFORN swallows the lists, and a list with USA alone is NOFORN.
  var withForeignReleaseSettled: Mark {
    guard isNoforn else { return self }
    var mark = self
    mark.releasableTo = nil
    mark.displayOnly = nil
    if family == .cui, !controls.contains("NF") {
      mark.disseminationControls.insert("NOFORN")
    } else if family == .legacy {
      mark.controls.insert("NF")
    }
    return mark
  }
}
