// Which counts the tables on opioid arrests print, and which sums join them. Every sum that a reader could make stands
// here once, but for those that follow from the others: a network allows a count in two sums.

/// All counts of the period in one network, with the small ones protected.
struct OpioidCells {
  var graph = CellGraph()
  var region: RegionCells
  var substance: SubstanceCells
  /// Empty where no export has ages.
  var ages: [String]
  var ageCells: [Int]
  var units: UnitCells

  /// nil when no way of hiding is enough.
  init?(_ tables: OpioidTables, _ offenses: [String], list length: Int) {
    region = RegionCells(tables, offenses, list: length, &graph)
    substance = SubstanceCells(tables, &graph)
    let hasAges = tables.tally.anyHas(.agesSent)
    ages = hasAges ? AgeBand.all.map(\.name) + (tables.tally.byAge[""] == nil ? [] : [""]) : []
    ageCells = []
    for age in ages { ageCells.append(graph.cell(tables.tally.byAge[age] ?? 0)) }
    units = UnitCells(tables, &graph)
    guard !hasAges || graph.sum(of: ageCells, is: nil), region.isWhole, substance.isWhole, units.isWhole,
      Suppression.protect(&graph)
    else { return nil }
  }
}

/// Regions by lead charge; sections of the law by lead charge; communities by region.
struct RegionCells {
  var cells: [[Int]]
  var totals: [Int]
  var offenseTotals: [Int]
  var statutes: [String]
  var statuteCells: [Int]
  var listed: [(name: String, cell: Int)]
  var isWhole = true

  /// - Parameter length: of the list of communities.
  init(_ tables: OpioidTables, _ offenses: [String], list length: Int, _ graph: inout CellGraph) {
    let tally = tables.tally
    let cells = tables.regions.map { region in
      offenses.map { graph.cell(tally.byRegionAndOffense[OpioidTally.Pair(region.slug, $0)] ?? 0) }
    }
    self.cells = cells
    totals = cells.map { row in graph.cell(row.reduce(0) { $0 + graph.cells[$1].value }, weight: 4) }
    offenseTotals = offenses.indices.map { column in
      graph.cell(cells.reduce(0) { $0 + graph.cells[$1[column]].value }, weight: 4)
    }
    statutes = tally.byStatute.keys.sorted()
    statuteCells = statutes.map { graph.cell(tally.byStatute[$0] ?? 0) }
    let towns = tables.rankedTowns().prefix(length)
    listed = []
    for (row, total) in zip(cells, totals) { isWhole = graph.sum(of: row, is: total) && isWhole }
    for column in offenses.indices {
      isWhole = graph.sum(of: cells.map { $0[column] }, is: offenseTotals[column]) && isWhole
    }
    // A region is its communities on the list and the rest, which nobody prints and everybody can work out.
    for (region, total) in zip(tables.regions, totals) {
      let own = towns.filter { $0.key.row == region.slug }.map { ($0.key.column, graph.cell($0.value)) }
      let rest = graph.cells[total].value - own.reduce(0) { $0 + graph.cells[$1.1].value }
      listed += own.map { (name: $0.0, cell: $0.1) }
      if !own.isEmpty {
        isWhole = graph.sum(of: own.map(\.1) + [graph.cell(rest, printed: false)], is: total) && isWhole
      }
    }
    let order = towns.map(\.key.column)
    listed.sort { (order.firstIndex(of: $0.name) ?? 0) < (order.firstIndex(of: $1.name) ?? 0) }
    // Sections by offense are not printed, but who knows the law knows which are empty. That all offenses are the whole
    // follows.
    var bySection: [[Int]] = statutes.map { _ in [] }
    for (column, offense) in offenses.enumerated() {
      var own: [Int] = []
      for (row, statute) in statutes.enumerated() {
        guard let count = tally.byStatuteAndOffense[OpioidTally.Pair(statute, offense)] else { continue }
        own.append(graph.cell(count, printed: false))
        bySection[row].append(own[own.count - 1])
      }
      if !own.isEmpty { isWhole = graph.sum(of: own, is: offenseTotals[column]) && isWhole }
    }
    for (own, cell) in zip(bySection, statuteCells) { isWhole = graph.sum(of: own, is: cell) && isWhole }
    isWhole = graph.sum(of: statuteCells, is: nil) && isWhole
  }
}

/// Months by group of substances, and the substances of each group over all months.
struct SubstanceCells {
  var months: [String]
  var mixes: [String]
  var byMonth: [[Int]]
  var monthTotals: [Int]
  var headings: [String]
  var leaves: [Int]
  var isWhole = true

