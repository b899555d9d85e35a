// `revere init DIR [--sample]`

import ArgumentParser
import Workflows

struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Make a workspace.",
    discussion: """
      Copies templates, vocabularies, notices and the default release policy into DIR. With --sample the lists, \
      readers and bulletins of an invented center come too, to try things with.
      """)

  @Argument(help: "The folder to make.", completion: .directory)
  var directory: String

  @Flag(help: "Add the sample center: 302 invented readers, 8 lists, 8 bulletins.")
  var sample = false

  @Option(
    help: ArgumentHelp("Where templates/ and distribution-lists/ lie; default: beside the program.", valueName: "dir"),
    completion: .directory)
  var kit: String?

  func validate() throws {
    if directory.isEmpty { throw ValidationError("Name the folder to make.") }
  }

  func run() throws {
    guard let found = Kit.find(named: kit, executable: Terminal.executable) else {
      throw CommandFailure(
        .environment, "the templates that come with revere were not found",
        hint: "name the folder that holds templates/ and distribution-lists/ with --kit DIR")
    }
    do throws(WorkspaceProblem) {
      let written = try InitWorkspace.run(folder: directory, kit: found, sample: sample)
      Terminal.print("Made a workspace in \(directory): \(written.count) files.")
      Terminal.print(
        sample
          ? "The samples are written as of 2026-11-22; try:\n  revere check --workspace \(directory) --now 2026-11-22T12:00:00-05:00"
          : "Next: fill in \(directory)/revere.yaml and distribution-lists/, then `revere lists check`.")
    } catch { throw CommandFailure(error) }
  }
}
