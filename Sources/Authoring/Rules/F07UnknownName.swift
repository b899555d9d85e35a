// F07: a list, reader, organization, contact, source, topic, need or access group that does not exist. A wrong name
// would push to nobody, cite nothing, or be a condition that nobody meets.

import Bulletins
import Markings
import SiteFiles

struct F07UnknownName: Rule {
  static let id = "F07"

  func findings(in context: CheckContext) -> [Finding] {
    named(in: context) + originators(in: context) + groups(in: context) + references(in: context)
  }

  private func named(in context: CheckContext) -> [Finding] {
    let names = context.vocabulary
    let site = context.site
    let kinds: [(path: String, kind: String, known: Set<String>?)] = [
      ("lists", "list", names.ids(.list)),
      ("authors", "reader", names.ids(.reader)),
      ("to", "reader", names.ids(.reader)),
      ("coauthor-organizations", "organization", names.ids(.organization)),
      ("contacts", "contact of the site", Set(site.contacts.keys)),
      ("feedback", "feedback of the site", Set(site.feedback.keys)),
      ("topics", "topic", names.topics),
      ("state-priorities", "state priority", names.statePriorities),
      ("foreign-release", "country", names.countries),
      ("audience.sectors", "sector", names.sectors),
      ("audience.disciplines", "discipline", names.disciplines),
      ("audience.regions", "region", names.regions),
      ("audience.organization-types", "organization type", names.organizationTypes),
    ]
    return kinds.flatMap { path, kind, known -> [Finding] in
      guard let known else { return [] }
      return context.texts(path).filter { !known.contains($0.text) }.map { unknown($0, kind, known, context) }
    }
  }

  private func originators(in context: CheckContext) -> [Finding] {
    guard let known = context.vocabulary.ids(.organization) else { return [] }
    return (context.bulletin.frontMatter?["sources"]?.list ?? [])
      .compactMap { $0["originator"] }
      .flatMap(context.texts(of:))
      .filter { !known.contains($0.text) }
      .map { unknown($0, "organization", known, context) }
  }

  private func groups(in context: CheckContext) -> [Finding] {
    context.bulletin.directives.flatMap { span -> [Finding] in
      guard case .only(let clauses, _) = span.directive.content else { return [] }
      return clauses.flatMap { clause -> [Finding] in
        let known = context.vocabulary.values(of: clause.axis)
        return clause.values.subtracting(known).sorted().map { value in
          let written = CheckContext.LocatedText(text: value, line: span.directive.line, column: 1)
          return unknown(written, clause.axis.singular, known, context)
        }
      }
    }
  }

  private func references(in context: CheckContext) -> [Finding] {
    // Front matter that could not be read has a finding of its own; which sources it names nobody knows.
    guard context.bulletin.frontMatter != nil else { return [] }
    // Comparing every reference with every source is for bulletins of a sane size.
    let ids = context.frontMatter.sources.map(\.id)
    let known = ids.count <= 100 ? ids : []
    return context.bulletin.unresolved.map { reference in
      finding(
        context, line: reference.line, column: reference.column, "no source or footnote is called `\(reference.label)`",
        explanation: "Citing a source of the front matter is the only way in which a portion has one.",
        fix: Suggestion.nearest(to: reference.label, in: known).map {
          context.replacement(
            of: "[^\(reference.label)]", with: "[^\($0)]", line: reference.line, "did you mean `\($0)`?", safe: false)
        })
    }
  }

  private func unknown(
    _ written: CheckContext.LocatedText, _ kind: String, _ known: Set<String>, _ context: CheckContext
  ) -> Finding {
    finding(
      context, line: written.line, column: written.column, "no \(kind) is called `\(written.text)`",
      explanation: "Names are those of the site's files and vocabularies.",
      fix: Suggestion.nearest(to: written.text, in: known).map {
        context.replacement(of: written.text, with: $0, line: written.line, "did you mean `\($0)`?", safe: false)
      })
  }
}

extension CheckVocabulary {
  /// nil while a file of the site that may hold more of them cannot be read: that has a finding of its own.
  func ids(_ kind: IDKind) -> Set<String>? {
    guard !unread.contains(kind) else { return nil }
    return switch kind {
    case .list: lists
    case .reader: readers
    case .organization: Set(organizations.keys)
    }
  }

  func values(of axis: Clause.Axis) -> Set<String> {
    switch axis {
    case .sectors: sectors
    case .disciplines: disciplines
    case .regions: regions
    case .organizationTypes: organizationTypes
    }
  }
}

extension Clause.Axis {
  var singular: String {
    switch self {
    case .sectors: "sector"
    case .disciplines: "discipline"
    case .regions: "region"
    case .organizationTypes: "organization type"
    }
  }
}
