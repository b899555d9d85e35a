// `revere preview`: one bulletin as it lies on disk now, its findings, and what each reader would get of it. Reads anew
// when it is told that something was saved; between saves every question is answered from one state of the files, by
// the same `decide` and the same renderer as a release.

package import Bulletins
import Distribution
package import Markings
import Rendering
import Synchronization

package final class PreviewDesk: Sendable {
  /// Where the bulletin lies and what it is called.
  package struct Place: Sendable {
    package var site: FolderOnDisk
    package var folder: FolderOnDisk
    /// `NAME.md` in `folder`.
    package var name: String
    /// As findings name it.
    package var path: String
    package init(site: FolderOnDisk, folder: FolderOnDisk, name: String, path: String) {
      self.site = site
      self.folder = folder
      self.name = name
      self.path = path
    }
  }
  private struct Loaded {
    var fingerprint: FolderFingerprint
    var workspace: Workspace
    var around: CheckSurroundings
  }
  private let place: Place
  /// What the release authority recorded about exactly these bytes.
  private let recorded: @Sendable (_ hash: String) -> RecordedDecisions
  /// What the check knows beside files, of a workspace as it was read.
  private let around: @Sendable (Workspace) -> CheckSurroundings
  private let loaded = Mutex<Loaded?>(nil)

  package init(
    _ place: Place, around: @escaping @Sendable (Workspace) -> CheckSurroundings,
    recorded: @escaping @Sendable (_ hash: String) -> RecordedDecisions
  ) {
    self.place = place
    self.around = around
    self.recorded = recorded
  }

  /// The state of the files now. Never throws: what cannot be read is a finding without a product.
  package func look(version: Int, now: Instant) -> PreviewLook {
    do {
      let loaded = try loading()
      let workspace = loaded.workspace
      let refusals = workspace.refusals(now: now)
      guard refusals.isEmpty, let layouts = workspace.layouts else {
        return PreviewLook(version: version, file: place.path, findings: refusals + workspace.findings)
      }
      let file = try BulletinFile.load(
        name: place.name, path: place.path, folder: place.folder, settings: workspace.readerSettings())
      var around = loaded.around
      around.recorded = recorded(file.hash)
      let found = CheckBulletin.findings(file, in: workspace, now: now, around: around)
      let (revision, others) = RevisionBuilding.revision(file, in: workspace, recorded: around.recorded, now: now)
      return PreviewLook(
        version: version, file: place.path,
        findings: found.filter { !AudienceCheck.ofReaders.contains($0.rule) } + others,
        aboutReaders: found.filter { AudienceCheck.ofReaders.contains($0.rule) },
        assembly: ProductAssembly(revision, pictures: file.pictures, workspace: workspace, layouts: layouts),
        readers: workspace.lists.readers(), lists: workspace.lists.lists.map(\.list), carriers: around.carriers,
        now: now)
    } catch let problem as WorkspaceProblem {
      return broken(version, problem.path, problem.message, problem.hint)
    } catch let failure as FindingsFailure {
      return PreviewLook(version: version, file: place.path, findings: failure.findings)
    } catch {
      return broken(version, place.path, "it cannot be read", "")
    }
  }

  private func broken(_ version: Int, _ path: String, _ message: String, _ hint: String) -> PreviewLook {
    PreviewLook(
      version: version, file: place.path,
      findings: [
        Finding(rule: "-", severity: .error, place: Bulletins.Place(file: path), message: message, explanation: hint)
      ])
  }

  /// Read again only when a file of the site changed: lists of a large site take longer than a bulletin.
  private func loading() throws -> Loaded {
    try loaded.withLock { loaded in
      let fingerprint = FolderFingerprint(place.site)
      if let loaded, loaded.fingerprint == fingerprint { return loaded }
      let settings = try WorkspaceLoading.settings(place.site)
      let workspace = try WorkspaceLoading.load(place.site, settings: settings)
      let now = Loaded(fingerprint: fingerprint, workspace: workspace, around: around(workspace))
      loaded = now
      return now
    }
  }
}
