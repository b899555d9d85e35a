// Somebody with a pencil: knows every printed count, every sum and how rows are ordered, knows the rule (what is hidden
// is at least 1, what is not printed at least 0), and looks for all whole-number tables that fit. Shares nothing with the
// code that hides: no network, no flow, only trying. What it finds is stronger than the bounds of a linear program, whose
// values need not be whole.

struct Attacker {
  /// Indices of parts, and the whole: an index, or a count that everybody knows.
  enum Whole {
    case cell(Int)
    case known(Int)
  }
  struct Sum {
    var parts: [Int]
    var whole: Whole
  }
  var known: [Int: Int]
  /// The least that an unknown count can be.
  var least: [Int: Int]
  var sums: [Sum]
  /// What the order of rows and the membership of a list tell: the first count is at least the second.
  var orders: [(more: Int, less: Int)] = []

  /// A table that fits and in which the count has this value.
  func fits(_ cell: Int, _ value: Int) -> Bool {
    var ranges: [Int: ClosedRange<Int>] = [:]
    for (index, count) in known { ranges[index] = count...count }
    for (index, count) in least { ranges[index] = count...10_000 }
    guard let range = ranges[cell], range.contains(value) else { return false }
    ranges[cell] = value...value
    return solve(ranges)
  }

  /// Narrows by the sums until nothing changes, then tries the values of the narrowest count left.
  private func solve(_ start: [Int: ClosedRange<Int>]) -> Bool {
    var ranges = start
    guard narrow(&ranges) else { return false }
    let open = ranges.filter { $0.value.count > 1 }.min { ($0.value.count, $0.key) < ($1.value.count, $1.key) }
    guard let open else { return true }
    for value in open.value {
      var next = ranges
      next[open.key] = value...value
      if solve(next) { return true }
    }
    return false
  }

  private func narrow(_ ranges: inout [Int: ClosedRange<Int>]) -> Bool {
    var changed = true
    while changed {
      changed = false
      for (more, less) in orders {
        guard let upper = ranges[more], let lower = ranges[less] else { continue }
        guard lower.lowerBound <= upper.upperBound else { return false }
        let higher = max(upper.lowerBound, lower.lowerBound)...upper.upperBound
        let smaller = lower.lowerBound...min(lower.upperBound, upper.upperBound)
        changed = changed || higher != upper || smaller != lower
        (ranges[more], ranges[less]) = (higher, smaller)
      }
      for sum in sums {
        let parts = sum.parts.map { ranges[$0] ?? 0...0 }
        let low = parts.reduce(0) { $0 + $1.lowerBound }
        let high = parts.reduce(0) { $0 + $1.upperBound }
        var whole: ClosedRange<Int>
        switch sum.whole {
        case .known(let count): whole = count...count
        case .cell(let index): whole = ranges[index] ?? 0...0
        }
        guard max(low, whole.lowerBound) <= min(high, whole.upperBound) else { return false }
        if case .cell(let index) = sum.whole {
          let narrowed = max(low, whole.lowerBound)...min(high, whole.upperBound)
          if narrowed != whole {
            ranges[index] = narrowed
            whole = narrowed
            changed = true
          }
        }
        for (position, index) in sum.parts.enumerated() {
          let part = parts[position]
          let from = max(part.lowerBound, whole.lowerBound - (high - part.upperBound))
          let to = min(part.upperBound, whole.upperBound - (low - part.lowerBound))
          guard from <= to else { return false }
          if from...to != part, ranges[index] == part {
            ranges[index] = from...to
            changed = true
          }
        }
      }
    }
    return true
  }
}
