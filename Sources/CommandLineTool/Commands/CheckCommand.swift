// `revere check FILE..`: findings as text or JSON; 0 clean, 1 findings, 3 when the workspace cannot be used.

import ArgumentParser
import Bulletins
import Foundation
import Workflows

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Find what is wrong with a bulletin before anybody gets it.",
    discussion: "Exit status: 0 clean, 1 findings, 2 usage, 3 the workspace cannot be used.")

  @Argument(help: "Bulletin files; default: all in bulletins/.", completion: .file(extensions: ["md"]))
  var file: [String] = []

  @Option(help: "text or json (one object a line).")
  var format = FindingsFormat.text

  @OptionGroup var options: GlobalOptions

  func run() throws {
    let session = try Session(options)
    let workspace = try session.workspace()
    let paths = file.isEmpty ? session.allBulletins() : file
    var findings: [Finding] = []
    for path in paths {
      let loaded = try session.bulletin(path, in: workspace)
      findings += CheckBulletin.findings(loaded, in: workspace, now: session.clock.now)
    }
    FindingsOutput(format: format).print(findings)
    if format == .text { Terminal.print(FindingsOutput.summary(findings, files: paths.count)) }
    if !findings.isEmpty { throw ExitCode(CommandFailure.Kind.findings.rawValue) }
  }
}
