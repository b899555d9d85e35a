// Readers and small documents made by hand, for tests of single rules.

package import Bulletins
package import Distribution
package import Markings

package enum Bench {
  package static let far = CivilDate.day("2030-12-31")

  /// A well vetted, sworn police reader at home; change what the test is about.
  package static func reader(
    _ id: String = "r", clearance: Clearance = .les, level: OrganizationLevel? = .local,
    type: String? = "law-enforcement", country: String? = "USA", _ change: (inout Stakeholder) -> Void = { _ in }
  ) -> Reader {
    var person = Stakeholder(
      id: id, organization: "o", role: .sworn, status: .active, clearance: clearance,
      agreements: [Agreement("nda", until: far)], vetting: Vetting(on: .day("2026-01-01"), until: far),
      mailbox: .person, channels: [.emailTLS, .portal])
    change(&person)
    return Reader(person, Organization(id: "o", name: "O", level: level, type: type, country: country))
  }

  /// Reads marks at the start: `(U//LES) text`.
  package static func marked(_ text: String, scheme: Scheme = .legacy) -> MarkedText {
    let reading = MarkReader.read(text, registry: Shipped.registry, scheme: scheme)
    return MarkedText(mark: reading.mark, text: String(decoding: text.utf8.dropFirst(reading.consumed), as: UTF8.self))
  }

  /// Collects portions while a document is written down.
  package struct Draft {
    package var front: FrontMatter
    package var portions: [Portion] = []
    package var body: [Block] = []

    package init(
      title: String = "(U) Title", shortTitle: String = "(U) Short title", scheme: Scheme = .legacy,
      _ change: (inout FrontMatter) -> Void = { _ in }
    ) {
      front = FrontMatter(
        series: "test", title: marked(title, scheme: scheme), shortTitle: marked(shortTitle, scheme: scheme),
        scheme: scheme)
      change(&front)
      portions = [
        Portion(kind: .title, mark: front.title.mark), Portion(kind: .shortTitle, mark: front.shortTitle.mark),
      ]
      for source in front.sources {
        portions.append(
          Portion(
            kind: .source(source.id), mark: source.describe.mark, furtherMarks: [source.mark].compactMap { $0 }))
      }
    }

    private mutating func add(
      _ kind: Portion.Kind, _ text: String, cites: [String], clauses: [Clause], p23: Bool
    ) -> (Int, [Inline]) {
      let read = marked(text, scheme: front.scheme)
      portions.append(Portion(kind: kind, mark: read.mark, citations: cites, clauses: clauses, p23: p23))
      return (portions.count - 1, [.text(read.text)] + cites.map { .citation($0) })
    }

    package mutating func heading(_ text: String, level: Int = 2) -> Block {
      let (portion, inlines) = add(.heading, text, cites: [], clauses: [], p23: false)
      return Block(.heading(level: level, inlines), portion: portion)
    }
    package mutating func paragraph(
      _ text: String, cites: [String] = [], clauses: [Clause] = [], p23: Bool = false
    ) -> Block {
      let (portion, inlines) = add(.paragraph, text, cites: cites, clauses: clauses, p23: p23)
      return Block(.paragraph(inlines), portion: portion)
    }
    package mutating func bullets(_ texts: [String]) -> Block {
      Block(.list(Block.List(start: nil, items: texts.map { Block.List.Item(blocks: [paragraph($0)]) })))
    }

    package func revision(
      required: [String] = [], ifPresent: [String] = [], decisions: RecordedDecisions = .none, hash: String = "sha256:0"
    ) -> Revision {
      Revision(
        bulletin: "test", hash: hash,
        document: Document(frontMatter: front, body: body, portions: portions),
        template: SeriesTemplate(
          series: "test", name: "Test", code: "T", publicName: "Test series", requiredSections: required,
          requiredIfPresent: ifPresent),
        decisions: decisions)
    }
  }

  package static func decider(
    _ revision: Revision, policy: ReleasePolicy = Shipped.policy, site: Site = Shipped.site
  ) -> Decider {
    Decider(revision: revision, policy: policy, site: site, vocabulary: Shipped.vocabulary)
  }

  /// Does the reader meet a portion of this text, by the portal?
  package static func meets(
    _ reader: Reader, _ text: String, scheme: Scheme = .legacy, decisions: RecordedDecisions = .none,
    clauses: [Clause] = [], front: (inout FrontMatter) -> Void = { _ in }
  ) -> Bool {
    var draft = Draft(title: "(U) T", shortTitle: "(U) S", scheme: scheme, front)
    let block = draft.paragraph(text, clauses: clauses)
    draft.body = [block]
    let decider = decider(draft.revision(decisions: decisions))
    return decider.round(at: Shipped.noon).met(reader).contains(block.portion ?? -1)
      && reader.stakeholder.status == .active
  }
}
