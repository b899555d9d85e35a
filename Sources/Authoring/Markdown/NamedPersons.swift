// `[Alder Quince]{usper}`: Markdown leaves the tag as text, perhaps with emphasis inside the brackets; here the
// brackets and what stands between them become one node. A tag without an opening bracket stays text.

import Bulletins

enum NamedPersons {
  private static let closing = "]{usper}"
  /// In siblings.
  private static let longestName = 32

  static func grouped(_ inlines: [Inline]) -> [Inline] {
    var result: [Inline] = []
    for inline in inlines {
      guard case .text(let text) = inline else {
        result.append(inline)
        continue
      }
      var rest = text[...]
      while let tag = rest.firstRange(of: closing) {
        append(rest[..<tag.lowerBound], to: &result)
        close(&result)
        rest = rest[tag.upperBound...]
      }
      append(rest, to: &result)
    }
    return result
  }

  private static func append(_ text: Substring, to result: inout [Inline]) {
    if !text.isEmpty { result.append(.text(String(text))) }
  }

  /// Wraps what follows the last opening bracket of the siblings read so far. A name has a few parts and no other
  /// name in it; what looks otherwise stays text.
  private static func close(_ result: inout [Inline]) {
    for index in result.indices.reversed().prefix(longestName) {
      if case .namedPerson = result[index] { break }
      guard case .text(let text) = result[index], let bracket = text.lastIndex(of: "[") else { continue }
      var name: [Inline] = []
      append(text[text.index(after: bracket)...], to: &name)
      name += result[(index + 1)...]
      result.removeSubrange(index...)
      append(text[..<bracket], to: &result)
      result.append(.namedPerson(name))
      return
    }
    append(closing[...], to: &result)
  }
}
