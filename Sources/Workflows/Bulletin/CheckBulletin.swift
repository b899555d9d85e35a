// `revere check`: everything that is wrong with a bulletin, by the rules of bulletin-format.md.

import Authoring
package import Bulletins
import Distribution
package import Markings
import Rendering

package enum CheckBulletin {
  package static func findings(_ file: BulletinFile, in workspace: Workspace, now: Instant) -> [Finding] {
    let context = CheckContext(
      file: file.path, bulletin: file.read, template: workspace.templates[file.read.document.frontMatter.series],
      site: workspace.site, vocabulary: vocabulary(of: workspace),
      order: AtomTable.order(workspace.policy, vocabulary: workspace.vocabulary.vocabulary) ?? AtomOrder(), now: now,
      noticeTexts: workspace.layouts?.noticeKinds ?? [])
    let reading = Set(file.read.findings)
    return (BulletinCheck.findings(in: context) + file.findings.filter { !reading.contains($0) })
      .sorted { ($0.place, $0.rule, $0.message) < ($1.place, $1.rule, $1.message) }
  }

  private static func vocabulary(of workspace: Workspace) -> CheckVocabulary {
    let words = workspace.vocabulary
    var names = CheckVocabulary()
    names.series = Set(workspace.templates.keys)
    names.lists = Set(workspace.lists.lists.map(\.list.id))
    names.readers = Set(workspace.lists.stakeholders.map(\.value.id))
    names.organizations = Dictionary(
      workspace.lists.organizations.map { ($0.value.id, Set($0.value.mayOriginate)) }
    ) { first, _ in first }
    names.topics = words.topics
    names.statePriorities = words.statePriorities
    names.sectors = words.vocabulary.sectors
    names.disciplines = words.vocabulary.disciplines
    names.regions = words.vocabulary.regions.slugs
    names.organizationTypes = words.vocabulary.organizationTypes
    names.countries = words.vocabulary.countries
    return names
  }
}
