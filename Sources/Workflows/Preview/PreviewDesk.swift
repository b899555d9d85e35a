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
  }
  private let place: Place
  /// What the release authority recorded about exactly these bytes.
  private let recorded: @Sendable (_ hash: String) -> RecordedDecisions
  private let loaded = Mutex<Loaded?>(nil)

  package init(
    _ place: Place, recorded: @escaping @Sendable (_ hash: String) -> RecordedDecisions
  ) {
    self.place = place
    self.recorded = recorded
  }

  /// The state of the files now. Never throws: what cannot be read is a finding without a product.
  package func look(version: Int, now: Instant) -> PreviewLook {
    do {
      let workspace = try workspace()
      let refusals = workspace.refusals(now: now)
      guard refusals.isEmpty, let layouts = workspace.layouts else {
        return PreviewLook(version: version, file: place.path, findings: refusals + workspace.findings)
      }
      let file = try BulletinFile.load(
        name: place.name, path: place.path, folder: place.folder, settings: workspace.readerSettings())
      // What an author cannot mend in the text is for the check and the release.
      var findings = CheckBulletin.findings(file, in: workspace, now: now)
        .filter { !AudienceCheck.ofReaders.contains($0.rule) }
      let (revision, others) = RevisionBuilding.revision(
        file, in: workspace, recorded: recorded(file.hash), now: now)
      findings += others
      return PreviewLook(
        version: version, file: place.path, findings: findings,
        assembly: ProductAssembly(revision, pictures: file.pictures, workspace: workspace, layouts: layouts),
        readers: workspace.lists.readers(), now: now)
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
  private func workspace() throws -> Workspace {
    try loaded.withLock { loaded in
      let fingerprint = FolderFingerprint(place.site)
      if let loaded, loaded.fingerprint == fingerprint { return loaded.workspace }
      let settings = try WorkspaceLoading.settings(place.site)
      let workspace = try WorkspaceLoading.load(place.site, settings: settings)
      loaded = Loaded(fingerprint: fingerprint, workspace: workspace)
      return workspace
    }
  }
}
