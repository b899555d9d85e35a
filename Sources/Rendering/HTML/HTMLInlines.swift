// Inline content as HTML.

import Bulletins

extension HTMLBody {
  mutating func inlines(_ inlines: [Inline]) {
    for inline in inlines {
      switch inline {
      case .text(let text): writer.text(text)
      case .emphasis(let inner): wrap("<em>", inner, "</em>")
      case .strong(let inner): wrap("<strong>", inner, "</strong>")
      case .strikethrough(let inner): wrap("<s>", inner, "</s>")
      case .code(let text):
        writer.raw("<code style=\"font-family:ui-monospace,Consolas,monospace;font-size:.94em;\">")
        writer.text(text)
        writer.raw("</code>")
      case .link(let destination, _, let inner):
        guard isAllowedDestination(destination) else {
          self.inlines(inner)
          continue
        }
        writer.openLink(destination)
        self.inlines(inner)
        writer.raw("</a>")
      case .softBreak: writer.raw(" ")
      case .lineBreak: writer.raw("<br>")
      case .citation(let id):
        if let number = sheet.number(ofSource: id) { reference("s", number, "", "Source ") }
      case .footnote(let label):
        if let number = sheet.number(ofFootnote: label) { reference("n", number, "note ", "Note ") }
      case .namedPerson(let inner): self.inlines(inner)
      }
    }
  }

  private mutating func wrap(_ open: StaticString, _ inner: [Inline], _ close: StaticString) {
    writer.raw(open)
    inlines(inner)
    writer.raw(close)
  }

  /// - Parameter spoken: what a screen reader says before the number, where a bare figure would say nothing.
  private mutating func reference(
    _ target: StaticString, _ number: Int, _ word: StaticString, _ spoken: StaticString
  ) {
    writer.raw("<sup style=\"line-height:0;\"><a class=\"link\" href=\"#")
    writer.anchor(target, number, in: sheet.place)
    writer.raw("\" aria-label=\"")
    writer.raw(spoken)
    writer.number(number)
    writer.raw("\" style=\"color:#0f5aa8;text-decoration:none;padding:0 2px;\">")
    writer.raw(word)
    writer.number(number)
    writer.raw("</a></sup>")
  }
}

extension HTMLWriter {
  /// `s1`; of the second bulletin of a digest `b2-s1`.
  mutating func anchor(_ kind: StaticString, _ number: Int, in place: Int?) {
    if let place {
      raw("b")
      self.number(place)
      raw("-")
    }
    raw(kind)
    self.number(number)
  }

  mutating func openLink(_ destination: String) {
    raw("<a class=\"link\" href=\"")
    text(destination)
    raw("\" style=\"color:#0f5aa8;\">")
  }

  /// The quiet span of a portion mark, with the space that follows it.
  mutating func mark(_ mark: String?) {
    guard let mark, !mark.isEmpty else { return }
    raw("<span class=\"muted\" style=\"color:#515b67;font-weight:600;\">")
    text(mark)
    raw("</span> ")
  }
}
