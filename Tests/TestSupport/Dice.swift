// A small seeded generator, so that a failed property can be repeated from the seed that it prints.

/// SplitMix64.
package struct Dice: RandomNumberGenerator {
  package let seed: UInt64
  private var state: UInt64

  package init(seed: UInt64) {
    self.seed = seed
    state = seed
  }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  package mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }
  /// True once in `many`.
  package mutating func once(in many: Int) -> Bool { below(many) == 0 }
  package mutating func pick<T>(_ values: [T]) -> T { values[below(values.count)] }
  package mutating func some<T>(_ values: [T], atMost: Int) -> [T] {
    Array(values.shuffled(using: &self).prefix(below(atMost + 1)))
  }
}
