// What the tests of this folder share: a small registry, readers as values, a seeded generator.

import Markings

let registry = MarkingRegistry(
  categories: [
    "INV": .basic, "LEI": .basic, "INF": .basic, "PROPIN": .basic,
    "SP-CHRI": .specified, "SP-INF": .specified, "SP-PCII": .specified, "SP-SSI": .specified,
  ],
  disseminationControls: [
    "NOFORN": "NOFORN", "NF": "NOFORN", "FED ONLY": "FED ONLY", "FEDCON": "FEDCON", "NOCON": "NOCON",
    "DL ONLY": "DL ONLY", "AC": "AC", "AWP": "AWP", "DP": "DP", "REL TO": "REL TO", "DISPLAY ONLY": "DISPLAY ONLY",
  ],
  countries: ["AUS", "CAN", "GBR", "JPN", "NZL", "USA"])

func read(_ text: String, _ scheme: Scheme = .legacy) -> MarkReading {
  MarkReader.read(text, registry: registry, scheme: scheme)
}

/// One mark for each of the texts, as the first thing of a block.
func portions(_ texts: [String], _ scheme: Scheme = .legacy) -> [PortionMark] {
  texts.compactMap { read($0, scheme).mark }
}

func rules(_ reading: MarkReading) -> [String] { reading.problems.map(\.rule) }

/// A reader for whom it is known which atoms and clause values they have.
struct SampleReader: LabelReader {
  var id = "r"
  var country: String? = "USA"
  var atoms: Set<Atom> = []
  var values: Set<String> = []

  func meets(_ atom: Atom) -> Bool { atoms.contains(atom) }
  func meets(_ clause: Clause) -> Bool { !clause.values.isDisjoint(with: values) }
}

/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014).
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

extension Array {
  /// All subsets, in a fixed order.
  var subsets: [[Element]] {
    reduce([[]]) { sets, element in sets + sets.map { $0 + [element] } }
  }
}
