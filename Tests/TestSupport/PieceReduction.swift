// The source reduced to what one reader may see, as release-policy.md section 8 describes it: hidden pieces deleted, a
// tear line that stands in replaced by what it holds and any other removed, headings of empty sections gone, groups
// without content gone. Written from the specification, apart from the code that it tests.

extension Piece {
  /// `sees` tells whether the reader sees the text with a canary.
  package static func reduced(_ pieces: [Piece], _ sees: (String) -> Bool) -> [Piece] {
    var marked = pieces
    var path: [(level: Int, canary: String)] = []
    var filled: Set<String> = []
    var hiddenAbove: [String: Int] = [:]
    sections(pieces, floor: 0, sees, &path, &filled, &hiddenAbove)
    marked = without(pieces, sees)
    return headings(marked, sees, filled, hiddenAbove)
  }

  /// Which headings have something to show, and how many hidden ones stand above each.
  private static func sections(
    _ pieces: [Piece], floor: Int, _ sees: (String) -> Bool, _ path: inout [(level: Int, canary: String)],
    _ filled: inout Set<String>, _ hiddenAbove: inout [String: Int]
  ) {
    for (index, piece) in pieces.enumerated() {
      switch piece {
      case .heading(let level, let text):
        while path.count > floor, let last = path.last, last.level >= level { path.removeLast() }
        hiddenAbove[text.canary] = path.count { !sees($0.canary) && $0.level < level }
        path.append((level, text.canary))
      case .only(_, let inner): sections(inner, floor: floor, sees, &path, &filled, &hiddenAbove)
      case .tearline(let inner):
        guard standsIn(index, pieces, sees) else { continue }
        let depth = path.count
        sections(inner, floor: depth, sees, &path, &filled, &hiddenAbove)
        path.removeLast(path.count - depth)
      default:
        if piece.texts.contains(where: { sees($0.canary) }) { filled.formUnion(path.map(\.canary)) }
      }
    }
  }

  private static func headings(
    _ pieces: [Piece], _ sees: (String) -> Bool, _ filled: Set<String>, _ hiddenAbove: [String: Int]
  ) -> [Piece] {
    pieces.compactMap { piece in
      switch piece {
      case .heading(let level, let text):
        guard sees(text.canary), filled.contains(text.canary) else { return nil }
        return .heading(level: level - (hiddenAbove[text.canary] ?? 0), text)
      case .only(let only, let inner):
        let inner = headings(inner, sees, filled, hiddenAbove)
        return inner.isEmpty ? nil : .only(only, inner)
      default: return piece
      }
    }
  }

  private static func without(_ pieces: [Piece], _ sees: (String) -> Bool) -> [Piece] {
    pieces.enumerated().flatMap { index, piece -> [Piece] in
      switch piece {
      case .heading: return [piece]
      case .paragraph(let text), .table(let text, _), .code(let text), .subject(let text, _), .figure(let text):
        return sees(text.canary) ? [piece] : []
      case .quote(let texts):
        let kept = texts.filter { sees($0.canary) }
        return kept.isEmpty ? [] : [.quote(kept)]
      case .list(let ordered, let items):
        let kept = items.flatMap { $0.reduced(sees, inherited: nil) }
        return kept.isEmpty ? [] : [.list(ordered: ordered, kept)]
      case .only(let only, let inner):
        let kept = without(inner, sees)
        return kept.isEmpty ? [] : [.only(only, kept)]
      case .tearline(let inner): return standsIn(index, pieces, sees) ? without(inner, sees) : []
      }
    }
  }

  private static func standsIn(_ index: Int, _ pieces: [Piece], _ sees: (String) -> Bool) -> Bool {
    var place = index - 1
    while place >= 0 {
      if case .tearline(let inner) = pieces[place] {
        if inner.allSatisfy({ $0.isSeenWhole(sees) }) { return false }
        place -= 1
        continue
      }
      if case .heading = pieces[place] { return false }
      return !pieces[place].isSeenWhole(sees)
    }
    return false
  }

  private func isSeenWhole(_ sees: (String) -> Bool) -> Bool {
    if case .only(_, let inner) = self {
      return inner.allSatisfy { piece in
        if case .tearline = piece { true } else { piece.isSeenWhole(sees) }
      }
    }
    return texts.allSatisfy { sees($0.canary) }
  }
}

extension CanaryItem {
  /// What is left of an item: itself, or its nested items in its place. An unmarked item that moves up takes the mark
  /// along that it had from above.
  fileprivate func reduced(_ sees: (String) -> Bool, inherited: MarkChoice?) -> [CanaryItem] {
    var item = self
    let own = text?.mark.text.isEmpty == false ? text?.mark : inherited
    item.text = text.flatMap { sees($0.canary) ? $0 : nil }
    item.second = second.flatMap { sees($0.canary) ? $0 : nil }
    item.nested = nested.flatMap { $0.reduced(sees, inherited: own) }
    if item.text == nil, item.second == nil {
      return item.nested.map { $0.markedBy(own) }
    }
    // Below an item without its first paragraph there is nothing to take a mark from.
    if item.text == nil { item.nested = item.nested.map { $0.markedBy(own) } }
    return [item]
  }

  private func markedBy(_ mark: MarkChoice?) -> CanaryItem {
    var item = self
    if let mark, item.text?.mark.text.isEmpty == true { item.text?.mark = mark }
    return item
  }
}
