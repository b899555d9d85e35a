// `revere lists check`: what reading the site's files found, and what the rules for lists and policies find.

package import Bulletins
import Distribution
package import Markings

package enum CheckLists {
  package static func findings(_ workspace: Workspace, now: Instant) -> [Finding] {
    let context = ListCheckContext(
      lists: workspace.lists, vocabulary: workspace.vocabulary.vocabulary, site: workspace.site, now: now,
      series: series(of: workspace))
    return ListCheck.inOrder(workspace.findings + workspace.vocabulary.findings + ListCheck.findings(in: context))
  }

  /// Those whose template cannot be used are series too.
  private static func series(of workspace: Workspace) -> Set<String> {
    workspace.sources.reduce(into: Set(workspace.templates.keys)) { series, file in
      let parts = file.path.split(separator: "/")
      if parts.count == 3, parts[0] == "templates", parts[2] == "template.yaml" { series.insert(String(parts[1])) }
    }
  }
}
