// `revere data import | imports | table | search | forget`: records of other systems in, tables out. Records are shown on
// this terminal alone and only to who may see them; no product has any.

import ArgumentParser
import Bulletins
import Foundation
import Outbox
import SiteFiles
import Statistics
import Store
import Workflows

struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Records of other systems: import them, make tables, search.",
    subcommands: [Import.self, Imports.self, DataTableCommand.self, DataSearchCommand.self, Forget.self])

  struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Read an export by its mapping file and say what became of every line.",
      discussion:
        "Exit status: 0 imported, 1 lines that the mapping does not know: nothing is stored, 2, 3 as elsewhere.")

    @Argument(help: "The export, a CSV file.", completion: .file())
    var file: String

    @Option(help: ArgumentHelp("Its mapping file, as in templates/data/.", valueName: "map.yaml"))
    var map: String

    @Option(help: ArgumentHelp("Day of the extract; default: today.", valueName: "date"))
    var asOf: String?

    @Flag(help: "Import although the mapping does not know some lines; they are left out.")
    var acceptUnknown = false

    @Flag(help: "Say what would become of it and store nothing.")
    var dryRun = false

    @Flag(help: "Name every line, also those that were mapped, and not only the first fifty of a kind.")
    var lines = false

    @Option(help: ArgumentHelp("Who does it, for the audit log.", valueName: "id"))
    var by: String?

    @Flag(help: "One JSON object a line: each line that was not mapped (with --lines: every line), then the sums.")
    var json = false

    @OptionGroup var options: GlobalOptions

    func validate() throws {
      if let asOf, CivilDate(asOf) == nil { throw ValidationError("--as-of takes a date such as 2026-10-20.") }
    }

    func run() throws {
      let session = try Session(options)
      let today = CivilTime(session.clock.now, in: session.settings.site.zone).date
      let path = session.dataPath(file)
      let teller = FateTeller(file: file, json: json, all: lines)
      let report = try Session.words {
        let mapPath = session.dataPath(map)
        let url = URL(fileURLWithPath: mapPath)
        let mapping = try FolderOnDisk(root: url.deletingLastPathComponent().path).read(
          url.lastPathComponent, limit: 1 << 20)
        var order = ImportOrder(
          fileName: URL(fileURLWithPath: file).lastPathComponent, mappingFile: map, mapping: mapping,
          asOf: asOf ?? today.description, by: session.actor(by))
        order.acceptsUnknown = acceptUnknown
        order.isRehearsal = dryRun
        return try ImportData.run(
          order, knowledge: try DataKnowledge(session.files), store: try session.store(creating: true),
          now: session.clock.moment, file: { try ImportData.chunks(of: path, $0) }, note: teller.tell)
      }
      teller.finish()
      say(report)
      if !report.hasAges {
        Terminal.error(
          "revere: \(map) has no `age-band`: persons under eighteen are counted like others\n"
            + "  map it if the export has ages; the note on method of the tables says that they are missing")
      }
      if report.counts.unknown > 0, !acceptUnknown {
        Terminal.error(
          "revere: \(report.counts.unknown) lines are not known to the mapping; nothing is stored\n"
            + "  mend \(map), or leave those lines out with --accept-unknown")
        throw ExitCode(CommandFailure.Kind.findings.rawValue)
      }
    }

    private func say(_ report: ImportReport) {
      let counts = report.counts
      if json {
        Terminal.print(
          JSONLine.encode(
            ImportLine(
              import: report.id, already: report.already, source: report.source, rows: counts.rows,
              mapped: counts.mapped, dropped: counts.dropped, underAge: counts.underAge,
              noSubstance: counts.noSubstance, doubled: counts.doubled, unknown: counts.unknown, ages: report.hasAges)))
        return
      }
      Terminal.print(
        "\(counts.rows) rows: \(counts.mapped) mapped, \(counts.dropped) dropped, \(counts.doubled) doubled, "
          + "\(counts.unknown) unknown.")
      if let already = report.already {
        Terminal.print("Import \(already) has this very file already; nothing was stored.")
      } else if let id = report.id {
        Terminal.print("Stored as import \(id) of source \(report.source).")
      }
    }
  }

  struct Imports: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "What is imported, in the order in which it counts.")

    @Flag(help: "One JSON object a line.")
    var json = false

    @OptionGroup var options: GlobalOptions

    func run() throws {
      let session = try Session(options)
      let store = try session.store(creating: true)
      let imports = try Session.words { try store.read { try $0.dataImports() } }
      var columns = TextColumns()
      columns.add("IMPORT", "SOURCE", "NAME", "FILE", "AS OF", "MAPPED", "DROPPED", "DOUBLED")
      for record in imports {
        let (about, counts) = (record.about, record.counts)
        if json {
          Terminal.print(
            JSONLine.encode(
              ImportsLine(
                import: record.id, source: about.source, name: about.name, file: about.fileName, asOf: about.asOf,
                by: about.by, sha256: record.fileHash, mapped: counts.mapped, dropped: counts.dropped,
                underAge: counts.underAge, noSubstance: counts.noSubstance, doubled: counts.doubled,
                unknown: counts.unknown)))
        }
        columns.add(
          String(record.id), about.source, about.name, about.fileName, about.asOf, String(counts.mapped),
          String(counts.dropped), String(counts.doubled))
      }
      if !json { Terminal.print(imports.isEmpty ? "Nothing is imported." : columns.text) }
    }
  }

  struct Forget: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Delete an import with all its records.",
      discussion: "When its time is over, or a corrected extract has taken its place.")

    @Argument(help: "Its number, as `revere data imports` shows it.")
    var number: Int64

    @Option(help: ArgumentHelp("Who does it, for the audit log.", valueName: "id"))
    var by: String?

    @Flag(help: "One JSON object.")
    var json = false

    @OptionGroup var options: GlobalOptions

    func run() throws {
      let session = try Session(options)
      let store = try session.store(creating: true)
      try Session.words {
        try store.write { stored in
          guard try stored.delete(dataImport: number) else {
            throw DataProblem(.noSuchImport, "there is no import \(number)", hint: "see `revere data imports`")
          }
          try stored.audit(
            actor: session.actor(by), action: "data-forget", subject: "import \(number)", detail: "",
            at: session.clock.moment)
        }
      }
      Terminal.print(json ? JSONLine.encode(["forgotten": number]) : "Import \(number) is deleted.")
    }
  }
}

