// `revere check --fix`: mends what can be mended safely in the file itself. The file is replaced in one step, and only
// when it still is what was read.

import Authoring
import Bulletins
package import Markings

package enum FixBulletin {
  package struct Change: Hashable, Sendable {
    package var file: String
    package var rule: String
    package var line: Int
    package var old: String
    package var new: String
  }

  /// - Parameter name: of the file in `folder`.
  /// - Returns: what was changed, in the order in which it was; empty when nothing was, and then nothing is written.
  package static func run(
    _ file: BulletinFile, name: String, folder: some WorkspaceFiles, in workspace: Workspace, now: Instant
  ) throws(WorkspaceProblem) -> [Change] {
    let beside = Dictionary(file.files.map { ($0.name, $0.bytes) }) { first, _ in first }
    var settings = workspace.readerSettings()
    settings.chartData = { beside[$0] }
    let reader = settings
    let outcome = SafeFixes.apply(to: file.bytes) { bytes in
      CheckBulletin.context(
        file.path, BulletinReader.read(bytes, file: file.path, settings: reader), in: workspace, now: now)
    }
    guard !outcome.applied.isEmpty else { return [] }
    guard try folder.read(name, limit: BulletinReader.sizeLimit) == file.bytes else {
      throw WorkspaceProblem(
        .notWritable, file.path, "the file was changed while it was being mended", hint: "save it and run it again")
    }
    try folder.write(outcome.bytes, to: name)
    return outcome.applied.map {
      Change(file: file.path, rule: $0.rule, line: $0.line, old: $0.old, new: $0.new)
    }
  }
}
