// Law 6 of markings.md: adding a true fact to a reader never removes a portion from what any channel brings them, but a
// tear line whose block they now see whole. And the other way: an expired fact stops at once.

import Bulletins
import Distribution
import Markings
import TestSupport
import Testing

@Suite struct TrueFactTests {
  static let additions: [@Sendable (inout Stakeholder) -> Void] = [
    { $0.clearance = .les }, { $0.agreements.append(Agreement("nda", until: Bench.far)) },
    { $0.agreements.append(Agreement("p23", until: Bench.far)) },
    { $0.agreements.append(Agreement("ssi", until: Bench.far)) },
    { $0.vetting = Vetting(on: .day("2026-01-01"), until: Bench.far) }, { $0.audienceAttested = Bench.far },
    { $0.sectors.append("energy") }, { $0.disciplines.append("fire") }, { $0.regions.append("worcester") },
    { $0.status = .active }, { if $0.role == nil { $0.role = .sworn } },
  ]

  @Test func aFurtherTrueFactTakesNothingAway() throws {
    for seed in 2000...UInt64(2030) {
      let readers = ReaderGenerator.readers(30, seed: seed)
      let trial = LeakTrial(seed: seed, readers: readers)
      let round = trial.decider.round(at: Shipped.noon)
      var known: [VariantKey: Set<String>] = [:]
      let torn = Set(trial.bulletin.pieces.flatMap(\.tornTexts).map(\.canary))
      for reader in readers {
        for (index, add) in Self.additions.enumerated() {
          var better = reader
          add(&better.stakeholder)
          for channel in ChannelClass.allCases {
            let before = try printed(round.decide(reader, Endpoint(channel), words: false), trial, &known)
            let after = try printed(round.decide(better, Endpoint(channel), words: false), trial, &known)
            let lost = before.subtracting(after).subtracting(torn)
            #expect(lost.isEmpty, "seed \(seed), \(reader.id), fact \(index), \(channel): lost \(lost)")
          }
        }
      }
    }
  }

  private func printed(
    _ decision: Decision, _ trial: LeakTrial, _ known: inout [VariantKey: Set<String>]
  ) throws -> Set<String> {
    guard let key = decision.variant else { return [] }
    if let canaries = known[key] { return canaries }
    let variant = try #require(trial.decider.variant(key))
    let text = String(describing: variant)
    let canaries = Set(trial.bulletin.canaries.filter(text.contains))
    known[key] = canaries
    return canaries
  }

  @Test func factsStopOnTheSecond() {
    let last = CivilDate.day("2026-11-22")
    let end = last.end(in: Shipped.zone)
    var draft = Bench.Draft()
    draft.body = [
      draft.paragraph("(U//FOUO) a"), draft.paragraph("(U//LES) b"), draft.paragraph("(U//SSI) c"),
      draft.paragraph("(U) d", p23: true),
    ]
    draft.front.gates[.p23] = Gate(value: true, reason: "yes")
    let decider = Bench.decider(draft.revision())
    func seen(_ reader: Reader, _ second: Int64) -> Int {
      decider.decide(reader, Endpoint(.portal), now: Instant(seconds: end.seconds + second)).variant?.visible.count
        ?? -1
    }
    func reader(_ change: (inout Stakeholder) -> Void) -> Reader {
      Bench.reader {
        $0.agreements = ["nda", "p23", "ssi"].map { Agreement($0, until: Bench.far) }
        change(&$0)
      }
    }
    #expect(seen(reader { _ in }, 0) == 6)
    for (name, left) in [("nda", 2), ("p23", 5), ("ssi", 5)] {
      let expiring = reader { person in
        person.agreements = person.agreements.map { $0.name == name ? Agreement(name, until: last) : $0 }
      }
      #expect(seen(expiring, -1) == 6 && seen(expiring, 0) == left, "\(name)")
    }
    let vetted = reader { $0.vetting = Vetting(on: .day("2026-01-01"), until: last) }
    #expect(seen(vetted, -1) == 6 && seen(vetted, 0) == 2)
    let begins = reader { $0.vetting = Vetting(on: last.next, until: Bench.far) }
    #expect(seen(begins, -1) == 2 && seen(begins, 0) == 6)
    let system = reader {
      $0.mailbox = .system
      $0.audienceAttested = last
    }
    #expect(seen(system, -1) == 5 && seen(system, 0) == 3)
  }

  @Test func theWindowOpensAndCloses() {
    var draft = Bench.Draft {
      $0.notBefore = .date(.day("2026-11-22"))
      $0.expires = .date(.day("2026-11-23"))
    }
    draft.body = [draft.paragraph("(U) a")]
    let decider = Bench.decider(draft.revision())
    func decide(_ instant: Instant, _ second: Int64) -> Decision {
      decider.decide(Bench.reader(), Endpoint(.portal), now: Instant(seconds: instant.seconds + second))
    }
    let start = CivilDate.day("2026-11-22").start(in: Shipped.zone)
    let end = CivilDate.day("2026-11-23").end(in: Shipped.zone)
    #expect(decide(start, -1).reasons.map(\.machine) == ["window"])
    #expect(decide(start, 0).variant != nil && decide(end, -1).variant != nil)
    #expect(decide(end, 0) == .notice(.expired))
  }

  @Test func aPolicyEditIsVisible() {
    var draft = Bench.Draft()
    draft.body = [draft.paragraph("(U//FOUO) a")]
    let revision = draft.revision()
    var strict = Shipped.policy
    strict.atoms[.fouo] = .nobody
    let (before, after) = (Bench.decider(revision), Bench.decider(revision, policy: strict))
    let (met, unmet) = (Bench.reader("a"), Bench.reader("b", clearance: .public))
    func visible(_ decider: Decider, _ reader: Reader) -> [Int] {
      decider.decide(reader, Endpoint(.portal), now: Shipped.noon).variant?.visible.indices.map { $0 } ?? []
    }
    #expect(visible(before, met).contains(2) && !visible(after, met).contains(2))
    #expect(visible(before, unmet) == visible(after, unmet))
    let hashes = [before, after].map { $0.round(at: Shipped.noon).hash(met, Endpoint(.portal)) }
    #expect(hashes[0] != hashes[1])
  }
}

extension Piece {
  /// Texts inside tear lines.
  fileprivate var tornTexts: [CanaryText] {
    switch self {
    case .tearline(let inner): inner.flatMap(\.texts)
    case .only(_, let inner): inner.flatMap(\.tornTexts)
    default: []
    }
  }
}
