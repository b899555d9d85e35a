// What each list brought when something was last released by it: the readers of that release's snapshot, as its list
// and policy chose them at its time. For D04 alone; a snapshot that cannot be read any more is no last issue.

import Bulletins
package import Distribution
import Markings
import Outbox
package import Store

package enum LastIssues {
  /// How many releases are looked through, newest first.
  private static let depth = 500

  /// By id of the list. A release counts for every list that carried its series then, also where the bulletin named
  /// other lists: what is compared is who the list brings, not what was sent.
  package static func of(_ workspace: Workspace, _ session: any StoreSession) throws -> [String: LastIssue] {
    var wanted = Set(workspace.lists.lists.filter { $0.list.alertOnChange != nil }.map(\.list.id))
    guard !wanted.isEmpty else { return [:] }
    var known: [Int64: SiteLists] = [:]
    var issues: [String: LastIssue] = [:]
    for release in try session.releases(limit: depth) where release.kind.bringsRevision {
      if wanted.isEmpty { break }
      guard let number = release.snapshot else { continue }
      let lists: SiteLists
      if let read = known[number] {
        lists = read
      } else {
        guard let read = try read(number, workspace, session) else { continue }
        known[number] = read
        lists = read
      }
      for loaded in lists.lists where wanted.contains(loaded.list.id) && loaded.list.series.contains(release.series) {
        issues[loaded.list.id] = LastIssue(
          serial: release.serial, list: loaded.list, lists: lists, vocabulary: workspace.vocabulary.vocabulary,
          site: workspace.site, at: Instant(seconds: release.at.seconds))
        wanted.remove(loaded.list.id)
      }
    }
    return issues
  }

  /// The lists of a snapshot; those of the workspace where the files are the same, which is what mostly happens.
  private static func read(
    _ number: Int64, _ workspace: Workspace, _ session: any StoreSession
  ) throws -> SiteLists? {
    guard let snapshot = try session.snapshot(number) else { return nil }
    let files = snapshot.files.filter { $0.name.hasPrefix(SiteListsLoader.folder + "/") }
    let now = Dictionary(workspace.sources.map { ($0.path, $0.bytes) }) { first, _ in first }
    let count = workspace.sources.filter { $0.path.hasPrefix(SiteListsLoader.folder + "/") }.count
    if files.count == count, files.allSatisfy({ now[$0.name] == $0.bytes }) { return workspace.lists }
    return SiteListsLoader.load(
      files.map { ListFile(path: $0.name, bytes: $0.bytes) }, vocabulary: workspace.vocabulary.vocabulary)
  }
}
