// The tables as one Markdown text to take parts of into a bulletin, with the note on method and the as-of date. Marks are
// written out, since every paragraph of a bulletin has its own.

package struct SourceNote: Hashable, Sendable {
  package var name: String
  package var file: String
  /// Day of the extract.
  package var asOf: String
  package var dropped: Int
  /// Of the dropped; the rest are other drugs. nil where the import does not know.
  package var underAge: Int?
  package var noSubstance: Int?
  package var doubled: Int
  package init(
    name: String, file: String, asOf: String, dropped: Int, underAge: Int?, noSubstance: Int?, doubled: Int
  ) {
    self.name = name
    self.file = file
    self.asOf = asOf
    self.dropped = dropped
    self.underAge = underAge
    self.noSubstance = noSubstance
    self.doubled = doubled
  }
}

package enum TablesDocument {
  /// The date that holds for all sources: the oldest extract.
  package static func asOf(_ sources: [SourceNote]) -> String { sources.map(\.asOf).min() ?? "" }

  package static func markdown(
    _ product: OpioidProduct, period: Period, mark: String, sources: [SourceNote]
  ) -> String {
    var parts = [
      "<!-- Opioid arrests, \(period.title). As of \(asOf(sources)). Take what the bulletin needs; every part keeps its mark. -->",
      "## (U) Figures", product.figures.map { "- (\(mark)) \($0)" }.joined(separator: "\n"), "## (U) Statistics",
    ]
    parts += product.tables.map { String($0.markdown.dropLast()) }
    parts += product.charts.map { "<!-- data of a chart: \($0.file) -->" }
    parts += ["## (U) Method and limits", method(product, period: period, mark: mark, sources: sources)]
    return parts.joined(separator: "\n\n") + "\n"
  }

  private static func method(
    _ product: OpioidProduct, period: Period, mark: String, sources: [SourceNote]
  ) -> String {
    let names = sources.map { "\($0.name) (extract of \($0.asOf))" }.joined(separator: ", ")
    let charges =
      product.countsCharges
      ? "A charge is one count of the charge sheet."
      : "Charges are not counted: not every extract says how many there were."
    let notSent =
      product.notSent.isEmpty
      ? "" : " Not printed, because not every extract has them: \(product.notSent.joined(separator: ", "))."
    let minors =
      product.leavesOutMinors
      ? "" : " Not every extract has ages: persons under eighteen may be among the arrests."
    let weights =
      product.notSent.contains("weights") ? "" : " Weights are those of the mixture, once for each incident."
    return """
      (U) The unit is one arrested person in one incident, by the date of arrest, \(period.first) to \(period.last). The \
      same person and incident sent by two agencies is counted once. An arrestee is one person however often arrested. \
      \(charges)\(notSent)\(minors) The tables by charge show the lead charge. "Opioid" means heroin, morphine or \
      opium by code, or a substance text or a laboratory result that names an opioid; the national code list has no code \
      of its own for fentanyl, and code H alone makes no opioid. An arrest for which the laboratory found another drug is left out; one \
      for which it found none is counted as what was suspected, and as negative among the laboratory results.

      (\(mark)) Substances are suspected until the laboratory confirms them; the two are never added up.\(weights) \
      Counts of one to four are not shown (\(Suppression.sign)), nor are \(product.hidden == 0 ? "any" : "the") others from which they could be worked out. Arrest is not conviction.

      (\(mark)) As of \(asOf(sources)): \(names). Of these extracts as a whole, whatever the date of arrest, \
      \(leftOut(sources)) were left out.
      """
  }

  /// Entries that are not counted, by reason. Small numbers are not stated: they are of persons too.
  private static func leftOut(_ sources: [SourceNote]) -> String {
    func words(_ count: Int, _ what: String) -> String {
      "\(Suppression.small.contains(count) ? "fewer than five" : Numbers.grouped(count)) \(what)"
    }
    let dropped = sources.reduce(0) { $0 + $1.dropped }
    let doubles = words(sources.reduce(0) { $0 + $1.doubled }, "double entries")
    guard sources.allSatisfy({ $0.underAge != nil && $0.noSubstance != nil }) else {
      return words(dropped, "entries for other drugs, without a substance or for persons under eighteen") + " and "
        + doubles
    }
    let underAge = sources.reduce(0) { $0 + ($1.underAge ?? 0) }
    let noSubstance = sources.reduce(0) { $0 + ($1.noSubstance ?? 0) }
    return [
      words(dropped - underAge - noSubstance, "entries for other drugs"),
      words(noSubstance, "entries without a substance"), words(underAge, "entries for persons under eighteen"),
    ].joined(separator: ", ") + " and " + doubles
  }
}
