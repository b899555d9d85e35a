// Counts and the sums between them, as a network: every count is an arc, every sum a node in which what flows in flows
// out. A count that stands in two sums joins two nodes; one that stands in one sum joins a node and the ground, where
// everything known goes. Two-way tables with their totals, hierarchies and chains of such tables are all of this kind,
// and in a network the bounds that somebody can work out are whole numbers and are found exactly, by a flow.
// (Cox 1995, "Network models for complementary cell suppression".)

package struct CellGraph: Sendable {
  package struct Cell: Hashable, Sendable {
    package var value: Int
    /// Printed unless it is hidden; a count that follows from printed ones without being printed is not.
    package var isPrinted: Bool
    /// How dear it is to hide; totals are dearer than cells.
    package var weight: Int
    fileprivate var from = 0
    fileprivate var to = 0
  }

  package private(set) var cells: [Cell] = []
  package private(set) var hidden: Set<Int> = []
  /// Cells at each node. Node 0 is the ground; a cell that is in no sum begins and ends there.
  private var touching: [[Int]] = [[]]
  private var nodes: Int { touching.count }

  package init() {}

  package mutating func cell(_ value: Int, printed: Bool = true, weight: Int = 1) -> Int {
    cells.append(Cell(value: value, isPrinted: printed, weight: weight))
    touching[0].append(cells.count - 1)
    return cells.count - 1
  }

  /// The parts add up to the whole. nil for a whole that is always known, such as the total of everything.
  /// - Returns: false when a count would stand in more sums than a network allows, or twice with the same sign; the
  ///   sum is then not taken in and the caller must not print it.
  package mutating func sum(of parts: [Int], is whole: Int?) -> Bool {
    // What flows out of one node must flow into the other, so a part that is a part elsewhere turns its sum around: the
    // whole of this sum then enters where its parts leave.
    let turned = parts.contains { cells[$0].to != 0 } || whole.map { cells[$0].from != 0 } == true
    let fits =
      turned
      ? parts.allSatisfy { cells[$0].from == 0 } && whole.map { cells[$0].to == 0 } != false
      : parts.allSatisfy { cells[$0].to == 0 } && whole.map { cells[$0].from == 0 } != false
    guard fits else { return false }
    let node = nodes
    touching.append(parts + (whole.map { [$0] } ?? []))
    for part in parts { if turned { cells[part].from = node } else { cells[part].to = node } }
    if let whole { if turned { cells[whole].to = node } else { cells[whole].from = node } }
    for cell in touching[node] where cells[cell].from != 0 && cells[cell].to != 0 {
      touching[0].removeAll { $0 == cell }
    }
    return true
  }

  package mutating func hide(_ cell: Int) { hidden.insert(cell) }

  /// What somebody can work out of a hidden count from everything that is printed: the least and the most that it can
  /// be. They know that no printed sign for a hidden count stands for nothing (0 is printed), so it is at least 1.
  package func bounds(of cell: Int) -> ClosedRange<Int> {
    let (up, down) = play(of: cell)
    return (cells[cell].value - down)...(cells[cell].value + up)
  }

  /// How far a count could be higher or lower, and everything printed the same.
  func play(of cell: Int) -> (up: Int, down: Int) {
    let (from, to) = (cells[cell].from, cells[cell].to)
    return (
      flow(from: to, to: from, around: cell, atMost: Self.wide),
      flow(from: from, to: to, around: cell, atMost: cells[cell].value - least(cell))
    )
  }

  /// The cheapest counts to hide so that a cell could be higher (or lower) by so much. nil when nothing helps.
  func remedy(for cell: Int, higher: Bool, by amount: Int) -> (price: Int, cells: [Int])? {
    if !higher, cells[cell].value - least(cell) < amount { return nil }
    let (from, to) = (cells[cell].from, cells[cell].to)
    func price(_ step: Step) -> Int? {
      let other = cells[step.cell]
      guard step.cell != cell, isUnknown(step.cell) || other.value > 0 else { return nil }
      guard step.grows || other.value - least(step.cell) >= amount else { return nil }
      return isUnknown(step.cell) ? 0 : other.weight * 1_000_000 + min(other.value, 900_000)
    }
    guard let path = path(from: higher ? to : from, to: higher ? from : to, cost: price) else { return nil }
    return (path.reduce(0) { $0 + (price($1) ?? 0) }, path.map(\.cell).filter { !isUnknown($0) })
  }

  /// More than any rule asks for.
  private static let wide = 1 << 20

  private func least(_ cell: Int) -> Int { cells[cell].isPrinted ? min(1, cells[cell].value) : 0 }
  private func isUnknown(_ cell: Int) -> Bool { hidden.contains(cell) || !cells[cell].isPrinted }

  /// A step over an arc: along it the count grows, against it it shrinks.
  struct Step {
    var cell: Int
    var grows: Bool
  }

  private func flow(from start: Int, to end: Int, around cell: Int, atMost limit: Int) -> Int {
    var change = [Int](repeating: 0, count: cells.count)
    var total = 0
    while total < limit {
      let path = path(from: start, to: end) { step in
        guard step.cell != cell, isUnknown(step.cell) else { return nil }
        return room(step, change) > 0 ? 0 : nil
      }
      guard let path else { break }
      let amount = min(limit - total, path.map { room($0, change) }.min() ?? limit - total)
      for step in path { change[step.cell] += step.grows ? amount : -amount }
      total += amount
      if path.isEmpty { break }
    }
    return total
  }

  private func room(_ step: Step, _ change: [Int]) -> Int {
    step.grows ? Self.wide : cells[step.cell].value + change[step.cell] - least(step.cell)
  }

  /// The cheapest way between two nodes; `cost` says nil for what may not be stepped over. Empty when they are one.
  func path(from start: Int, to end: Int, cost: (Step) -> Int?) -> [Step]? {
    var best = [Int](repeating: .max, count: nodes)
    var came = [Step?](repeating: nil, count: nodes)
    var done = Set<Int>()
    best[start] = 0
    while let node = best.indices.filter({ best[$0] < .max && !done.contains($0) }).min(by: { best[$0] < best[$1] }) {
      done.insert(node)
      if node == end { break }
      for step in steps(from: node) {
        guard let price = cost(step) else { continue }
        let next = step.grows ? cells[step.cell].to : cells[step.cell].from
        if best[node] + price < best[next] {
          best[next] = best[node] + price
          came[next] = step
        }
      }
    }
    guard best[end] < .max else { return nil }
    var path: [Step] = []
    var node = end
    while node != start, let step = came[node] {
      path.append(step)
      node = step.grows ? cells[step.cell].from : cells[step.cell].to
    }
    return path.reversed()
  }

  private func steps(from node: Int) -> [Step] {
    var steps: [Step] = []
    for index in touching[node] where cells[index].from != cells[index].to {
      steps.append(Step(cell: index, grows: cells[index].from == node))
    }
    return steps
  }
}
