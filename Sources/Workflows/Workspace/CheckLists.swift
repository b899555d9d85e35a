// `revere lists check`: what reading the site's files found, and what the rules for lists and policies find.

package import Bulletins
package import Distribution
package import Markings
package import Store

package enum CheckLists {
  /// - Parameter recorded: of the latest import, as `recordedVersions` gives them.
  package static func findings(
    _ workspace: Workspace, now: Instant, recorded: [String: PolicyVersion] = [:]
  ) -> [Finding] {
    let context = ListCheckContext(
      lists: workspace.lists, vocabulary: workspace.vocabulary.vocabulary, site: workspace.site, now: now,
      series: series(of: workspace), recordedVersions: recorded)
    return ListCheck.inOrder(workspace.findings + workspace.vocabulary.findings + ListCheck.findings(in: context))
  }

  /// By file, the versions of the policies that were imported last.
  package static func recordedVersions(_ session: some StoreSession) throws -> [String: PolicyVersion] {
    guard let number = try session.currentSnapshot(), let snapshot = try session.snapshot(number) else { return [:] }
    return snapshot.files.reduce(into: [:]) { versions, file in
      guard file.name.hasPrefix(SiteListsLoader.folder + "/release-policy.") else { return }
      versions[file.name] = PolicyLoader.version(of: file.bytes)
    }
  }

  /// Those whose template cannot be used are series too.
  private static func series(of workspace: Workspace) -> Set<String> {
    workspace.sources.reduce(into: Set(workspace.templates.keys)) { series, file in
      let parts = file.path.split(separator: "/")
      if parts.count == 3, parts[0] == "templates", parts[2] == "template.yaml" { series.insert(String(parts[1])) }
    }
  }
}
