// `revere lists check`: what reading the site's files found, and what the rules for lists and policies find.

package import Bulletins
import Distribution
package import Markings

package enum CheckLists {
  package static func findings(_ workspace: Workspace, now: Instant) -> [Finding] {
    let context = ListCheckContext(
      lists: workspace.lists, vocabulary: workspace.vocabulary.vocabulary, site: workspace.site, now: now,
      series: Set(workspace.templates.keys))
    return (workspace.findings + workspace.vocabulary.findings + ListCheck.findings(in: context))
      .sorted { ($0.place, $0.rule, $0.message) < ($1.place, $1.rule, $1.message) }
  }
}
