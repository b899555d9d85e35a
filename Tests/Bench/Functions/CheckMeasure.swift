// The check of a bulletin of 12 KB with every rule: its bytes and pictures read, the rules about its words, and who would
// get what of it decided for the readers of the sample site; as `revere check` does once its workspace is loaded.

import Authoring
import Bulletins
import Distribution
import Foundation
import Markings
import Workflows

enum CheckMeasure {
  private static let rounds = 41

  /// - Parameter workspace: one made by `revere init --sample`.
  static func run(workspace path: String) throws -> Figures {
    let files = FolderOnDisk(root: path)
    let workspace = try WorkspaceLoading.load(files, settings: try WorkspaceLoading.settings(files))
    let name = "officer-safety-conversion-devices.md"
    var beside: [String: [UInt8]] = [:]
    for file in files.names(in: "bulletins") where !file.hasSuffix(".md") {
      beside[file] = try files.read("bulletins/" + file, limit: 5_000_000)
    }
    let bytes = try ReadingMeasure.grown(files.read("bulletins/" + name, limit: 1 << 20))
    beside[name] = bytes
    let folder = FilesInMemory(beside)
    let now = Instant(seconds: 1_795_366_800)

    func load() throws -> BulletinFile {
      try BulletinFile.load(
        name: name, path: name, folder: folder, settings: workspace.readerSettings(),
        forCheck: true)
    }
    let once = try load()
    let found = CheckBulletin.findings(once, in: workspace, now: now)
    let rules = AllRules.rules.count + AudienceCheck.rules.count
    guard once.read.document.faults.isEmpty, rules >= 47, Set(found.map(\.rule)) == ["D02"] else {
      throw MeasureFailure("\(rules) rules found \(found.map(\.rule)) in a bulletin that has no faults")
    }
    let context = CheckBulletin.context(once.path, once.read, in: workspace, now: now)
    var whole: [Double] = []
    var words: [Double] = []
    for _ in 0..<rounds {
      whole.append(try Stopwatch.seconds { _ = CheckBulletin.findings(try load(), in: workspace, now: now) })
      words.append(Stopwatch.seconds { _ = BulletinCheck.findings(in: context) })
    }
    return Figures(values: [
      "bytes": Double(bytes.count), "rules": Double(rules), "readers": Double(workspace.lists.stakeholders.count),
      "check-ms": 1000 * Stopwatch.median(whole), "words-ms": 1000 * Stopwatch.median(words),
    ])
  }
}
