// What the printed product tells beside its counts: the order of rows and who is on a list. The attacker reads the texts
// of whole products, made of random records by the code that operators run, and knows how their rows are ordered: by the
// counts, unless they stand in an order that is the same for any counts. Nobody on or off a list has fewer than four
// possible counts.

import Testing

@testable import Statistics

@Suite struct RowOrderTests {
  /// The test's two regions have these communities and no others.
  private static let towns = [
    "central": ["Worcester", "Fitchburg", "Leominster", "Gardner", "Athol"],
    "western": ["Springfield", "Chicopee", "Holyoke", "Westfield", "Agawam"],
  ]
  private static let sections = [("94C-34", "possession"), ("94C-32A", "distribution"), ("94C-32E", "trafficking")]

  private struct Case {
    var product: OpioidProduct
    var tally: OpioidTally
    var names: [String]
  }

  /// nil when nothing may be printed.
  private func random(_ dice: inout SplitMix64) throws -> Case? {
    let substances = try SampleExports.knowledge().substances
    let names = substances.all.filter(\.isOpioid).map(\.name)
    var weights: [Int] = []
    for _ in 0..<10 { weights.append(Int.random(in: 1...20, using: &dice)) }
    let places = Self.towns.sorted { $0.key < $1.key }.flatMap(\.value)
    let pool = zip(places, weights).flatMap { Array(repeating: $0, count: $1) }
    var lines: [String] = []
    for number in 0..<Int.random(in: 12...90, using: &dice) {
      let section = Self.sections[min(2, Int.random(in: 0...4, using: &dice) / 2)]
      let status = Bool.random(using: &dice) ? "confirmed" : "pending"
      let first = Int.random(in: 0..<7, using: &dice)
      let found = status == "confirmed" ? names[min(first, Int.random(in: 0..<7, using: &dice))] : ""
      let town = pool[Int.random(in: 0..<pool.count, using: &dice)]
      lines.append(MadeRecords.line(number, on: "2026-07-01", town, section.0, section.1, status, found))
    }
    let imports = try MadeRecords.imports(lines)
    var order = OpioidOrder(period: try #require(Period("2026-07")))
    order.communities = Int.random(in: 1...10, using: &dice)
    var tally = OpioidTally(order.period)
    imports.forEachRecord { record, block, _ in tally.add(record, of: block) }
    let regions = Self.towns.keys.sorted().map { RegionName(slug: $0, name: $0, communities: 5) }
    let tables = OpioidTables(
      order, tally: tally, earlier: [:], published: PublishedFigures(), substances: substances, regions: regions)
    guard let product = try? tables.product() else { return nil }
    return Case(product: product, tally: tally, names: names)
  }

  /// Counts that the attacker finds for a cell, nearest first, until there are enough.
  private func possible(_ attacker: Attacker, _ cell: Int, _ value: Int) -> Set<Int> {
    var found: Set<Int> = attacker.fits(cell, value) ? [value] : []
    for distance in 1...40 where found.count < Suppression.width {
      for other in [value - distance, value + distance] where other >= 0 && attacker.fits(cell, other) {
        found.insert(other)
      }
    }
    return found
  }

  private func rows(_ product: OpioidProduct, _ name: String) -> [[String]] {
    product.tables.first { $0.slug.hasSuffix(name) }?.rows ?? []
  }

  @Test func laboratoryRowsTellNothingByTheirOrder() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var dice = SplitMix64(seed: seed)
    var hidden = 0
    for round in 0..<120 {
      guard let made = try random(&dice) else { continue }
      let printed = rows(made.product, "laboratory")
      let found = printed.dropFirst(4).map { String($0[0].dropFirst("Confirmed: ".count)) }
      let values =
        ["confirmed", "pending", "negative", "not-submitted"].map { made.tally.byLabStatus[$0] ?? 0 }
        + found.map { made.tally.confirmed[$0] ?? 0 }
      var attacker = Attacker(known: [:], least: [:], sums: [])
      for (index, row) in printed.enumerated() { attacker.learn(index, row[1]) }
      attacker.sums = [
        Attacker.Sum(parts: [0, 1, 2, 3], whole: .known(made.tally.arrests)),
        Attacker.Sum(parts: Array(4..<printed.count), whole: .cell(0)),
      ]
      let places = found.compactMap { made.names.firstIndex(of: $0) }
      if places != places.sorted() {
        for index in printed.indices.dropFirst(5) { attacker.orders.append((more: index - 1, less: index)) }
      }
      for (cell, value) in values.enumerated() where printed[cell][1] == Suppression.sign {
        hidden += 1
        let possible = possible(attacker, cell, value)
        #expect(
          possible.count >= Suppression.width,
          "seed \(seed), round \(round): \(printed[cell][0]), \(value), can only be \(possible) of \(printed)")
      }
    }
    #expect(hidden > 50, "seed \(seed)")
  }

  @Test func listsTellNothingByWhoIsOnThem() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var dice = SplitMix64(seed: seed)
    var (small, lists) = (0, 0)
    for round in 0..<120 {
      guard let made = try random(&dice) else { continue }
      let printed = rows(made.product, "regions")
      let listed = rows(made.product, "communities")
      if !listed.isEmpty { lists += 1 }
      #expect(!listed.joined().contains(Suppression.sign), "seed \(seed), round \(round)")
      let slugs = Self.towns.keys.sorted()
      var attacker = Attacker(known: [:], least: [:], sums: [])
      // Cells 0 to 11: the table of regions with its last row; then the communities, on the list or not.
      var cells: [[Int]] = []
      for row in printed {
        cells.append((0..<4).map { cells.count * 4 + $0 })
        for (index, cell) in zip(cells[cells.count - 1], row[1...4]) { attacker.learn(index, cell) }
      }
      for row in cells { attacker.sums.append(Attacker.Sum(parts: Array(row[0..<3]), whole: .cell(row[3]))) }
      for column in 0..<4 {
        attacker.sums.append(Attacker.Sum(parts: cells.dropLast().map { $0[column] }, whole: .cell(cells[2][column])))
      }
      var places: [String: Int] = [:]
      for (row, slug) in slugs.enumerated() {
        let first = 100 * (row + 1)
        for (index, town) in (Self.towns[slug] ?? []).enumerated() {
          places[town] = first + index
          attacker.least[first + index] = 0
        }
        attacker.sums.append(Attacker.Sum(parts: Array(first..<(first + 5)), whole: .cell(cells[row][3])))
      }
      let onList = listed.compactMap { places[$0[0]] }
      for (place, row) in zip(onList, listed) { attacker.learn(place, row[1]) }
      attacker.orders = zip(onList, onList.dropFirst()).map { (more: $0, less: $1) }
      for place in places.values where !onList.contains(place) {
        attacker.orders += onList.map { (more: $0, less: place) }
      }
      let counts = Dictionary(uniqueKeysWithValues: made.tally.byTown.map { ($0.key.column, $0.value) })
      for (town, place) in places where Suppression.small.contains(counts[town] ?? 0) {
        small += 1
        let possible = possible(attacker, place, counts[town] ?? 0)
        #expect(
          possible.count >= Suppression.width,
          "seed \(seed), round \(round): \(town), \(counts[town] ?? 0), can only be \(possible) of \(printed) \(listed)"
        )
      }
    }
    #expect(small > 50 && lists > 20, "seed \(seed): \(small) small counts, \(lists) lists")
  }
}

extension Attacker {
  /// Reads a printed count.
  fileprivate mutating func learn(_ cell: Int, _ text: String) {
    if let count = Int(text) {
      known[cell] = count
      least[cell] = nil
    } else {
      least[cell] = 1
    }
  }
}
