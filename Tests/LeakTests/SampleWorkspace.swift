// The sample workspace as `revere init --sample` makes it, loaded.

import Foundation
import TestSupport
import Workflows

struct SampleWorkspace {
  let workspace: Workspace

  init() throws {
    let folder = NSTemporaryDirectory() + "revere-leak-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    guard let kit = Kit(root: Shipped.root.resolvingSymlinksInPath().path) else {
      throw CocoaError(.fileNoSuchFile)
    }
    _ = try InitWorkspace.run(folder: folder, kit: kit, sample: true)
    let files = FolderOnDisk(root: folder)
    workspace = try WorkspaceLoading.load(files, settings: try WorkspaceLoading.settings(files))
  }
}
