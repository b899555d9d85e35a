// S06: words of the starting text that nobody replaced. They say what belongs there, or state what somebody would
// first have to find out; released they are a bulletin that says nothing, or something that nobody said.

import Bulletins

struct S06StartingText: Rule {
  static let id = "S06"

  func findings(in context: CheckContext) -> [Finding] {
    guard let template = context.template, !template.startingText.isEmpty else { return [] }
    let begun = template.startingText.split(whereSeparator: \.isNewline).map { Line(String($0)) }.filter { line in
      line.isWords && !template.fixedText.contains { line.text.contains($0) }
    }
    let source = context.bulletin.source
    guard !begun.isEmpty, source.lineCount > 0 else { return [] }
    let whole = Set(begun.filter { $0.pieces.count == 1 }.map(\.text))
    let parted = begun.filter { $0.pieces.count > 1 }
    return (1...source.lineCount).compactMap { number in
      let text = String(source.line(number).trimmed)
      let isLeft = whole.contains(text) || parted.contains { $0.matches(text) }
      guard isLeft else { return nil }
      let isTitle = Line.titles.contains { text.hasPrefix($0) }
      return finding(
        context, .warning, line: number,
        isTitle ? "the title is still that of the template" : "these are still the words of the template",
        explanation:
          "They say what belongs here, or what somebody has yet to find out. Write what this bulletin has to "
          + "say, or take them out.")
    }
  }

  /// A line of a starting text, with what stands between its placeholders.
  private struct Line {
    static let titles = ["title:", "short-title:"]

    let text: String
    let pieces: [Substring]

    init(_ line: String) {
      text = String(line.trimmed)
      var pieces: [Substring] = []
      var rest = text[...]
      while let open = rest.firstRange(of: "{{"), let close = rest[open.upperBound...].firstRange(of: "}}") {
        pieces.append(rest[..<open.lowerBound])
        rest = rest[close.upperBound...]
      }
      self.pieces = pieces + [rest]
    }

    /// A title, what a source is, or a line of the body that is neither a heading nor a row nor a directive.
    var isWords: Bool {
      if Self.titles.contains(where: text.hasPrefix) || text.contains("describe:") { return true }
      let start = text.drop { "-*+0123456789. ".contains($0) }
      return start.hasPrefix("(")
    }

    func matches(_ written: String) -> Bool {
      guard let first = pieces.first, let last = pieces.last, written.hasPrefix(first) else { return false }
      var rest = written.dropFirst(first.count)
      for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
        guard let found = rest.firstRange(of: piece) else { return false }
        rest = rest[found.upperBound...]
      }
      return rest.hasSuffix(last)
    }
  }
}
