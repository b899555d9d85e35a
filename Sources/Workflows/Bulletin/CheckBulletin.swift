// `revere check`: everything that is wrong with a bulletin, by the rules of bulletin-format.md: those that need the
// bulletin alone, and those that look at who would get what of it.

package import Authoring
package import Bulletins
package import Distribution
package import Markings
import Rendering

/// What the check knows beside files: what the center sends by, what was decided, what was released before.
package struct CheckSurroundings: Sendable {
  package var carriers: Carriers
  /// What counts of the store's records for exactly this revision.
  package var recorded: RecordedDecisions
  package var lastIssues: [String: LastIssue]

  package init(
    carriers: Carriers = Carriers(), recorded: RecordedDecisions = .none, lastIssues: [String: LastIssue] = [:]
  ) {
    self.carriers = carriers
    self.recorded = recorded
    self.lastIssues = lastIssues
  }
}

package enum CheckBulletin {
  package static func findings(
    _ file: BulletinFile, in workspace: Workspace, now: Instant, around: CheckSurroundings = CheckSurroundings()
  ) -> [Finding] {
    let context = context(file.path, file.read, in: workspace, now: now)
    let reading = Set(file.read.findings)
    let audience = BulletinCheck.tightened(audience(of: file, in: workspace, now: now, around), by: context.template)
    return
      (BulletinCheck.findings(in: context) + audience + file.findings.filter { !reading.contains($0) }
      + workspace.layoutFindings + DefaultLists.missing(file, in: workspace))
      .sorted { ($0.place, $0.rule, $0.message) < ($1.place, $1.rule, $1.message) }
  }

  package static func context(_ path: String, _ read: ReadBulletin, in workspace: Workspace, now: Instant)
    -> CheckContext
  {
    CheckContext(
      file: path, bulletin: read, template: workspace.templates[read.document.frontMatter.series],
      site: workspace.site, vocabulary: vocabulary(of: workspace),
      order: AtomTable.order(workspace.policy, vocabulary: workspace.vocabulary.vocabulary) ?? AtomOrder(), now: now,
      // Where one of them cannot be read, that is the finding, not that all are missing.
      noticeTexts: workspace.layouts?.noticeKinds ?? Set(NoticeKind.allCases))
  }

  /// What stands in the way of deciding has findings of its own: nothing is decided then.
  private static func audience(
    of file: BulletinFile, in workspace: Workspace, now: Instant, _ around: CheckSurroundings
  ) -> [Finding] {
    let series = file.read.document.frontMatter.series
    guard !workspace.hasErrors, workspace.templates[series] != nil else { return [] }
    let (revision, _) = RevisionBuilding.revision(file, in: workspace, recorded: around.recorded, now: now)
    let decider = Decider(
      revision: revision, policy: workspace.policy, site: workspace.site, vocabulary: workspace.vocabulary.vocabulary)
    return AudienceCheck.findings(
      in: AudienceCheckContext(
        file: file.path, decider: decider, readers: workspace.lists.readers(),
        lists: workspace.lists.lists.map(\.list), carriers: around.carriers, lastIssues: around.lastIssues, now: now))
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
    names.unread = workspace.lists.unread
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
