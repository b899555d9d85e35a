// Which notices a variant carries: the union over what it prints, each once (markings.md section 6). A notice that only
// hidden portions call for would tell of them.

import Bulletins
import Markings

enum Notices {
  static func triggered(
    _ portions: [LabelledPortion], marks: [PortionMark], banner: Banner, body: [Block], document: Document
  ) -> [NoticeKind] {
    var kinds = NoticeKind.triggered(by: marks)
    // The banner of one portion with LES and another with NF is LES NOFORN, and that notice says all of the other.
    if banner.isNoforn, kinds.remove(.les) != nil { kinds.insert(.lesNoforn) }
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

  /// Whether a product of these portions is released to the private sector in part only: with something in it that a
  /// private partner is not sent.
  static func arePrivateInPart(_ portions: [LabelledPortion], compilation: Label?) -> Bool {
    let whole =
      portions.allSatisfy { $0.isPrivatelyReleased || $0.isPubliclyReleased }
      && (compilation?.atoms ?? []).isSubset(of: [.fouo, .cuiBasic, .noforn])
    return !whole && portions.contains(where: \.isPrivatelyReleased)
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
