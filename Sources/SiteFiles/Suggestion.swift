// "Did you mean ..?": the nearest known word to one that nobody knows.

package enum Suggestion {
  /// The known word with the smallest edit distance (insert, delete, replace, swap of neighbours), when that is at
  /// most a third of the word's length; ties go to the first in order of the alphabet.
  package static func nearest(to word: String, in known: some Sequence<String>) -> String? {
    let letters = Array(word.lowercased().unicodeScalars.prefix(64))
    let limit = max(1, letters.count / 3)
    var best: (distance: Int, word: String)?
    for candidate in known.sorted() {
      let other = Array(candidate.lowercased().unicodeScalars.prefix(64))
      guard abs(other.count - letters.count) <= limit else { continue }
      let distance = distance(letters, other)
      if distance <= limit, distance < best?.distance ?? Int.max { best = (distance, candidate) }
    }
    return best?.word
  }

  /// ` (did you mean X?)` or nothing.
  package static func hint(for word: String, in known: some Sequence<String>) -> String {
    nearest(to: word, in: known).map { "did you mean `\($0)`?" } ?? ""
  }

  private static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
      var current = [i + 1]
      for j in b.indices {
        var cost = min(last[j + 1] + 1, current[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
        current.append(cost)
      }
      beforeLast = last
      last = current
    }
    return last[b.count]
  }
}
