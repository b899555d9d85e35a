// `revere data table` and `revere data search`: what is done with imported records.

import ArgumentParser
import Bulletins
import Distribution
import Foundation
import SiteFiles
import Statistics
import Workflows

struct DataTableCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "table", abstract: "The tables, chart data and figures of a statistics bulletin.",
    discussion: "Counts of one to four are hidden, and others so that nobody can work them out.")

  @Argument(help: "Which tables: opioid-arrests.")
  var kind: String

  @Option(help: ArgumentHelp("2026-Q3, 2026-09, 2026 or 2026-07-01..2026-08-15.", valueName: "period"))
  var period: String

  @Option(help: ArgumentHelp("An earlier period to set beside it; several times.", valueName: "period"))
  var compare: [String] = []

  @Option(help: ArgumentHelp("Published figures of earlier periods: period, region, arrests.", valueName: "csv"))
  var earlier: String?

  @Option(help: ArgumentHelp("Months in the chart by month; default: those of the period.", valueName: "count"))
  var months: Int?

  @Option(help: ArgumentHelp("Communities to list.", valueName: "count"))
  var communities = 8

  @Option(help: ArgumentHelp("Largest seizures to list, marked LES.", valueName: "count"))
  var seizures = 0

  @Option(help: ArgumentHelp("Portion mark of the tables, as a bulletin of the site writes it.", valueName: "mark"))
  var mark = "U//FOUO"

  @Option(
    help: ArgumentHelp("Folder for the files; default: var/tables/opioid-arrests-PERIOD.", valueName: "dir"))
  var out: String?

  @Flag(help: "Write over files that are there.")
  var force = false

  @Option(help: ArgumentHelp("Who does it, for the audit log.", valueName: "id"))
  var by: String?

  @Flag(help: "One JSON object with the names of the files and what was hidden.")
  var json = false

  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if kind != "opioid-arrests" {
      throw ValidationError("There are no tables `\(kind)`; there is opioid-arrests.")
    }
    for text in [period] + compare where Period(text) == nil {
      throw ValidationError("`\(text)` is no period; write 2026-Q3, 2026-09, 2026 or 2026-07-01..2026-08-15.")
    }
    if let months, !(1...120).contains(months) { throw ValidationError("--months takes 1 to 120.") }
    if !(1...351).contains(communities) { throw ValidationError("--communities takes 1 to 351.") }
    if !(0...50).contains(seizures) { throw ValidationError("--seizures takes 0 to 50.") }
  }

  func run() throws {
    guard let period = Period(period) else { return }
    let session = try Session(options)
    var order = OpioidOrder(period: period)
    order.comparisons = compare.compactMap { Period($0) }
    order.months = months
    order.communities = communities
    order.seizures = seizures
    let registry = try session.workspace().vocabulary.registry
    let scheme = session.settings.site.defaultScheme
    let written = try Session.words {
      order.mark = try TableMark.checked(mark, registry: registry, scheme: scheme)
      if seizures > 0 { _ = try TableMark.checked(OpioidOrder.seizureMark, registry: registry, scheme: scheme) }
      return try WriteTables.opioidArrests(
        order, published: try published(session), knowledge: try DataKnowledge(session.files),
        store: try session.store(creating: true), by: session.actor(by), now: session.clock.moment)
    }
    let folder =
      out.map { URL(fileURLWithPath: $0).path } ?? "\(session.root)/var/tables/\(kind)-\(period.name.lowercased())"
    let target = FolderOnDisk(root: folder)
    if !force, let taken = written.files.first(where: { target.exists($0.name) }) {
      throw CommandFailure(.usage, "\(folder)/\(taken.name) is there already", hint: "write over it with --force")
    }
    try Session.words {
      for file in written.files { try target.write(Array(file.text.utf8), to: file.name) }
    }
    let asOf = TablesDocument.asOf(written.sources)
    if json {
      Terminal.print(
        JSONLine.encode(
          TablesLine(
            folder: folder, files: written.files.map(\.name), arrests: written.arrests, hidden: written.product.hidden,
            asOf: asOf)))
      return
    }
    for file in written.files { Terminal.print("\(folder)/\(file.name)") }
    Terminal.error(
      "\(written.arrests) arrests of \(period.name), as of \(asOf); \(written.product.hidden) counts are hidden.")
  }

  private func published(_ session: Session) throws -> PublishedFigures {
    guard let earlier else { return PublishedFigures() }
    let url = URL(fileURLWithPath: session.dataPath(earlier))
    let bytes = try FolderOnDisk(root: url.deletingLastPathComponent().path).read(
      url.lastPathComponent, limit: 16 << 20)
    do {
      return try PublishedFigures(csv: bytes)
    } catch let problem as FileProblem {
      throw CommandFailure(
        .usage, "\(earlier):\(problem.position.line): \(problem.message)", hint: problem.hint)
    }
  }
}

