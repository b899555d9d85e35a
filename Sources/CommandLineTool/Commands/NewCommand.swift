// `revere new SERIES`: a bulletin to fill in, with the series' guidance on the terminal.

import ArgumentParser
import Bulletins
import Distribution
import SiteFiles
import Workflows

struct NewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Start a bulletin from the template of a series.")

  @Argument(help: "The series, for example officer-safety.")
  var series: String

  @Option(help: ArgumentHelp("Your reader id.", valueName: "id"))
  var author: String?

  @Option(help: ArgumentHelp("File name without .md; default: series and date.", valueName: "name"))
  var name: String?

  @Flag(help: "Do not print the guidance for each section.")
  var quiet = false

  @OptionGroup var options: GlobalOptions

  func run() throws {
    let session = try Session(options)
    let workspace = try session.workspace()
    guard let template = workspace.templates[series] else {
      let known = workspace.templates.keys.sorted()
      let nearest = Suggestion.hint(for: series, in: known)
      throw CommandFailure(
        .usage, "there is no series `\(series)`",
        hint: nearest.isEmpty ? "the series are: \(known.joined(separator: ", "))" : nearest)
    }
    guard let author else {
      throw CommandFailure(.usage, "who writes it?", hint: "give your reader id with --author ID")
    }
    guard workspace.lists.stakeholders.contains(where: { $0.value.id == author }) else {
      throw CommandFailure(
        .usage, "no reader is called `\(author)`",
        hint: Suggestion.hint(for: author, in: workspace.lists.stakeholders.map(\.value.id)))
    }
    let now = session.clock.now
    let today = CivilTime(now, in: workspace.site.zone).date
    let path = try Session.words {
      try NewBulletin.run(
        template: template,
        stem: name ?? NewBulletin.freeStem(for: series, today: today, in: session.files), author: author,
        site: workspace.site, now: now, files: session.files)
    }
    Terminal.print("\(session.root)/\(path)")
    if !quiet {
      for section in template.requiredSections + template.requiredIfPresent {
        guard let guidance = template.guidance[section] else { continue }
        Terminal.error("\n\(section)\n  \(guidance)")
      }
    }
  }
}
