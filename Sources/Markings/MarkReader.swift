// Lenient reading of the marks at the start of a block: what agencies write is understood and reported with its
// canonical form; what no table knows is kept as unknown, so that the portion is readable by nobody.
// Grammar and extent: markings.md section 2. Work is linear in the text: at most `mostMarks` parentheses of at most
// `longestMark` bytes are looked into.

/// Something about a mark that a check reports.
package struct MarkProblem: Hashable, Sendable {
  /// M02, M03, M04, M05, M07, M08 or M09.
  package var rule: String
  package var message: String
  /// The token that is meant, in capitals; for the mark as a whole what was written.
  package var token: String
  /// The whole canonical mark text for a fix; nil when the tables do not say what was meant.
  package var canonical: String?
}

package struct MarkReading: Hashable, Sendable {
  /// nil: there is no mark at the start.
  package var mark: PortionMark?
  /// UTF-8 bytes: marks and the white space around them.
  package var consumed: Int
  /// The marks as written, without the white space around them.
  package var written: String
  package var problems: [MarkProblem]

  static let none = MarkReading(mark: nil, consumed: 0, written: "", problems: [])
}

package enum MarkReader {
  /// Bytes between two parentheses; what is longer is a mark that was never closed.
  package static let longestMark = 2_048
  /// Parentheses in turn; a further one makes the portion unreadable.
  package static let mostMarks = 16

  /// Reads the leading parentheses of a block in turn while they are marks, and joins them.
  package static func read(_ text: String, registry: MarkingRegistry, scheme: Scheme) -> MarkReading {
    var scanner = MarkScanner(text)
    var gathering = MarkGathering(registry: registry, scheme: scheme)
    scanner.skipSpace()
    let start = scanner.position
    var end = start
    while let parenthesis = scanner.parenthesis(), MarkExtent.isMark(parenthesis.content, registry: registry) {
      guard gathering.count < mostMarks else {
        gathering.addUnknown("more than \(mostMarks) marks", because: "too many marks at the start of a block")
        break
      }
      if gathering.count > 0, !scanner.isSingleSpace(from: end) { gathering.isSpacedWell = false }
      gathering.add(parenthesis.content)
      if !parenthesis.isClosed {
        gathering.addUnknown("(" + MarkPieces(parenthesis.content).text, because: "the parenthesis is never closed")
      }
      end = parenthesis.end
      scanner.position = end
      scanner.skipSpace()
    }
    guard gathering.count > 0 else { return .none }
    return gathering.reading(written: scanner.text(start..<end), consumed: scanner.position, bare: false)
  }

  /// Reads a value that is a mark as a whole, with or without parentheses: `U//LES`. Anything else in it is an
  /// unknown token; only an empty text has no mark.
  package static func readBare(_ text: String, registry: MarkingRegistry, scheme: Scheme) -> MarkReading {
    var scanner = MarkScanner(text)
    scanner.skipSpace()
    if scanner.isAtParenthesis {
      var reading = read(text, registry: registry, scheme: scheme)
      guard reading.consumed < text.utf8.count else { return reading }
      let rest = "text beside the mark"
      var portion = reading.mark ?? PortionMark()
      portion.mark = (portion.mark ?? .unclassified).joined(Mark(unknown: [rest]))
      reading.mark = portion
      reading.written = scanner.trimmedRest()
      reading.consumed = text.utf8.count
      reading.problems.append(
        MarkProblem(rule: "M02", message: "only a mark may stand here", token: rest, canonical: nil))
      return reading
    }
    guard !scanner.isAtEnd else { return .none }
    var gathering = MarkGathering(registry: registry, scheme: scheme)
    let content = scanner.rest(most: longestMark)
    gathering.add(content)
    if content.count < text.utf8.count - scanner.position {
      gathering.addUnknown("more than \(longestMark) bytes", because: "a mark is not this long")
    }
    return gathering.reading(written: scanner.trimmedRest(), consumed: text.utf8.count, bare: true)
  }

  /// A value of the key `tlp:`, `GREEN` or `TLP:GREEN`. The names of TLP 1.0 are nil.
  package static func readTrafficLight(_ text: String) -> TrafficLight? {
    TrafficLight(rawValue: text) ?? TrafficLight(rawValue: "TLP:" + text)
  }
}