struct DataSearchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "search", abstract: "Imported records, for a reader who may see them.",
    discussion: "Every search is in the audit log. Records are for this terminal; products carry tables alone.")

  @Option(name: .customLong("as"), help: ArgumentHelp("Who looks: your reader id.", valueName: "reader"))
  var reader: String

  @Option(help: ArgumentHelp("Part of the agency's name.", valueName: "text"))
  var agency: String?

  @Option(help: ArgumentHelp("The community.", valueName: "name"))
  var town: String?

  @Option(help: ArgumentHelp("Part of the substance's name, suspected or found.", valueName: "text"))
  var substance: String?

  @Option(help: ArgumentHelp("When the arrest was: 2026-Q3, 2026-09 ..", valueName: "period"))
  var period: String?

  @Option(help: ArgumentHelp("Show so many at most.", valueName: "count"))
  var limit = 50

  @Flag(help: "One JSON object a line.")
  var json = false

  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if agency == nil, town == nil, substance == nil, period == nil {
      throw ValidationError("Say what to look for: --agency, --town, --substance or --period.")
    }
    if let period, Period(period) == nil {
      throw ValidationError("`\(period)` is no period; write 2026-Q3 or 2026-09.")
    }
    if !(1...100_000).contains(limit) { throw ValidationError("--limit takes 1 to 100000.") }
  }

  func run() throws {
    let session = try Session(options)
    let workspace = try session.soundWorkspace()
    let who = try session.reader(reader, in: workspace)
    let search = DataSearch(
      agency: agency, town: town, substance: substance, period: period.flatMap { Period($0) })
    var records: [IncidentPerson] = []
    let found = try Session.words {
      try SearchData.run(
        search, reader: who, workspace: workspace, store: try session.store(creating: true), now: session.clock.moment,
        limit: limit
      ) { records.append($0) }
    }
    if json {
      for record in records {
        Terminal.print(
          JSONLine.encode(Dictionary(zip(IncidentPerson.columns, record.cells)) { first, _ in first }))
      }
      return
    }
    var columns = TextColumns()
    columns.add("ARREST", "AGENCY", "TOWN", "OFFENSE", "SUSPECTED", "LABORATORY", "AGE", "INCIDENT", "SOURCE")
    for record in records {
      columns.add(
        record.arrested.description, record.agency, record.town, record.offense, record.suspected,
        record.laboratory.isEmpty ? record.labStatus : record.laboratory, record.ageBand,
        IncidentPerson.key(record.incident), "\(record.source):\(record.line)")
    }
    Terminal.print(SearchData.mark)
    if !records.isEmpty { Terminal.print(columns.text) }
    Terminal.print("\(found) records match" + (found > records.count ? "; \(records.count) are shown." : "."))
  }
}

private struct TablesLine: Encodable {
  var folder: String
  var files: [String]
  var arrests: Int
  var hidden: Int
  var asOf: String
}
