// The laws of markings.md section 3 over labels: exhaustively over a small domain and with random labels.
// Law 5 is in MarkWriterTests; law 6 speaks of readers' facts and belongs to the policy engine.

import Markings
import Testing

@Suite struct LabelLawsTests {
  static let a = Atom("A")
  static let b = Atom("B")
  static let noon = Instant(seconds: 12)

  /// 4 x 3 x 3 x 3 x 2 x 2 labels and every TOP.
  static let domain: [Label] = {
    let e = Clause(.sectors, ["energy"])
    let ew = Clause(.sectors, ["energy", "water"])
    var labels: [Label] = []
    for atoms: Set<Atom> in [[], [a], [b], [a, b]] {
      for countries: CountrySet in [.all, .only(["USA"]), .only(["CAN", "USA"])] {
        for clauses: Set<Clause> in [[], [e], [ew, Clause(.sectors, ["water", "health"])]] {
          for named: NamedSet in [.anyone, .only([]), .only(["r"])] {
            for window in [Window.always, Window(expires: noon)] {
              for level in [Level.unclassified, .secret] {
                labels.append(
                  Label(
                    level: level, atoms: atoms, countries: countries, clauses: clauses, named: named, window: window))
              }
            }
          }
        }
      }
    }
    return labels + Level.allCases.flatMap { level in Obstacle.allCases.map { Label.top($0, level: level) } }
  }()

  static let readers: [SampleReader] = [
    SampleReader(atoms: [a, b], values: ["energy", "health"]), SampleReader(id: "s", atoms: [a], values: ["water"]),
    SampleReader(country: "CAN", atoms: [b], values: ["energy"]), SampleReader(country: nil),
  ]
  static let times = [Instant(seconds: 11), noon]

  /// Everything that the laws say of two labels.
  private func check(_ x: Label, _ y: Label, _ order: AtomOrder, note: @autoclosure () -> String) {
    let joined = x.joined(y)
    #expect(joined == y.joined(x), "\(note())")
    #expect(x.joined(x) == x, "\(note())")
    #expect(x.isAtMost(joined, under: order) && y.isAtMost(joined, under: order), "\(note())")
    #expect(joined.isTop == (x.isTop || y.isTop), "\(note())")
    let isAtMost = x.isAtMost(y, under: order)
    for reader in Self.readers {
      for time in Self.times {
        let admitsY = y.admits(reader, at: time)
        let both = x.admits(reader, at: time) && admitsY
        #expect(joined.admits(reader, at: time) == both, "\(note())")
        if isAtMost, admitsY { #expect(both, "\(note())") }
      }
    }
  }

  @Test func exhaustively() {
    // Every third label against every seventh: each value of each axis meets each.
    for x in Self.domain.enumerated() where x.offset % 3 == 0 {
      for y in Self.domain.enumerated() where (y.offset + x.offset) % 7 == 0 {
        check(x.element, y.element, AtomOrder(), note: "\(x.element) \(y.element)")
      }
    }
  }

  @Test func associativityExhaustively() {
    let axes: [[Label]] = [
      [[], [Self.a], [Self.b], [Self.a, Self.b]].map { Label(atoms: $0) },
      [.all, .only([]), .only(["USA"]), .only(["CAN", "USA"])].map { Label(countries: $0) },
      [.anyone, .only([]), .only(["r"]), .only(["r", "s"])].map { Label(named: $0) },
      [.always, Window(expires: Self.noon), Window(notBefore: Self.noon)].map { Label(window: $0) },
      [["energy"], ["water"], ["energy", "water"], []].map { Label(clauses: [Clause(.sectors, $0)]) },
      Level.allCases.map { Label(level: $0) } + Obstacle.allCases.map { .top($0) },
    ]
    for labels in axes {
      for x in labels {
        for y in labels {
          for z in labels { #expect(x.joined(y).joined(z) == x.joined(y.joined(z))) }
        }
      }
    }
  }

  @Test func random() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var generator = SplitMix64(seed: seed)
    // A reader of B meets A, and the order knows it.
    let order = AtomOrder(demandedBy: [Self.b: [Self.a]])
    let policyReaders = Self.readers.filter { !$0.atoms.contains(Self.b) || $0.atoms.contains(Self.a) }
    func label() -> Label {
      func some<T: Hashable>(_ values: [T]) -> Set<T> { Set(values.filter { _ in Bool.random(using: &generator) }) }
      let rare = Int.random(in: 0..<10, using: &generator)
      return Label(
        level: rare == 0 ? .secret : .unclassified,
        atoms: some([Self.a, Self.b]),
        countries: Bool.random(using: &generator) ? .all : .only(some(["USA", "CAN", "GBR"])),
        clauses: some([
          Clause(.sectors, some(["energy", "water"])), Clause(.sectors, some(["water", "health"])),
          Clause(.regions, some(["worcester"])),
        ]),
        named: Bool.random(using: &generator) ? .anyone : .only(some(["r", "s"])),
        window: Window(notBefore: rare == 1 ? Self.noon : nil, expires: rare == 2 ? Self.noon : nil),
        obstacles: rare == 3 ? some(Obstacle.allCases) : [])
    }
    for _ in 0..<3_000 {
      let (x, y, z) = (label(), label(), label())
      check(x, y, AtomOrder(), note: "seed \(seed)")
      #expect(x.joined(y).joined(z) == x.joined(y.joined(z)), "seed \(seed)")
      #expect(Label.join([x, y, z]) == Label.join([z, x, y]), "seed \(seed)")
      guard x.isAtMost(y, under: order) else { continue }
      for reader in policyReaders where y.admits(reader, at: Self.noon) {
        #expect(x.admits(reader, at: Self.noon), "seed \(seed): \(x) \(y)")
      }
    }
  }

  @Test func clausesAreCNF() {
    let portions = [
      Label(clauses: [Clause(.sectors, ["energy", "water"])]), Label(clauses: [Clause(.sectors, ["water", "health"])]),
    ]
    let both = SampleReader(values: ["energy", "health"])
    #expect(portions.allSatisfy { $0.admits(both, at: Self.noon) })
    #expect(Label.join(portions).admits(both, at: Self.noon))
    #expect(!Label.join(portions).admits(SampleReader(values: ["energy"]), at: Self.noon))
  }

  @Test func aboveUAdmitsNobody() {
    let everything = SampleReader(atoms: [.government], values: [])
    #expect(!Label(level: .confidential).admits(everything, at: Self.noon))
    #expect(Label.bottom.admits(SampleReader(country: nil), at: Self.noon))
  }

  @Test func fouoIsAtMostLESWhenLESDemandsIt() {
    let order = AtomOrder(demandedBy: [.les: [.fouo]])
    #expect(Label(atoms: [.fouo]).isAtMost(Label(atoms: [.les]), under: order))
    #expect(!Label(atoms: [.fouo]).isAtMost(Label(atoms: [.les]), under: AtomOrder()))
    #expect(!Label(atoms: [.les]).isAtMost(Label(atoms: [.fouo]), under: order))
  }
}
