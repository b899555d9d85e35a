// C02: a named US person, tagged `[name]{usper}` or in a `subject`, without the us-persons gate. Names that carry no tag
// are not guessed at: a list of names would find half of them and the wrong ones.

import Bulletins

struct C02NamedUSPerson: Rule {
  static let id = "C02"

  func findings(in context: CheckContext) -> [Finding] {
    guard !context.isOpen(.usPersons) else { return [] }
    return context.namedPersons.map { person in
      finding(
        context, .warning, line: person.line, column: person.column,
        "a US person is named, and the us-persons gate is not open",
        explanation: "Write who it is without the name; or say why readers need it: "
          + "`us-persons: { value: true, reason: \"..\" }`. The product then carries the notice.")
    }
  }
}

extension CheckContext {
  /// Where persons are named, by tag or in a subject.
  var namedPersons: [(line: Int, column: Int)] {
    let source = bulletin.source
    return document.leaves.flatMap { block -> [(line: Int, column: Int)] in
      func places(_ inlines: [Inline]) -> [(line: Int, column: Int)] {
        inlines.persons.map { name in
          source.find("[\(name)]{usper}", from: block.line, through: source.lastLine(of: block.line)) ?? (block.line, 1)
        }
      }
      switch block.content {
      case .paragraph(let inlines), .heading(_, let inlines): return places(inlines)
      case .table(let grid): return (grid.header + grid.rows.flatMap { $0 }).flatMap(places)
      case .subject(let subject):
        guard subject.kind == .person, subject.fields.contains(where: { $0.name == "name" }) else { return [] }
        return [
          source.find("name:", from: block.line, through: source.lastLine(of: block.line)) ?? (block.line, 1)
        ]
      default: return []
      }
    }
  }
}

extension [Inline] {
  /// The words of the tagged names.
  fileprivate var persons: [String] {
    flatMap { inline -> [String] in
      switch inline {
      case .namedPerson(let inner): [inner.plainText]
      case .emphasis(let inner), .strong(let inner), .strikethrough(let inner), .link(_, _, let inner): inner.persons
      default: []
      }
    }
  }
}
