// What a tear line stands in for: the ONE block or group right before it in the same container. A second tear line right
// after stands in for the first in the same way; after a heading, a rule or at the start there is nothing to stand in
// for, and its portions are TOP (release-policy.md section 4).

import Bulletins

enum TearLines {
  /// The blocks for which the tear line at `index` stands in, one range a unit: the block or group, then the tear
  /// lines between. It is shown unless all of one of them is seen. nil: misplaced.
  static func units(of index: Int, in blocks: [Block]) -> [Range<Int>]? {
    var units: [Range<Int>] = []
    var place = index - 1
    while place >= 0, case .tearline = blocks[place].content {
      units.append(place..<place + 1)
      place -= 1
    }
    guard place >= 0 else { return nil }
    switch blocks[place].content {
    case .heading, .thematicBreak: return nil
    case .tearline, .list, .quote, .only: units.append(place..<place + 1)
    case .paragraph, .table, .code, .chart, .subject, .figure:
      // A paragraph with its table or fence is one: they are the same portion.
      var start = place
      while start > 0, let portion = blocks[start].portion, blocks[start - 1].portion == portion { start -= 1 }
      units.append(start..<place + 1)
    }
    return units
  }

  /// Every portion inside tear lines that stand in for nothing.
  static func misplaced(in blocks: [Block]) -> Set<Int> {
    var found: Set<Int> = []
    for (index, block) in blocks.enumerated() {
      switch block.content {
      case .tearline(let inner):
        if units(of: index, in: blocks) == nil { found.formUnion(inner.leaves.compactMap(\.portion)) }
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
