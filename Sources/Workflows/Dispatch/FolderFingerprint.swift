// Tells cheaply whether the site's files changed: names, sizes and times of change, not their bytes.

import Foundation

struct FolderFingerprint: Hashable, Sendable {
  private var entries: [String: [Int64]] = [:]

  init(_ files: FolderOnDisk) {
    add(SettingsReader.file, files)
    var folders = ["distribution-lists", "distribution-lists/lists", "distribution-lists/decisions", "vocab"]
    folders += ["templates"] + files.names(in: "templates").map { "templates/" + $0 }
    for folder in folders {
      for name in files.names(in: folder) { add(folder + "/" + name, files) }
    }
  }

  private mutating func add(_ path: String, _ files: FolderOnDisk) {
    var facts = stat()
    guard stat(files.root + "/" + path, &facts) == 0 else { return }
    entries[path] = [
      Int64(facts.st_size), Int64(facts.st_mtim.tv_sec), Int64(facts.st_mtim.tv_nsec), Int64(facts.st_ino),
    ]
  }
}
