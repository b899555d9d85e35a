// What a tear line stands in for: the ONE block or group right before it in the same container. A second tear line
// right after stands in for the first in the same way; after a heading, a rule or at the start there is nothing to
// stand in for, and its portions are TOP (release-policy.md section 4).

import Bulletins

enum TearLines {
  enum Stand {
    case nothing
    /// The one block, or a paragraph with its table or fence.
    case blocks(Range<Int>)
    /// The tear line right before: this one is shown only where that one stands in and is not seen whole.
    case tearline(Int)
  }

  static func stand(of index: Int, in blocks: [Block]) -> Stand {
    let place = index - 1
    guard place >= 0 else { return .nothing }
    switch blocks[place].content {
    case .heading, .thematicBreak: return .nothing
    case .tearline: return .tearline(place)
    case .list, .quote, .only: return .blocks(place..<index)
    case .paragraph, .table, .code, .chart, .subject, .figure:
      var start = place
      while start > 0, let portion = blocks[start].portion, blocks[start - 1].portion == portion { start -= 1 }
      return .blocks(start..<index)
    }
  }

  /// Every portion inside tear lines that stand in for nothing.
  static func misplaced(in blocks: [Block]) -> Set<Int> {
    var found: Set<Int> = []
    var isLastMisplaced = false
    for (index, block) in blocks.enumerated() {
      switch block.content {
      case .tearline(let inner):
        switch stand(of: index, in: blocks) {
        case .nothing: isLastMisplaced = true
        case .blocks: isLastMisplaced = false
        case .tearline: break
        }
        if isLastMisplaced { found.formUnion(inner.leaves.compactMap(\.portion)) }
      case .only(_, _, let inner): found.formUnion(misplaced(in: inner))
      default: break
      }
    }
    return found
  }
}

extension [Block] {
  /// The blocks that hold text, in source order; rules are none. Tear lines inside stand in for what is here already.
  var leaves: [Block] { collectLeaves(tearlines: false) }
  var leavesWithTearLines: [Block] { collectLeaves(tearlines: true) }

  private func collectLeaves(tearlines: Bool) -> [Block] {
    var leaves: [Block] = []
    for block in self {
      switch block.content {
      case .list(let list):
        for item in list.items { leaves += item.blocks.collectLeaves(tearlines: tearlines) }
      case .quote(let inner), .only(_, _, let inner): leaves += inner.collectLeaves(tearlines: tearlines)
      case .tearline(let inner): if tearlines { leaves += inner.collectLeaves(tearlines: true) }
      case .thematicBreak: break
      default: leaves.append(block)
      }
    }
    return leaves
  }
}
