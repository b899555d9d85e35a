// The list of the communities with the most arrests. It ends before the first count that is hidden: then its order and who
// is on it say no more than that every other community has fewer than the last one listed. That bound, too, leaves every
// community off the list four values and more; where it would not, the list is shorter.

extension OpioidTables {
  /// Community and count, most first; equal ones by name. Row is the region, column the name.
  func rankedTowns() -> [(key: OpioidTally.Pair, value: Int)] {
    let slugs = Set(regions.map(\.slug))
    return tally.byTown.filter { slugs.contains($0.key.row) }.sorted {
      ($1.value, $0.key.column) < ($0.value, $1.key.column)
    }
  }

  /// How many communities can be listed.
  func longestList(_ most: Int, of towns: [(key: OpioidTally.Pair, value: Int)]) -> Int {
    var length = min(most, towns.prefix { $0.value > Suppression.small.upperBound }.count)
    while length > 0, !leavesRoom(towns[..<length]) { length -= 1 }
    return length
  }

  /// In each region, the communities off the list have room for the rest and a whole width more, with one of them at 0
  /// and none above the bound that the list tells.
  private func leavesRoom(_ listed: ArraySlice<(key: OpioidTally.Pair, value: Int)>) -> Bool {
    let bound = (listed.last?.value ?? 0) - 1
    return regions.allSatisfy { region in
      let own = listed.filter { $0.key.row == region.slug }
      let total = tally.byRegionAndOffense.reduce(0) { $0 + ($1.key.row == region.slug ? $1.value : 0) }
      let rest = total - own.reduce(0) { $0 + $1.value }
      return rest + Suppression.width <= (region.communities - own.count - 1) * bound
    }
  }
}
