// `revere check --watch`: one look, then another at every save in a folder that the check reads, until Ctrl-C. What
// cannot be read while somebody edits it is said and waited for.

import ArgumentParser
import Foundation

struct CheckWatch {
  let command: CheckCommand

  func run() throws {
    let folders = FolderWatch.folders(ofSite: try command.options.root())
      .union(command.file.map { URL(fileURLWithPath: $0).deletingLastPathComponent().path })
    let watch = try FolderWatch(folders, endedBy: [SIGINT, SIGTERM])
    var isClean = try look()
    while case .saved = watch.wait() { isClean = try look() }
    if !isClean { throw ExitCode(CommandFailure.Kind.findings.rawValue) }
  }

  private func look() throws -> Bool {
    do {
      return try command.look()
    } catch {
      guard let failure = CommandFailure(error) else { throw error }
      for finding in failure.findings { Terminal.error(FindingsOutput.text(finding)) }
      Terminal.error("revere: \(failure)")
      return false
    }
  }
}
