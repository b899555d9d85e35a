// `revere check --watch`: one look, then another at every save in a folder that the check reads, until Ctrl-C. What
// cannot be read while somebody edits it is said and waited for.

import ArgumentParser
import Foundation
import Workflows

struct CheckWatch {
  let command: CheckCommand

  func run() throws {
    let root = try command.options.root()
    guard let watch = FolderWatch(try folders(root)) else {
      throw CommandFailure(
        .environment, "the system gives no more file descriptors or watches",
        hint: "raise `ulimit -n` or fs.inotify.max_user_instances")
    }
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

  /// Those of the bulletins, and those of the workspace's own files.
  private func folders(_ root: String) throws -> Set<String> {
    let files = FolderOnDisk(root: root)
    var folders = [
      "", "bulletins", "distribution-lists", "distribution-lists/lists", "distribution-lists/decisions", "templates",
      "templates/notices", "templates/layouts", "vocab",
    ]
    folders += files.names(in: "templates").map { "templates/" + $0 }
    let own = folders.filter { $0.isEmpty || files.isFolder($0) }.map { root + "/" + $0 }
    return Set(own).union(
      command.file.map { URL(fileURLWithPath: $0).deletingLastPathComponent().path })
  }
}
