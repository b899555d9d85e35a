// Sentences of figures for the text of the bulletin on opioid arrests. A figure that is hidden, or that would give a
// hidden one back, leaves its sentence out; shares and changes are figures too.

extension OpioidTables {
  func figures(
    _ region: RegionCells, _ substance: SubstanceCells, _ units: UnitCells, _ print: CellPrinter
  ) -> [String] {
    func value(_ cell: Int) -> Int { print.graph.cells[cell].value }
    func shown(_ cells: Int...) -> Bool { cells.allSatisfy(print.isShown) }
    var sentences = [
      "Police made \(Numbers.grouped(tally.arrests)) opioid-related arrests"
        + (shown(units.incidentCount) ? " in \(print.count(units.incidentCount)) incidents" : "") + changes() + "."
    ]
    func sum(_ cells: [Int], _ words: (Int) -> String) {
      let total = cells.reduce(0) { $0 + value($1) }
      if cells.allSatisfy(print.isShown), total > 0 { sentences.append(words(total)) }
    }
    let fentanyl = substance.headings.indices.filter { substance.headings[$0].lowercased().contains("fentanyl") }
    sum(fentanyl.map { substance.leaves[$0] }) {
      "Fentanyl was suspected in \(Numbers.share($0, of: tally.arrests)) of them."
    }
    let sedative = substance.headings.indices.filter {
      substances.mix(ofHeading: substance.headings[$0])?.contains("sedative") == true
    }
    sum(sedative.map { substance.leaves[$0] }) {
      "\(Numbers.grouped($0)) arrests had fentanyl with a sedative (xylazine or medetomidine)."
    }
    // Incidents and arrests of one kind bound each other, so that all are shown or no incidents of a kind are.
    let kinds = [units.incidentCount] + region.offenseTotals + units.incidents.flatMap { [$0.all, $0.firearm] }
    let showsKinds = units.kindsAreMany && kinds.allSatisfy(print.isShown)
    for kind in units.incidents where showsKinds && value(kind.all) > 0 {
      sentences.append(
        "Firearms were seized in \(print.count(kind.firearm)) of \(print.count(kind.all)) \(kind.offense) incidents "
          + "(\(Numbers.share(value(kind.firearm), of: value(kind.all)))).")
    }
    if let joint = units.joint, shown(units.incidentCount, joint) {
      sentences.append("\(print.count(joint)) incidents were worked by more than one agency.")
    }
    if let overdoses = units.overdoses, shown(overdoses) {
      let arrests = "\(print.count(overdoses)) arrests followed an overdose call"
      if let naloxone = units.naloxone {
        if shown(naloxone) { sentences.append("\(arrests); naloxone was given in \(print.count(naloxone)) of them.") }
      } else {
        sentences.append("\(arrests).")
      }
    }
    if units.statusCells.allSatisfy(print.isShown) {
      let parts = zip(units.statuses, units.statusCells).filter { value($0.1) > 0 }.map {
        "\(print.count($0.1)) \((Self.statusNames[$0.0] ?? $0.0).lowercased())"
      }
      sentences.append("Laboratory results: \(parts.joined(separator: ", ")).")
    }
    if shown(units.codeH), substance.leaves.allSatisfy(print.isShown),
      tellsNothing(codeH: value(units.codeH), substance, value)
    {
      sentences.append(
        "\(print.share(units.codeH)) of the arrests carry code H, \"other narcotics\", which is not fentanyl's alone.")
    }
    return sentences
  }

  /// Arrests without code H are those of the headings that never have it, and some of the others: those follow, and may
  /// not be few.
  private func tellsNothing(codeH: Int, _ cells: SubstanceCells, _ value: (Int) -> Int) -> Bool {
    let withH = Set(substances.all.filter { $0.codes.split(separator: ";").contains("H") }.map(\.heading))
    let without = zip(cells.headings, cells.leaves).filter {
      substances.headings.contains($0.0) && !withH.contains($0.0)
    }
    let counted = without.reduce(0) { $0 + value($1.1) }
    return !Suppression.small.contains(abs(tally.arrests - codeH - counted))
  }

  /// `, 1.2% more than in the 2nd quarter 2026 and ..`: only against totals that are printed.
  private func changes() -> String {
    let parts = order.comparisons.compactMap { period -> String? in
      guard let before = total(period), before > Suppression.small.upperBound else { return nil }
      let change = 100 * (Double(tally.arrests) / Double(before) - 1)
      let amount = Numbers.percent(abs(change))
      return change >= 0 ? "\(amount) more than in the \(period.title)" : "\(amount) fewer than in the \(period.title)"
    }
    return parts.isEmpty ? "" : ", " + parts.joined(separator: " and ")
  }
}
