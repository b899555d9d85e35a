// A bulletin as it was read: front matter, tree, portions, and what was wrong with it.

/// Why `decide` refuses a whole revision to everybody (release-policy.md section 3).
package enum Fault: String, Hashable, Comparable, Sendable {
  /// A level above U anywhere in the file.
  case spillage
  /// A front-matter or directive error, a repeated key, CUI beside legacy.
  case invalid
  package static func < (a: Fault, b: Fault) -> Bool { a == .spillage && b == .invalid }
}

package struct Footnote: Hashable, Sendable {
  package var label: String
  package var blocks: [Block]
  package var portion: Int
  package init(label: String, blocks: [Block], portion: Int) {
    self.label = label
    self.blocks = blocks
    self.portion = portion
  }
}

package struct Document: Hashable, Sendable {
  package var frontMatter: FrontMatter
  package var body: [Block]
  package var footnotes: [Footnote]
  /// Index 0 is the title, 1 the short title, then the sources in order, then body and footnotes in source order.
  package var portions: [Portion]
  package var faults: Set<Fault>

  package static let titlePortion = 0
  package static let shortTitlePortion = 1
  package static func sourcePortion(_ index: Int) -> Int { 2 + index }

  package init(
    frontMatter: FrontMatter, body: [Block], footnotes: [Footnote] = [], portions: [Portion], faults: Set<Fault> = []
  ) {
    self.frontMatter = frontMatter
    self.body = body
    self.footnotes = footnotes
    self.portions = portions
    self.faults = faults
  }
}
