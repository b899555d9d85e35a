// The body as the rules walk it: leaves of containers, sections under their headings, list items under their items.

import Bulletins

extension Block {
  /// The blocks directly inside; for a list those of all items.
  var children: [Block] {
    switch content {
    case .list(let list): list.items.flatMap(\.blocks)
    case .quote(let blocks), .only(_, _, let blocks), .tearline(let blocks): blocks
    default: []
    }
  }

  /// The portions of the block and of everything in it, in order.
  var portions: [Int] { (portion.map { [$0] } ?? []) + children.flatMap(\.portions) }

  /// Prints words of its own; what directives and rules merely surround does not.
  var holdsContent: Bool {
    switch content {
    case .heading, .thematicBreak: false
    case .only, .tearline, .list, .quote: children.contains(where: \.holdsContent)
    default: true
    }
  }
}

extension Document {
  /// Every block that is no container, in order: body, then footnotes.
  var leaves: [Block] {
    func leaves(_ blocks: [Block]) -> [Block] {
      blocks.flatMap { block -> [Block] in
        switch block.content {
        case .list, .quote, .only, .tearline: leaves(block.children)
        default: [block]
        }
      }
    }
    return leaves(body) + footnotes.flatMap { leaves($0.blocks) }
  }
}

/// A heading with what stands under it, up to the next heading of the same or a higher rank.
struct Section {
  let heading: Block
  let title: String
  /// Directives are opened up: their blocks stand here themselves.
  let pieces: [Piece]

  struct Piece {
    var block: Block
    var inTearline: Bool
    /// Which `only` of the sequence it stands in.
    var group: Int?
  }

  /// Headings compare with case and white space folded.
  let key: String
  static func key(_ title: String) -> String {
    title.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// The sections of one sequence of blocks, in order; a sub-heading begins a section of its own as well.
  static func all(_ blocks: [Block]) -> [Section] {
    var group = 0
    let pieces = flattened(blocks, inTearline: false, group: nil, &group)
    return pieces.indices.compactMap { index in
      guard case .heading(let rank, let inlines) = pieces[index].block.content else { return nil }
      let under = pieces[(index + 1)...].prefix { piece in
        if case .heading(let next, _) = piece.block.content { next > rank } else { true }
      }
      let title = inlines.plainText
      return Section(heading: pieces[index].block, title: title, pieces: Array(under), key: key(title))
    }
  }

  private static func flattened(_ blocks: [Block], inTearline: Bool, group: Int?, _ last: inout Int) -> [Piece] {
    blocks.flatMap { block -> [Piece] in
      switch block.content {
      case .only(_, _, let inner):
        last += 1
        return flattened(inner, inTearline: inTearline, group: last, &last)
      case .tearline(let inner): return flattened(inner, inTearline: true, group: group, &last)
      default: return [Piece(block: block, inTearline: inTearline, group: group)]
      }
    }
  }
}
