// `revere templates`: the series of a workspace, for those who write with them (show) and those who add one (check).

import ArgumentParser
import Bulletins
import Foundation
import Workflows

struct TemplatesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "templates", abstract: "The series of bulletins, and whether a template hangs together.",
    subcommands: [Check.self, Show.self])

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Find what is wrong with templates and their starting texts.",
      discussion: "Exit status: 0 clean, 1 findings, 2 usage, 3 the workspace or the folder cannot be used.")

    @Argument(
      help: "A series' folder, or a folder of such; default: templates/ of the workspace.", completion: .directory)
    var folder: String?

    @Option(help: "text or json (one object a line).")
    var format = FindingsFormat.text

    @Flag(help: "The same as --format json.")
    var json = false

    @OptionGroup var options: GlobalOptions

    func validate() throws {
      if folder?.isEmpty == true { throw ValidationError("Name the folder to check.") }
    }

    func run() throws {
      let session = try Session(options)
      let workspace = try session.workspace()
      let (root, series) = try Self.series(in: folder ?? session.root + "/templates")
      let findings = try Session.words {
        try CheckTemplates.findings(
          series: series, in: FolderOnDisk(root: root), path: root == "." ? "" : root + "/", workspace: workspace,
          now: session.clock.now)
      }
      let format = json ? FindingsFormat.json : format
      FindingsOutput(format: format).print(findings)
      if format == .text {
        Terminal.print("\(series.count) series: " + FindingsOutput.summary(findings, files: series.count * 2))
      }
      if !findings.isEmpty { throw ExitCode(CommandFailure.Kind.findings.rawValue) }
    }

    /// The folder that holds series, and which of them are meant.
    private static func series(in folder: String) throws -> (root: String, series: [String]) {
      let files = FolderOnDisk(root: folder)
      if files.exists("template.yaml") {
        let url = URL(fileURLWithPath: folder).standardizedFileURL
        return (url.deletingLastPathComponent().path, [url.lastPathComponent])
      }
      let series = files.names(in: "").filter { files.exists("\($0)/template.yaml") }
      guard !series.isEmpty else {
        throw CommandFailure(
          .environment, "\(folder): there is no template",
          hint: "a series is a folder with a template.yaml; name it, or the folder that holds it")
      }
      return (folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder, series)
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "What a series asks of a bulletin: sections with guidance, expiry, urgency, gates, lists.",
      discussion: "Without a name: the series that there are.")

    @Argument(help: "The series, for example officer-safety.", completion: SeriesNames.completion)
    var series: String?

    @Flag(help: "One JSON object, or one a line for all.")
    var json = false

    @OptionGroup var options: GlobalOptions

    func run() throws {
      let session = try Session(options)
      let workspace = try session.workspace()
      guard let series else {
        let all = workspace.templates.values.sorted { $0.series < $1.series }
        if json {
          for template in all { Terminal.print(JSONLine.encode(TemplateRecord(template))) }
          return
        }
        var columns = TextColumns()
        for template in all { columns.add(template.series, template.code, template.name, template.expiryInWords) }
        return Terminal.print(columns.text)
      }
      let template = try NewCommand.template(named: series, in: workspace)
      Terminal.print(json ? JSONLine.encode(TemplateRecord(template)) : Self.text(template, workspace.site))
    }

    private static func text(_ template: SeriesTemplate, _ site: Site) -> String {
      func list(_ words: [String]) -> String { words.isEmpty ? "none" : words.joined(separator: ", ") }
      var facts = TextColumns()
      facts.add("  code", "\(template.code): serials such as \(site.serialPrefix)-\(template.code)-2026-0001")
      facts.add("  public name", template.publicName)
      facts.add("  expires", template.expiryInWords)
      facts.add("  urgency", template.urgency.rawValue)
      facts.add("  on-uncertain", template.onUncertain.rawValue)
      if template.asksForAcknowledgement { facts.add("  acknowledge", "every reader is asked to confirm") }
      facts.add("  lists", list(template.defaultLists))
      facts.add("  front matter", list(template.requiredFrontMatter))
      facts.add("  gates", list(template.gates.map(\.rawValue)))
      facts.add("  check", list(template.lint.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }))
      var parts = ["\(template.name) (\(template.series))\n\(facts.text)"]
      for section in TemplateRecord.sections(template) {
        let note = section.presence == "required" ? "" : " (\(section.presence))"
        parts.append("\(section.heading)\(note)\n\(Wrapped.text(section.guidance ?? "", indent: 2))")
      }
      return parts.joined(separator: "\n\n")
    }
  }
}

/// What `show --json` gives.
private struct TemplateRecord: Encodable {
  struct Section: Encodable {
    var heading: String
    /// required, if present, optional
    var presence: String
    var guidance: String?
  }
  var series: String
  var name: String
  var code: String
  var publicName: String
  var expires: String
  var urgency: String
  var onUncertain: String
  var acknowledge: Bool
  var defaultLists: [String]
  var frontMatter: [String]
  var gates: [String]
  var lint: [String: String]
  var sections: [Section]
  var startingText: String

  init(_ template: SeriesTemplate) {
    series = template.series
    name = template.name
    code = template.code
    publicName = template.publicName
    expires = template.expiryInWords
    urgency = template.urgency.rawValue
    onUncertain = template.onUncertain.rawValue
    acknowledge = template.asksForAcknowledgement
    defaultLists = template.defaultLists
    frontMatter = template.requiredFrontMatter
    gates = template.gates.map(\.rawValue)
    lint = template.lint
    sections = Self.sections(template)
    startingText = template.startingText
  }

  static func sections(_ template: SeriesTemplate) -> [Section] {
    let all = [
      (template.requiredSections, "required"), (template.requiredIfPresent, "if present"),
      (template.optionalSections, "optional"),
    ]
    return all.flatMap { headings, presence in
      headings.map { Section(heading: $0, presence: presence, guidance: template.guidance[$0]) }
    }
  }
}

extension SeriesTemplate {
  fileprivate var expiryInWords: String {
    switch (defaultExpiryDays, expirySuggestion) {
    case (let days?, _): "\(days) days after the information cut-off"
    case (_, .endOfQuarter): "at the end of the quarter of the information cut-off; written out"
    case (_, .afterEvent(let days)): "\(days) days after the last day of the event; written out"
    case (nil, nil): "written out"
    }
  }
}
