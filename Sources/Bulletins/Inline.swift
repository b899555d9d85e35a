// Inline content of a block: our own tree, without types of a Markdown library.

package enum Inline: Hashable, Sendable {
  case text(String)
  case emphasis([Inline])
  case strong([Inline])
  case strikethrough([Inline])
  case code(String)
  /// The destination is http, https, mailto or tel; the reader refuses the rest.
  indirect case link(destination: String, title: String, [Inline])
  case softBreak
  case lineBreak
  /// `[^s1]` of a source in the front matter, by its id.
  case citation(String)
  /// A reference to a footnote that the body defines, by its label.
  case footnote(String)
  /// `[Alder Quince]{usper}`: a name tagged as that of a US person.
  case namedPerson([Inline])
}

extension [Inline] {
  /// The words alone, as a screen reader would have them; breaks are spaces, references nothing.
  package var plainText: String {
    var words = ""
    for inline in self {
      switch inline {
      case .text(let text), .code(let text): words += text
      case .emphasis(let inner), .strong(let inner), .strikethrough(let inner), .link(_, _, let inner),
        .namedPerson(let inner):
        words += inner.plainText
      case .softBreak, .lineBreak: words += " "
      case .citation, .footnote: break
      }
    }
    return words
  }

  /// Ids of the sources cited, in order of appearance.
  package var citations: [String] {
    flatMap { inline -> [String] in
      switch inline {
      case .citation(let id): [id]
      case .emphasis(let inner), .strong(let inner), .strikethrough(let inner), .link(_, _, let inner),
        .namedPerson(let inner):
        inner.citations
      default: []
      }
    }
  }

  /// Labels of the body's footnotes referred to, in order of appearance.
  package var footnotes: [String] {
    flatMap { inline -> [String] in
      switch inline {
      case .footnote(let label): [label]
      case .emphasis(let inner), .strong(let inner), .strikethrough(let inner), .link(_, _, let inner),
        .namedPerson(let inner):
        inner.footnotes
      default: []
      }
    }
  }
}
