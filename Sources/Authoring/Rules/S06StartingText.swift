// S06: words of the starting text that nobody replaced. They say what belongs there, or state what somebody would
// first have to find out; released they are a bulletin that says nothing, or something that nobody said.

import Bulletins

struct S06StartingText: Rule {
  static let id = "S06"

  func findings(in context: CheckContext) -> [Finding] {
    guard let template = context.template, !template.startingText.isEmpty else { return [] }
    let begun = template.startingText.split(whereSeparator: \.isNewline).map { Line(String($0)) }.filter { line in
      (line.isWords || line.isRow) && !template.fixedText.contains { line.text.contains($0) }
    }
    let source = context.bulletin.source
    guard !begun.isEmpty, source.lineCount > 0 else { return [] }
    let whole = Set(begun.filter { $0.pieces.count == 1 }.map(\.text))
    let parted = begun.filter { $0.pieces.count > 1 }
    func isLeft(_ text: String) -> Bool { whole.contains(text) || parted.contains { $0.matches(text) } }
    let lines = (1...source.lineCount).map { String(source.line($0).trimmed) }
    let explanation =
      "They say what belongs here, or what somebody has yet to find out. Write what this bulletin has to say, or take "
      + "them out."
    let words = lines.enumerated().compactMap { index, text -> Finding? in
      guard !Line.isRow(text), isLeft(text) else { return nil }
      let isTitle = Line.titles.contains { text.hasPrefix($0) }
      return finding(
        context, .warning, line: index + 1,
        isTitle ? "the title is still that of the template" : "these are still the words of the template",
        explanation: explanation)
    }
    let rows = Self.tables(lines).flatMap { rows -> [Finding] in
      let left = rows.filter { isLeft(lines[$0]) }
      // Nothing was counted in one row: that may be true. Nothing in any of them was not filled in.
      if left.count == rows.count, let first = left.first(where: { Line.isOfZeros(lines[$0]) }) {
        return [
          finding(
            context, .warning, line: first + 1, "these are still the figures of the template",
            explanation: "Write the figures of this bulletin into the table, or take it out.")
        ]
      }
      return left.filter { !Line.isOfZeros(lines[$0]) }.map { row in
        finding(
          context, .warning, line: row + 1, "this row is still that of the template", explanation: explanation)
      }
    }
    return words + rows
  }

  /// The rows of each table by their index, without its header.
  private static func tables(_ lines: [String]) -> [Range<Int>] {
    var tables: [Range<Int>] = []
    for index in lines.indices.dropFirst() where Line.isRow(lines[index - 1]) && Line.isDelimiter(lines[index]) {
      let end = lines[(index + 1)...].firstIndex { !Line.isRow($0) } ?? lines.endIndex
      tables.append(index + 1..<end)
    }
    return tables
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

    var isRow: Bool { Self.isRow(text) && !Self.isDelimiter(text) }

    static func isRow(_ text: String) -> Bool { text.hasPrefix("|") }

    static func isDelimiter(_ text: String) -> Bool { text.contains("-") && text.allSatisfy { "|:- ".contains($0) } }

    /// A cell of it is a zero.
    static func isOfZeros(_ text: String) -> Bool {
      text.split(separator: "|").contains { $0.filter { !"* ".contains($0) } == "0" }
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
