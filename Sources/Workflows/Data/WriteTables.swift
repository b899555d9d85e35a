// `revere data table opioid-arrests`: tally, hide, print. What is returned are texts of tables; records stay behind.

package import Outbox
package import Statistics
package import Store

package struct WrittenTables: Sendable {
  package var product: OpioidProduct
  package var sources: [SourceNote]
  /// File name to content: the tables as Markdown, each as CSV, the data of the charts.
  package var files: [(name: String, text: String)]
  package var arrests: Int
}

package enum WriteTables {
  /// - Throws: `DataProblem` when nothing was imported or nothing may be shown.
  package static func opioidArrests(
    _ order: OpioidOrder, published: PublishedFigures, knowledge: DataKnowledge, store: any UnitOfWork, by: String,
    now: Moment
  ) throws -> WrittenTables {
    var tally = OpioidTally(order.period)
    var earlier: [Period: OpioidTally] = [:]
    let wanted = OpioidTables.earlierPeriods(order, published: published)
    for period in wanted { earlier[period] = OpioidTally(period) }
    var inPeriod: [Int64: Int] = [:]
    let visited = try CountedRecords.forEach(in: store, days: nil) { packed, block, record in
      tally.add(packed, of: block)
      if order.period.days.contains(Int(packed.arrested)) { inPeriod[record.id, default: 0] += 1 }
      for period in wanted { earlier[period]?.add(packed, of: block) }
    }
    guard !visited.isEmpty else { throw DataProblem.nothingImported }
    let sources = visited.filter { inPeriod[$0.record.id] != nil }.map {
      SourceNote(
        name: $0.record.about.name, file: $0.record.about.fileName, asOf: $0.record.about.asOf,
        dropped: $0.record.counts.dropped, underAge: $0.record.counts.underAge,
        noSubstance: $0.record.counts.noSubstance, doubled: $0.doubled)
    }
    let product: OpioidProduct
    do throws(OpioidTablesProblem) {
      product = try OpioidTables(
        order, tally: tally, earlier: earlier, published: published, substances: knowledge.substances,
        regions: knowledge.regions
      ).product()
    } catch {
      throw refusal(error, order)
    }
    var files = [
      (
        name: "opioid-arrests-\(order.period.name.lowercased())-tables.md",
        text: TablesDocument.markdown(product, period: order.period, mark: order.mark, sources: sources)
      )
    ]
    files += product.tables.map { (name: $0.slug + ".csv", text: $0.csv) }
    files += product.charts.map { (name: $0.file, text: $0.csv) }
    try store.write {
      try $0.audit(
        actor: by, action: "data-table", subject: "opioid-arrests \(order.period.name)",
        detail: "\(product.tables.count) tables, \(product.hidden) counts hidden", at: now)
    }
    return WrittenTables(product: product, sources: sources, files: files, arrests: tally.arrests)
  }

  private static func refusal(_ problem: OpioidTablesProblem, _ order: OpioidOrder) -> DataProblem {
    switch problem {
    case .tooFew(let arrests):
      DataProblem(
        .tooFew,
        arrests == 0
          ? "no arrests of \(order.period.name) are imported"
          : "too few arrests in \(order.period.name): whatever is hidden, small counts could be worked out",
        hint: "take a longer period")
    case .overlapping(let one, let other):
      DataProblem(
        .overlapping, "\(one) and \(other) share days: the difference of two totals could be a small count",
        hint: "compare periods that lie apart")
    }
  }
}
