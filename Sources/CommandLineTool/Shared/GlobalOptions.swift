// What every verb takes.

import ArgumentParser
import Bulletins
import Foundation
import Markings
import Workflows

struct GlobalOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The workspace folder; default: REVERE_WORKSPACE, else the nearest parent with a revere.yaml.", valueName: "dir"),
    completion: .directory)
  var workspace: String?

  @Option(help: ArgumentHelp("Start the clock at this time (RFC 3339), from where it advances.", valueName: "time"))
  var now: String?

  func clock() throws -> OperatingClock {
    guard let now else { return OperatingClock(startingAt: nil) }
    guard let instant = Instant(rfc3339: now) else {
      throw ValidationError("--now takes a time such as 2026-11-22T02:14:00-05:00, not `\(now)`.")
    }
    return OperatingClock(startingAt: instant)
  }

  /// The folder that holds revere.yaml.
  func root() throws -> String {
    if let workspace = workspace ?? Surroundings.value(Surroundings.workspace) {
      if workspace.isEmpty { throw ValidationError("--workspace takes a folder.") }
      guard FileManager.default.fileExists(atPath: workspace + "/" + SettingsReader.file) else {
        throw CommandFailure(
          .environment, "\(workspace) is no workspace: it has no revere.yaml",
          hint: "make one with `revere init \(workspace)`")
      }
      return workspace
    }
    var folder = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
    while true {
      if FileManager.default.fileExists(atPath: folder.appendingPathComponent(SettingsReader.file).path) {
        return folder.path
      }
      let parent = folder.deletingLastPathComponent()
      guard parent.path != folder.path else {
        throw CommandFailure(
          .environment, "no revere.yaml here or in a folder above",
          hint: "go to a workspace, name one with --workspace DIR, or make one with `revere init DIR`")
      }
      folder = parent
    }
  }
}