extension Session {
  /// A path as the caller's shell sees it, else one inside the workspace.
  func dataPath(_ path: String) -> String {
    let here = URL(fileURLWithPath: path).path
    return FileManager.default.fileExists(atPath: here) || path.hasPrefix("/") ? here : root + "/" + path
  }
}

/// Prints what became of lines, at most fifty of a kind unless all are asked for.
private final class FateTeller {
  private static let most = 50
  private let file: String
  private let json: Bool
  private let all: Bool
  private var told: [String: Int] = [:]

  init(file: String, json: Bool, all: Bool) {
    self.file = file
    self.json = json
    self.all = all
  }

  func tell(_ line: Int, _ fate: RowFate, _ other: DataImportRecord?) {
    var (word, why) = ("mapped", "")
    switch fate {
    case .mapped: if !all { return }
    case .dropped(_, let reason): (word, why) = ("dropped", reason)
    case .doubled(let place):
      word = "doubled"
      why = "the same person and incident as line \(place.line)"
      if let other { why += " of \(other.about.fileName) (import \(other.id), source \(other.about.source))" }
    case .unknown(let column, let value):
      word = "unknown"
      why = column.isEmpty ? value : "`\(column)`: \(value.isEmpty ? "an empty cell" : value)"
    }
    told[word, default: 0] += 1
    guard all || json || told[word, default: 0] <= Self.most else { return }
    if json {
      Terminal.print(JSONLine.encode(FateLine(line: line, fate: word, why: why.isEmpty ? nil : why)))
    } else {
      let reason = String(why.map { $0.isNewline ? " " : $0 })
      Terminal.print("\(file):\(line): \(word)\(why.isEmpty ? "" : ": " + reason)")
    }
  }

  func finish() {
    guard !all, !json else { return }
    for (word, count) in told.sorted(by: { $0.key < $1.key }) where count > Self.most {
      Terminal.print("and \(count - Self.most) more lines \(word); --lines names all")
    }
  }
}

private struct FateLine: Encodable {
  var line: Int
  var fate: String
  var why: String?
}

private struct ImportLine: Encodable {
  /// Absent when nothing was stored.
  var `import`: Int64?
  /// The import that has this very file already.
  var already: Int64?
  var source: String
  var rows: Int
  var mapped: Int
  var dropped: Int
  /// Of the dropped.
  var underAge: Int
  var noSubstance: Int
  var doubled: Int
  var unknown: Int
  /// The mapping fills `age-band`.
  var ages: Bool
}

private struct ImportsLine: Encodable {
  var `import`: Int64
  var source: String
  var name: String
  var file: String
  var asOf: String
  var by: String
  var sha256: String
  var mapped: Int
  var dropped: Int
  /// Of the dropped; absent for imports from before they were told apart.
  var underAge: Int?
  var noSubstance: Int?
  var doubled: Int
  var unknown: Int
}
