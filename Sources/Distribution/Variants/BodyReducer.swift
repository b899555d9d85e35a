// The body that a visible set leaves, in normal form (release-policy.md sections 4 and 8): hidden blocks are gone,
// groups flattened, tear lines resolved, headings of empty sections removed. What is here depends on nothing that is
// hidden but by its absence: the result equals that of the source from which the hidden blocks were deleted.

import Bulletins

struct BodyReducer {
  let visible: PortionSet

  /// A top-level block of the flattened source; headings stay in the list when hidden, to bound their sections.
  private struct Entry {
    var block: Block
    var headingLevel: Int?
    var isShown: Bool
    var hasContent = false
    var hiddenAbove = 0
  }

  func body(_ blocks: [Block]) -> [Block] {
    var entries: [Entry] = []
    var path: [Int] = []
    collect(blocks, floor: 0, &entries, &path)
    let kept = entries.compactMap { entry -> Block? in
      guard entry.isShown else { return nil }
      guard let level = entry.headingLevel else { return entry.block }
      guard entry.hasContent, case .heading(_, let inlines) = entry.block.content else { return nil }
      return Block(.heading(level: level - entry.hiddenAbove, inlines), portion: entry.block.portion)
    }
    return NormalForm.container(kept)
  }

  /// The blocks of a quote, an item or a footnote.
  func container(_ blocks: [Block]) -> [Block] {
    var stands = false
    let kept = blocks.enumerated().flatMap { index, block -> [Block] in
      switch block.content {
      case .only(_, _, let inner): return container(inner)
      case .tearline(let inner):
        stands = standsIn(index, blocks, after: stands)
        return stands ? container(inner) : []
      default: return reduced(block).map { [$0] } ?? []
      }
    }
    return NormalForm.container(kept)
  }

  private func collect(_ blocks: [Block], floor: Int, _ entries: inout [Entry], _ path: inout [Int]) {
    var stands = false
    for (index, block) in blocks.enumerated() {
      switch block.content {
      case .only(_, _, let inner): collect(inner, floor: floor, &entries, &path)
      case .tearline(let inner):
        stands = standsIn(index, blocks, after: stands)
        guard stands else { continue }
        let depth = path.count
        collect(inner, floor: depth, &entries, &path)
        path.removeLast(path.count - depth)
      case .heading(let level, _):
        while path.count > floor, let last = path.last, entries[last].headingLevel ?? 0 >= level { path.removeLast() }
        // Sub-headings of a hidden heading move up.
        let above = path.count { !entries[$0].isShown && (entries[$0].headingLevel ?? level) < level }
        path.append(entries.count)
        entries.append(Entry(block: block, headingLevel: level, isShown: isVisible(block), hiddenAbove: above))
      default:
        guard let block = reduced(block) else { continue }
        entries.append(Entry(block: block, isShown: true))
        if [block].showsMoreThanHeadings { for place in path { entries[place].hasContent = true } }
      }
    }
  }

  private func isVisible(_ block: Block) -> Bool { block.portion.map(visible.contains) ?? false }

  /// nil when nothing of it is visible. Lines of the source stay behind.
  private func reduced(_ block: Block) -> Block? {
    switch block.content {
    case .list(let list):
      let items = list.items.flatMap(items)
      guard !items.isEmpty else { return nil }
      return Block(.list(Block.List(start: list.start, delimiter: list.delimiter, items: items)))
    case .quote(let inner):
      let inner = container(inner)
      return inner.isEmpty ? nil : Block(.quote(inner))
    case .thematicBreak:
      return block.portion.map(visible.contains) ?? true ? Block(.thematicBreak, portion: block.portion) : nil
    default:
      return isVisible(block) ? Block(block.content, portion: block.portion) : nil
    }
  }

  /// An item keeps its bullet with what is left of its text; when only nested items are left they take its place.
  private func items(_ item: Block.List.Item) -> [Block.List.Item] {
    let blocks = container(item.blocks)
    let nested = blocks.compactMap { block -> Block.List? in
      if case .list(let list) = block.content { list } else { nil }
    }
    if nested.count == blocks.count { return nested.flatMap(\.items) }
    return [Block.List.Item(blocks: blocks)]
  }

  /// `after`: whether the tear line right before, if there is one, stands in.
  private func standsIn(_ index: Int, _ blocks: [Block], after previous: Bool) -> Bool {
    switch TearLines.stand(of: index, in: blocks) {
    case .nothing: return false
    case .blocks(let range): return !blocks[range].allSatisfy { [$0].leaves.allSatisfy(isVisible) }
    case .tearline(let before):
      guard previous, case .tearline(let inner) = blocks[before].content else { return false }
      return !inner.leaves.allSatisfy(isVisible)
    }
  }
}

extension [Block] {
  /// Some block is neither a heading nor a rule.
  var showsMoreThanHeadings: Bool {
    leaves.contains { if case .heading = $0.content { false } else { true } }
  }
}

/// What becomes of neighbours: lists of the same kind are one, a rule stands only between two blocks.
enum NormalForm {
  static func container(_ blocks: [Block]) -> [Block] {
    var result: [Block] = []
    for block in blocks {
      switch (result.last?.content, block.content) {
      case (nil, .thematicBreak), (.thematicBreak, .thematicBreak): continue
      case (.list(var first), .list(let second)) where isSameKind(first, second):
        first.items += second.items
        result[result.count - 1].content = .list(first)
      default: result.append(block)
      }
    }
    if case .thematicBreak = result.last?.content { result.removeLast() }
    return result
  }

  private static func isSameKind(_ a: Block.List, _ b: Block.List) -> Bool {
    (a.start == nil) == (b.start == nil) && a.delimiter == b.delimiter
  }
}
