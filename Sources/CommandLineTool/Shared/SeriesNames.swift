// The series of the nearest workspace, for a shell that completes a name. Whatever is wrong is no completion.

import ArgumentParser
import Workflows

enum SeriesNames {
  static let completion = CompletionKind.custom { arguments, _, prefix in
    // The workspace that is named on the line so far, else the one that the verb itself would find.
    let named = arguments.firstIndex(of: "--workspace").map { arguments[($0 + 1)...] }?.first
    guard let options = try? GlobalOptions.parse(named.map { ["--workspace", $0] } ?? []),
      let root = try? options.root()
    else { return [] }
    let files = FolderOnDisk(root: root)
    return files.names(in: "templates").filter {
      $0.hasPrefix(prefix) && files.exists("templates/\($0)/template.yaml")
    }
  }
}
