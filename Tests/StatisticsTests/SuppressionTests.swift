// No hidden count can be worked out: of each, an attacker with every printed figure still finds four tables that fit
// (Attacker). Random small tables of the shapes that are printed; the seed is in every message.

import Testing

@testable import Statistics

/// A table under test: cells and sums, told to the graph and to the attacker alike.
private struct Bench {
  var graph = CellGraph()
  var sums: [Attacker.Sum] = []

  mutating func cell(_ value: Int, printed: Bool = true, weight: Int = 1) -> Int {
    graph.cell(value, printed: printed, weight: weight)
  }
  mutating func sum(_ parts: [Int], _ whole: Attacker.Whole) {
    var cell: Int?
    if case .cell(let index) = whole { cell = index }
    let taken = graph.sum(of: parts, is: cell)
    #expect(taken, "this shape of table is a network")
    sums.append(Attacker.Sum(parts: parts, whole: whole))
  }
  func value(_ cell: Int) -> Int { graph.cells[cell].value }

  var attacker: Attacker {
    var attacker = Attacker(known: [:], least: [:], sums: sums)
    for index in graph.cells.indices {
      let cell = graph.cells[index]
      if !cell.isPrinted {
        attacker.least[index] = 0
      } else if graph.hidden.contains(index) {
        attacker.least[index] = 1
      } else {
        attacker.known[index] = cell.value
      }
    }
    return attacker
  }

  /// Counts that the attacker may not pin down.
  var secrets: [Int] {
    graph.cells.indices.filter { graph.hidden.contains($0) || Suppression.small.contains(graph.cells[$0].value) }
  }

  /// Rows and columns with their totals and the total of all.
  static func twoWay(_ rows: [[Int]]) -> Bench {
    var bench = Bench()
    let cells = rows.map { $0.map { bench.cell($0) } }
    let across = rows.map { bench.cell($0.reduce(0, +), weight: 4) }
    let down = rows[0].indices.map { column in bench.cell(rows.reduce(0) { $0 + $1[column] }, weight: 4) }
    for (row, total) in zip(cells, across) { bench.sum(row, .cell(total)) }
    for (column, total) in down.enumerated() { bench.sum(cells.map { $0[column] }, .cell(total)) }
    bench.sum(across, .known(rows.joined().reduce(0, +)))
    bench.sum(down, .known(rows.joined().reduce(0, +)))
    return bench
  }

  /// Months by groups, and for each group its kinds: the table by month shows groups, another the kinds of all months.
  static func hierarchy(_ months: [[Int]], kinds: [[Int]]) -> Bench {
    var bench = Bench()
    let cells = months.map { $0.map { bench.cell($0) } }
    let totals = months.map { bench.cell($0.reduce(0, +), weight: 4) }
    let groups = kinds.map { bench.cell($0.reduce(0, +), printed: false) }
    let leaves = kinds.map { $0.map { bench.cell($0) } }
    for (row, total) in zip(cells, totals) { bench.sum(row, .cell(total)) }
    for (group, whole) in groups.enumerated() {
      bench.sum(cells.map { $0[group] }, .cell(whole))
      bench.sum(leaves[group], .cell(whole))
    }
    bench.sum(totals, .known(months.joined().reduce(0, +)))
    return bench
  }
}

@Suite struct SuppressionTests {
  private func expectSafe(_ bench: Bench, _ name: String) {
    let attacker = bench.attacker
    for cell in bench.secrets {
      let value = bench.value(cell)
      var possible = Set([value])
      // Nearest first: four are enough.
      for distance in 1...40 where possible.count < Suppression.width {
        for other in [value - distance, value + distance] where other >= 0 && attacker.fits(cell, other) {
          possible.insert(other)
        }
      }
      #expect(possible.count >= Suppression.width, "\(name): the count \(value) (cell \(cell)) can only be \(possible)")
    }
  }

  private func random(_ dice: inout SplitMix64) -> Int {
    switch Int.random(in: 0..<10, using: &dice) {
    case 0..<2: 0
    case 2..<6: Int.random(in: 1...4, using: &dice)
    case 6..<9: Int.random(in: 5...12, using: &dice)
    default: Int.random(in: 13...60, using: &dice)
    }
  }

  @Test func randomTwoWayTables() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var dice = SplitMix64(seed: seed)
    var shown = 0
    for round in 0..<150 {
      let (height, width) = (Int.random(in: 1...4, using: &dice), Int.random(in: 1...4, using: &dice))
      let rows = (0..<height).map { _ in (0..<width).map { _ in random(&dice) } }
      guard rows.joined().reduce(0, +) > 4 else { continue }
      var bench = Bench.twoWay(rows)
      guard Suppression.protect(&bench.graph) else { continue }
      shown += 1
      for (cell, value) in bench.graph.cells.enumerated() where Suppression.small.contains(value.value) {
        #expect(bench.graph.hidden.contains(cell), "seed \(seed), round \(round)")
      }
      expectSafe(bench, "seed \(seed), round \(round), \(rows)")
    }
    #expect(shown > 100, "seed \(seed): \(shown) of 150 tables could be shown")
  }

  @Test func randomHierarchies() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var dice = SplitMix64(seed: seed)
    for round in 0..<100 {
      let months = (0..<3).map { _ in (0..<Int(3)).map { _ in random(&dice) } }
      let kinds = (0..<3).map { group -> [Int] in
        let whole = months.reduce(0) { $0 + $1[group] }
        let first = Int.random(in: 0...whole, using: &dice)
        return [first, whole - first]
      }
      var bench = Bench.hierarchy(months, kinds: kinds)
      guard months.joined().reduce(0, +) > 4, Suppression.protect(&bench.graph) else { continue }
      expectSafe(bench, "seed \(seed), round \(round), \(months) \(kinds)")
    }
  }

  /// A list of the largest and a total tell the rest.
  @Test func theRestOfAListIsProtectedToo() {
    var bench = Bench()
    let listed = [40, 30, 20].map { bench.cell($0) }
    let rest = bench.cell(3, printed: false)
    bench.sum(listed + [rest], .known(93))
    let isSafe = Suppression.protect(&bench.graph)
    #expect(isSafe)
    #expect(bench.graph.hidden == [listed[2]])
    expectSafe(bench, "rest")
  }

  @Test func twoOnesOfATotalOfTwoAreNotEnough() {
    var bench = Bench.twoWay([[1, 1, 30], [20, 20, 30]])
    let isSafe = Suppression.protect(&bench.graph)
    #expect(isSafe)
    expectSafe(bench, "two ones")
  }

  @Test func whatCannotBeProtectedIsNotShown() {
    var bench = Bench()
    bench.sum([bench.cell(3), bench.cell(1), bench.cell(1)], .known(5))
    let isSafe = Suppression.protect(&bench.graph)
    #expect(!isSafe)
  }

  /// The attacker itself finds what is not protected: primary suppression alone gives the count back.
  @Test func theAttackerCanAttack() {
    var bench = Bench.twoWay([[3, 20], [30, 40]])
    bench.graph.hide(0)
    let attacker = bench.attacker
    #expect((0...40).filter { attacker.fits(0, $0) } == [3])
  }

  @Test func nothingSmallNothingHidden() {
    var bench = Bench.twoWay([[5, 0], [30, 40]])
    let isSafe = Suppression.protect(&bench.graph)
    #expect(isSafe && bench.graph.hidden.isEmpty)
  }
}
