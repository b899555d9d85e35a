// D01: a short title that no subject line and no notice may carry, because headers travel without the protection of the
// body. They would say the series' public name instead, and a reader would not know what it is about.

package import Bulletins
import Markings

package enum D01SubjectLine: AudienceRule {
  package static let id = "D01"

  package static func findings(in context: AudienceCheckContext) -> [Finding] {
    let portions = context.decider.labels.portions
    guard portions.indices.contains(Document.shortTitlePortion) else { return [] }
    let label = portions[Document.shortTitlePortion].label
    // The setting as it stands: the portal has no relay that could lower it.
    guard !label.isTop, !context.decider.headerCeiling(.portal).allows(label.atoms) else { return [] }
    return [
      finding(
        context, .error, line: context.frontMatter.lines["short-title"] ?? 1,
        "the short title is above what a subject line may carry",
        explanation: "Headers are not protected on their way. Subjects and notices would say "
          + "\"\(context.decider.revision.template.publicName)\" instead: write a short title of lower marking.")
    ]
  }
}
