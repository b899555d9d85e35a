// A portion: the unit that has a label. Blocks, titles, sources and footnotes are portions alike.

package import Markings

package struct Portion: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case title, shortTitle
    /// Entry of the front matter, by its id.
    case source(String)
    case heading, paragraph, item, quote, figure
    /// A table, fence or code block that has no paragraph before it: readable by nobody.
    case orphan
    /// Defined in the body, by its label.
    case footnote(String)
  }

  package var kind: Kind
  /// What was written: the leading marks, joined with marks found on later lines or in cells; nil is unmarked.
  /// For a nested list item without a mark: its nearest marked ancestor item's.
  package var mark: PortionMark?
  /// Joined for decisions only, never printed as the mark: a source's `mark:`, a subject's `mark:`, marks
  /// at the start of later lines and cells.
  package var furtherMarks: [PortionMark]
  /// Ids of front-matter sources that any block of the portion cites.
  package var citations: [String]
  /// Labels of body footnotes that any block of the portion refers to.
  package var footnotes: [String]
  /// Clauses of the `only` directives around it.
  package var clauses: [Clause]
  /// Inside `::: only p23`.
  package var p23: Bool
  /// Stands inside a tear line.
  package var inTearline: Bool
  /// 1-based line of the bulletin file.
  package var line: Int

  package init(
    kind: Kind, mark: PortionMark?, furtherMarks: [PortionMark] = [], citations: [String] = [],
    footnotes: [String] = [], clauses: [Clause] = [], p23: Bool = false, inTearline: Bool = false, line: Int = 0
  ) {
    self.kind = kind
    self.mark = mark
    self.furtherMarks = furtherMarks
    self.citations = citations
    self.footnotes = footnotes
    self.clauses = clauses
    self.p23 = p23
    self.inTearline = inTearline
    self.line = line
  }
}

/// A set of portions of one document, by index: the visible set.
package struct PortionSet: Hashable, Sendable {
  package private(set) var words: [UInt64]

  package init(count: Int) { words = Array(repeating: 0, count: (count + 63) / 64) }

  package func contains(_ index: Int) -> Bool {
    index >= 0 && index >> 6 < words.count && words[index >> 6] & (1 << UInt64(index & 63)) != 0
  }
  package mutating func insert(_ index: Int) {
    while index >> 6 >= words.count { words.append(0) }
    words[index >> 6] |= 1 << UInt64(index & 63)
  }
  package mutating func remove(_ index: Int) {
    guard index >> 6 < words.count else { return }
    words[index >> 6] &= ~(1 << UInt64(index & 63))
  }
  package func isSubset(of other: PortionSet) -> Bool {
    words.indices.allSatisfy { words[$0] & ~($0 < other.words.count ? other.words[$0] : 0) == 0 }
  }
  package var indices: [Int] { (0..<words.count * 64).filter(contains) }
  package var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }
}
