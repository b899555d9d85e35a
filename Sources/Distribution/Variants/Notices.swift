// Which notices a variant carries: the union over what it prints, each once (markings.md section 6). A notice that only
// hidden portions call for would tell of them.

package import Bulletins
package import Markings

package enum Notices {
  static func triggered(
    _ portions: [LabelledPortion], marks: [PortionMark], body: [Block], document: Document
  ) -> [NoticeKind] {
    var kinds = NoticeKind.triggered(by: marks)
    if portions.contains(where: { $0.label.atoms.contains(.criminalIntelligence) }) {
      kinds.insert(.criminalIntelligence)
    }
    if portions.contains(where: \.isPrivatelyReleased) { kinds.insert(.privateSector) }
    if portions.contains(where: { !$0.isPubliclyReleased }) { kinds.insert(.retention) }
    // The gate says that a US person is named; where the source tags the place, only those who see it are told.
    if document.frontMatter.gates[.usPersons]?.value == true {
      let everywhere = document.body.leavesWithTearLines + document.footnotes.flatMap { $0.blocks.leavesWithTearLines }
      if body.leaves.contains(where: \.namesPersons) || !everywhere.contains(where: \.namesPersons) {
        kinds.insert(.usPersons)
      }
    }
    return kinds.sorted()
  }

  /// Every notice that some reader's variant of the revision may carry: each needs a text (M10).
  package static func possible(_ revision: Revision, labels: PortionLabels) -> Set<NoticeKind> {
    let marks = labels.portions.flatMap(\.marks) + [labels.compilationMark].compactMap { $0 }
    let document = revision.document
    return Set(
      triggered(labels.portions, marks: marks, body: document.body.leavesWithTearLines, document: document))
  }
}

extension Block {
  fileprivate var namesPersons: Bool {
    switch content {
    case .subject(let subject): subject.kind == .person
    case .heading(_, let inlines), .paragraph(let inlines): inlines.namesPersons
    case .table(let grid): (grid.header + grid.rows.flatMap { $0 }).contains { $0.namesPersons }
    default: false
    }
  }
}

extension [Inline] {
  fileprivate var namesPersons: Bool {
    contains { inline in
      switch inline {
      case .namedPerson: true
      case .emphasis(let inner), .strong(let inner), .strikethrough(let inner), .link(_, _, let inner):
        inner.namesPersons
      default: false
      }
    }
  }
}
