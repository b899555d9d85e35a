// D05: readers who meet the title, and for whom a required section would have nothing under its heading: they are sent
// nothing at all. An error for urgency immediate, unless the release authority accepted the section; else a warning, and
// only where the first section of the template is open to them: who may not see the bottom line is left out by intent.
// A section that is missing or empty for everybody is S01; a heading that demands more than what is under it is M06.

package import Bulletins

package enum D05HollowVariant: AudienceRule {
  package static let id = "D05"

  package static func findings(in context: AudienceCheckContext) -> [Finding] {
    let revision = context.decider.revision
    let isImmediate = (context.frontMatter.urgency ?? revision.template.urgency) == .immediate
    let first = revision.template.requiredSections.first.map(sectionSlug)
    let round = context.decider.round(at: context.now)
    var hollow: [String: [String]] = [:]
    for row in context.rows {
      let sections = Set(row.decision.reasons.filter { $0.code == .hollow }.compactMap(\.argument))
      guard !sections.isEmpty, !sections.contains("title") else { continue }
      if !isImmediate, let first, sections.contains(first) { continue }
      let met = round.met(row.reader)
      for section in sections where !isUnderAHeading(section, met, context) {
        hollow[section, default: []].append(row.reader.id)
      }
    }
    return hollow.sorted { $0.key < $1.key }.compactMap { section, readers in
      guard !revision.decisions.acceptHollow.contains(section), let heading = heading(of: section, context) else {
        return nil
      }
      let ids = L06SharedMailbox.listing(readers.sorted())
      return finding(
        context, isImmediate ? .error : .warning, line: heading.line,
        "the section \"\(heading.title)\" would be empty for \(counted(readers.count, "reader")) of its lists (\(ids))",
        explanation: "They get nothing of the bulletin, because a required section may not be an empty shell.",
        fix: "write a tear line under it that they may read"
          + (isImmediate ? ", or accept it at release with --accept-hollow \(section)" : ""))
    }
  }

  /// The reader may see something of the section, and not its heading.
  private static func isUnderAHeading(_ section: String, _ met: PortionSet, _ context: AudienceCheckContext) -> Bool {
    let plan = context.decider.guardPlan
    let candidates = plan.requirements.first { $0.slug == section }?.candidates ?? []
    return candidates.contains { index in
      plan.sections[index].heading.map { !met.contains($0) } ?? false && plan.sections[index].content.intersects(met)
    }
  }

  /// Its heading in the source; nil when it is not there or has nothing under it.
  private static func heading(
    of section: String, _ context: AudienceCheckContext
  ) -> (title: String, line: Int)? {
    let plan = context.decider.guardPlan
    guard let requirement = plan.requirements.first(where: { $0.slug == section }) else { return nil }
    let portions = context.decider.revision.document.portions
    for candidate in requirement.candidates.map({ plan.sections[$0] }) {
      guard !candidate.content.indices.isEmpty || candidate.tears.contains(where: { !$0.content.indices.isEmpty }),
        let portion = candidate.heading, portions.indices.contains(portion)
      else { continue }
      let template = context.decider.revision.template
      let title = (template.requiredSections + template.requiredIfPresent).first { sectionSlug($0) == section }
      return (title ?? candidate.title, portions[portion].line)
    }
    return nil
  }
}
