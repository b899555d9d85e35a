// L01: a key or a word that nobody knows. It is asked while a file is read, because the values have no room for it.

import Bulletins
import SiteFiles

package enum L01UnknownWord {
  package static let id = "L01"

  /// `what` names the key under which the word stands.
  static func finding(
    _ word: String, what: String, known: some Sequence<String>, at place: Place, rule: String = id
  ) -> Finding {
    let nearest = Suggestion.nearest(to: word, in: known)
    let fix = nearest.map {
      Finding.Fix(summary: "did you mean `\($0)`?", line: place.line, replacing: word, replacement: $0)
    }
    return Finding(
      rule: rule, severity: .error, place: place, message: "unknown word `\(word)` in `\(what)`",
      explanation: nearest.map { "did you mean `\($0)`?" } ?? "", fix: fix)
  }
}
