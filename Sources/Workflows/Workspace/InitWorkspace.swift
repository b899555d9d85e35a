// Makes a workspace: the folders and files that a site begins with, or with `sample` the sample center's. Nothing
// that exists is overwritten.

import Foundation

/// The content that ships beside the binary: `templates/` and `distribution-lists/` of the release or checkout.
package struct Kit: Sendable {
  package let root: String

  /// - Parameter root: a folder that holds `templates/vocab`.
  package init?(root: String) {
    guard FileManager.default.fileExists(atPath: root + "/templates/vocab") else { return nil }
    self.root = root
  }

  /// The named folder, else `share/revere` of the executable's prefix, else the nearest folder above the executable
  /// that is a kit (a checkout).
  package static func find(named: String?, executable: String) -> Kit? {
    if let named { return Kit(root: named) }
    var folder = URL(fileURLWithPath: executable).resolvingSymlinksInPath().deletingLastPathComponent()
    if let kit = Kit(root: folder.deletingLastPathComponent().path + "/share/revere") { return kit }
    while folder.path != "/" {
      if let kit = Kit(root: folder.path) { return kit }
      folder = folder.deletingLastPathComponent()
    }
    return nil
  }
}

package enum InitWorkspace {
  /// What a workspace gets: from a path of the kit to one of the workspace. Folders are copied whole.
  private static func contents(sample: Bool, series: [String]) -> [(from: String, to: String)] {
    let templates = series.map { ("templates/\($0)", "templates/\($0)") }
    if sample {
      return templates + [
        ("distribution-lists", "distribution-lists"), ("templates/sample/revere.yaml", "revere.yaml"),
        ("templates/sample/bulletins", "bulletins"),
      ]
    }
    return templates + [
      ("distribution-lists/release-policy.yaml", "distribution-lists/release-policy.yaml"),
      ("templates/site/organizations.yaml", "distribution-lists/organizations.yaml"),
      ("templates/site/stakeholders.yaml", "distribution-lists/stakeholders.yaml"),
      ("templates/site/lists", "distribution-lists/lists"), ("templates/site/revere.yaml", "revere.yaml"),
    ]
  }

  /// The paths that were written, relative to the workspace.
  package static func run(folder: String, kit: Kit, sample: Bool) throws(WorkspaceProblem) -> [String] {
    let manager = FileManager.default
    guard !FolderOnDisk(root: folder).exists(SettingsReader.file) else {
      throw WorkspaceProblem(
        .exists, folder, "there is a workspace already", hint: "name another folder, or remove its revere.yaml")
    }
    let source = FolderOnDisk(root: kit.root)
    let target = FolderOnDisk(root: folder)
    let series = source.names(in: "templates").filter { !["sample", "site"].contains($0) }
    var written: [String] = []
    let all = contents(sample: sample, series: series)
    // The settings last: what was begun and not finished is no workspace, and can be begun again.
    for (from, to) in all.filter({ $0.to != SettingsReader.file }) {
      for (path, copy) in files(from, to, in: source) {
        guard !target.exists(copy) else { continue }
        try target.write(try source.read(path, limit: 64 << 20), to: copy)
        written.append(copy)
      }
    }
    for folderName in ["bulletins", "vocab", "var", "distribution-lists/lists", "distribution-lists/decisions"] {
      do {
        // Only a folder that is made here gets these permissions: an existing one has its owner's.
        let isPrivate = folderName == "var" && !target.exists(folderName)
        try manager.createDirectory(
          atPath: target.root + "/" + folderName, withIntermediateDirectories: true,
          attributes: isPrivate ? [.posixPermissions: 0o700] : nil)
      } catch {
        throw WorkspaceProblem(.notWritable, folderName, "the folder cannot be made" + FolderOnDisk.cause(error))
      }
    }
    if !target.exists(".gitignore") {
      try target.write(Array("# The database and the keys of this site.\nvar/\n".utf8), to: ".gitignore")
    }
    for (from, to) in all where to == SettingsReader.file {
      try target.write(try source.read(from, limit: 64 << 20), to: to)
      written.append(to)
    }
    return written
  }

  private static func files(_ from: String, _ to: String, in source: FolderOnDisk) -> [(String, String)] {
    let names = source.names(in: from)
    if names.isEmpty { return source.exists(from) ? [(from, to)] : [] }
    return names.flatMap { files("\(from)/\($0)", "\(to)/\($0)", in: source) }
  }
}
