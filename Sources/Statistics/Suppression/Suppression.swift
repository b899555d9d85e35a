// Counts of one to four are hidden, and enough others that nobody can work them out from totals, from other tables of
// the same product or from what is not printed and follows. Of every hidden count at least four values stay possible: no
// fewer than the rule itself leaves. The sign is the same for all, so that nobody sees which are the small ones.

package enum Suppression {
  package static let small = 1...4
  /// So many values stay possible.
  package static let width = small.count
  /// Printed in place of a hidden count.
  package static let sign = "*"

  /// Hides until everything small is safe.
  /// - Returns: false when no way of hiding is enough; then nothing of the tables may be printed.
  package static func protect(_ graph: inout CellGraph) -> Bool {
    for index in graph.cells.indices where small.contains(graph.cells[index].value) && graph.cells[index].isPrinted {
      graph.hide(index)
    }
    while let cell = exposed(in: graph) {
      guard let remedy = remedy(for: cell, in: graph) else {
        let rest = graph.cells.indices.filter {
          graph.cells[$0].isPrinted && graph.cells[$0].value > 0 && !graph.hidden.contains($0)
        }
        if rest.isEmpty { return false }
        for other in rest { graph.hide(other) }
        continue
      }
      for other in remedy { graph.hide(other) }
    }
    return true
  }

  /// What to hide so that a count has all its values, or at least one more.
  private static func remedy(for cell: Int, in graph: CellGraph) -> [Int]? {
    let play = graph.play(of: cell)
    for more in (1...max(1, width - (play.up + play.down + 1))).reversed() {
      let ways = [
        graph.remedy(for: cell, higher: true, by: play.up + more),
        graph.remedy(for: cell, higher: false, by: play.down + more),
      ].compactMap { $0 }
      if let best = ways.min(by: { $0.price < $1.price }), !best.cells.isEmpty { return best.cells }
    }
    return nil
  }

  /// A hidden or small count of which too few values are possible.
  package static func exposed(in graph: CellGraph) -> Int? {
    graph.cells.indices.first { index in
      guard graph.hidden.contains(index) || small.contains(graph.cells[index].value) else { return false }
      let play = graph.play(of: index)
      return play.up + play.down + 1 < width
    }
  }
}
