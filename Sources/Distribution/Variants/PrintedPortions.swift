// Which of the portions that a reader may see their product prints. The others say nothing to that reader: a source that
// no visible block cites, a tear line whose block is seen whole, a heading with nothing below it. Variants, the line that
// a channel cuts and thin webhooks go by what is printed, so that none of them tells of such a portion (decision 0073).

package import Bulletins

extension Decider {
  /// What is left of a visible set when portions go that its variant does not print. The variant of what is left is the
  /// same, and nothing of that is left out when asked again.
  ///
  /// A short title stays: it is the subject of mail, and facts of the front matter stand under its label.
  package func printed(_ visible: PortionSet) -> PortionSet {
    let document = revision.document
    let references = References(
      body: BodyReducer(visible: visible).body(document.body), document: document, visible: visible)
    var printed = PortionSet(count: labels.portions.count)
    printed.insert(portionsOf: references.body)
    for (note, blocks) in references.footnotes {
      printed.insert(note.portion)
      printed.insert(portionsOf: blocks)
    }
    let cited = Set(references.sources)
    for (place, source) in document.frontMatter.sources.enumerated() where cited.contains(source.id) {
      printed.insert(Document.sourcePortion(place))
    }
    printed.insert(Document.titlePortion)
    printed.insert(Document.shortTitlePortion)
    return printed.intersection(visible)
  }

  /// What a product shows of printed portions: all, but for a short title beside the title when no fact of the front
  /// matter is printed under its label.
  func shown(_ printed: PortionSet) -> PortionSet {
    guard !factsArePrinted, printed.contains(Document.titlePortion) else { return printed }
    var shown = printed
    shown.remove(Document.shortTitlePortion)
    return shown
  }

  /// Facts that have the short title's label and that a product or a feed prints (markings.md section 2).
  private var factsArePrinted: Bool {
    let front = revision.document.frontMatter
    return front.to != nil || !front.audience.isEmpty || !front.hsec.isEmpty || front.gates[.usPersons]?.value == true
  }
}

extension PortionSet {
  /// Of blocks in reduced form. A rule has the portion of the block before it.
  fileprivate mutating func insert(portionsOf blocks: [Block]) {
    for block in blocks {
      if let portion = block.portion { insert(portion) }
      switch block.content {
      case .list(let list): for item in list.items { insert(portionsOf: item.blocks) }
      case .quote(let inner): insert(portionsOf: inner)
      default: continue
      }
    }
  }
}