  init(_ tables: OpioidTables, _ graph: inout CellGraph) {
    let (tally, substances) = (tables.tally, tables.substances)
    let other = "No opioid suspected"
    func heading(_ name: String) -> String { substances[name].flatMap { $0.isOpioid ? $0.heading : nil } ?? other }
    func mix(_ name: String) -> String { substances[name].flatMap { $0.isOpioid ? $0.mix : nil } ?? "not-suspected" }
    var byHeading: [String: Int] = [:]
    var groups: [String: String] = [:]
    for name in tally.bySubstance.keys {
      byHeading[heading(name), default: 0] += tally.bySubstance[name] ?? 0
      groups[heading(name)] = mix(name)
    }
    var byMix: [OpioidTally.Pair: Int] = [:]
    for (pair, count) in tally.byMonthAndSubstance {
      byMix[OpioidTally.Pair(pair.row, mix(pair.column)), default: 0] += count
    }
    let hasOther = byHeading[other] != nil
    let rows = substances.headings + (hasOther ? [other] : [])
    let columns = substances.mixes + (hasOther ? ["not-suspected"] : [])
    // Days outside of whole months are months too, as far as the period goes.
    let spans = Set(tables.order.period.months.map(\.name)).union(tally.byMonthAndSubstance.keys.map(\.row))
    (months, headings, mixes) = (spans.sorted(), rows, columns)
    byMonth = months.map { month in columns.map { graph.cell(byMix[OpioidTally.Pair(month, $0)] ?? 0) } }
    monthTotals = byMonth.map { row in graph.cell(row.reduce(0) { $0 + graph.cells[$1].value }, weight: 4) }
    leaves = rows.map { graph.cell(byHeading[$0] ?? 0) }
    for (row, total) in zip(byMonth, monthTotals) { isWhole = graph.sum(of: row, is: total) && isWhole }
    for (column, name) in columns.enumerated() {
      let own = rows.indices.filter { (groups[rows[$0]] ?? substances.mix(ofHeading: rows[$0])) == name }
      let group = graph.cell(own.reduce(0) { $0 + graph.cells[leaves[$1]].value }, printed: false)
      isWhole = graph.sum(of: byMonth.map { $0[column] }, is: group) && isWhole
      isWhole = graph.sum(of: own.map { leaves[$0] }, is: group) && isWhole
    }
    isWhole = graph.sum(of: monthTotals, is: nil) && isWhole
  }
}

/// Persons and charges beside the arrests, laboratory results, and what the text tells of overdoses and firearms. What
/// not every export says is neither printed nor a cell.
struct UnitCells {
  var incidentCount: Int
  var arrestees: Int
  var charges: Int?
  var statuses: [String]
  var statusCells: [Int]
  var confirmedNames: [String]
  var confirmedCells: [Int]
  var overdoses: Int?
  /// Only beside overdoses.
  var naloxone: Int?
  var codeH: Int
  var joint: Int?
  /// Trafficking and distribution incidents, and those with a firearm.
  var incidents: [(offense: String, all: Int, firearm: Int)] = []
  /// Incidents by lead charge may be told beside arrests by lead charge: neither those of possession, which follow, nor
  /// the further persons of any kind are few.
  var kindsAreMany = true
  var isWhole = true

  init(_ tables: OpioidTables, _ graph: inout CellGraph) {
    let tally = tables.tally
    var sums: [(parts: [Int], whole: Int?)] = []
    /// A count, and the rest of a whole that everybody can work out.
    func split(_ value: Int, of total: Int, whole: Int? = nil) -> Int {
      let cell = graph.cell(value)
      sums.append(([cell, graph.cell(total - value, printed: false)], whole))
      return cell
    }
    incidentCount = split(tally.incidentCount, of: tally.arrests)
    arrestees = split(tally.arrestees, of: tally.arrests)
    if let count = tally.charges {
      // Charges are arrests and further charges.
      let all = graph.cell(count)
      sums.append(([graph.cell(count - tally.arrests, printed: false)], all))
      charges = all
    }
    statuses = ["confirmed", "pending", "negative", "not-submitted"]
    let statusCells = statuses.map { graph.cell(tally.byLabStatus[$0] ?? 0) }
    self.statusCells = statusCells
    sums.append((statusCells, nil))
    // An order that is the same for any counts: sorted by count, the rows would narrow what is hidden between them.
    let known = tables.substances.all.map(\.name).filter { tally.confirmed[$0] != nil }
    confirmedNames = known + tally.confirmed.keys.filter { !known.contains($0) }.sorted()
    confirmedCells = confirmedNames.map { graph.cell(tally.confirmed[$0] ?? 0) }
    sums.append((confirmedCells, statusCells[0]))
    if tally.allHave(.overdoseSent) {
      let cell = split(tally.overdoses, of: tally.arrests)
      overdoses = cell
      if tally.allHave(.naloxoneSent) {
        naloxone = split(tally.naloxoneAtOverdose, of: tally.overdoses, whole: cell)
      }
    }
    codeH = split(tally.codeH, of: tally.arrests)
    if tally.allHave(.multiJurisdictionSent) {
      joint = split(tally.incidents.values.filter(\.isJoint).count, of: tally.incidentCount)
    }
    var kinds: [Int] = []
    for offense in ["trafficking", "distribution", "possession"] where tally.allHave(.firearmSent) {
      let own = tally.incidents.values.filter { $0.offense == offense }
      let all = graph.cell(own.count, printed: offense != "possession")
      kinds.append(all)
      let arrests = tally.byRegionAndOffense.reduce(0) { $0 + ($1.key.column == offense ? $1.value : 0) }
      if Suppression.small.contains(own.count) || Suppression.small.contains(arrests - own.count) {
        kindsAreMany = false
      }
      if offense != "possession" {
        let firearm = split(own.filter(\.firearm).count, of: own.count, whole: all)
        incidents.append((offense, all, firearm))
      }
    }
    if !kinds.isEmpty { sums.append((kinds, nil)) }
    for sum in sums { isWhole = graph.sum(of: sum.parts, is: sum.whole) && isWhole }
  }
}
