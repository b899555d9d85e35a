// Rendering every variant of the largest sample with charts: from nothing, its charts drawn as SVG and PNG once for all
// of them; and again with the charts at hand, which leaves HTML and text.

import Bulletins
import Distribution
import Foundation
import Markings
import Rendering
import Workflows

enum VariantsMeasure {
  private static let rounds = 41

  /// - Parameter workspace: one made by `revere init --sample`.
  static func run(workspace path: String) throws -> Figures {
    let files = FolderOnDisk(root: path)
    let workspace = try WorkspaceLoading.load(files, settings: try WorkspaceLoading.settings(files))
    guard let layouts = workspace.layouts else { throw MeasureFailure("the layouts cannot be used") }
    let name = "opioid-arrests-2026-q3.md"
    let file = try BulletinFile.load(
      name: name, path: name, folder: FolderOnDisk(root: path + "/bulletins"), settings: workspace.readerSettings())
    let now = Instant(seconds: 1_795_366_800)
    let (revision, _) = RevisionBuilding.revision(file, in: workspace, now: now)
    func assembly() -> ProductAssembly {
      ProductAssembly(
        revision, pictures: file.pictures, workspace: workspace, layouts: layouts, serial: "CFC-OA-2026-0012",
        releasedAt: now)
    }
    let keys = keys(assembly(), workspace, now)
    /// Images of all variants, so that nothing is left out unseen.
    func render(_ assembly: ProductAssembly) throws -> Int {
      var images = 0
      for (key, channel) in keys {
        images += try assembly.variant(key, channel: channel, hasPortal: false)?.rendered.mailImages.count ?? 0
      }
      return images
    }

    // The first drawing of a process looks for the system's fonts.
    var images = 0
    let first = try Stopwatch.seconds { images = try render(assembly()) }
    guard !keys.isEmpty, images >= keys.count else { throw MeasureFailure("the sample bulletin gives no charts now") }
    var (all, again): ([Double], [Double]) = ([], [])
    for _ in 0..<rounds {
      let fresh = assembly()
      all.append(try Stopwatch.seconds { _ = try render(fresh) })
      again.append(try Stopwatch.seconds { _ = try render(fresh) } / Double(keys.count))
    }
    return Figures(values: [
      "variants": Double(keys.count), "charts": Double(images), "first-ms": 1000 * first,
      "all-ms": 1000 * Stopwatch.median(all), "variant-ms": 1000 * Stopwatch.median(again),
    ])
  }

  /// Every variant that some reader would get by some channel of theirs.
  private static func keys(
    _ assembly: ProductAssembly, _ workspace: Workspace, _ now: Instant
  ) -> [(VariantKey, ChannelClass)] {
    let round = assembly.decider.round(at: now)
    var found: [VariantKey: ChannelClass] = [:]
    for reader in workspace.lists.readers() {
      for channel in reader.stakeholder.channels.map(\.served) {
        guard case .full(let key) = round.decide(reader, Endpoint(channel), words: false) else { continue }
        if found[key] == nil { found[key] = channel }
      }
    }
    return found.map { ($0.key, $0.value) }
  }
}
