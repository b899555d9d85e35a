// Random bulletins x readers x channels, against an oracle written from the specification: nobody sees what they may
// not, everybody gets what they may, and nothing of a hidden portion is anywhere in a variant (release-policy.md
// section 8). `REVERE_LEAK_TEST=long` makes it more than a million decisions.

import Authoring
import Bulletins
import Distribution
import Foundation
import Markings
import TestSupport
import Testing

@Suite struct LeakTests {
  static let bulletins = ProcessInfo.processInfo.environment["REVERE_LEAK_TEST"] == "long" ? 2_100 : 42
  static let channels = ChannelClass.allCases

  @Test func decisionsAgreeWithTheOracleAndVariantsHoldNothingElse() throws {
    var counts = (full: 0, cut: 0, notice: 0, withheld: 0, variants: 0)
    for seed in 1...UInt64(Self.bulletins) {
      let readers = ReaderGenerator.readers(80, seed: seed)
      let trial = LeakTrial(seed: seed, readers: readers)
      #expect(trial.read.document.faults.isEmpty, "seed \(seed): \(trial.read.findings.map(\.message))")
      let oracle = Oracle(trial.bulletin, now: Shipped.noon, today: .day("2026-11-22"))
      let round = trial.decider.round(at: Shipped.noon)
      var looked: Set<VariantKey> = []
      for reader in readers {
        for channel in Self.channels {
          let decision = round.decide(reader, Endpoint(channel), words: false)
          let expected = oracle.outcome(reader, channel)
          let isAsExpected = agrees(decision, expected, trial)
          #expect(
            isAsExpected,
            "seed \(seed), \(reader.id), \(channel): \(decision) for \(expected)\n\(trial.bulletin.markdown)")
          guard isAsExpected else { return }
          switch decision {
          case .full(let key):
            counts.full += 1
            if key.cut { counts.cut += 1 }
          case .notice: counts.notice += 1
          case .withheld: counts.withheld += 1
          }
          guard case .full(let key) = decision, looked.insert(key).inserted else { continue }
          counts.variants += 1
          let variant = try #require(trial.decider.variant(key), "seed \(seed)")
          // What is not printed changes nothing: not the variant, not what is printed.
          #expect(trial.decider.printed(key.visible) == key.visible, "seed \(seed)")
          if channel == .portal {
            let unreduced = try #require(
              trial.decider.variant(VariantKey(visible: round.met(reader), cut: false)), "seed \(seed)")
            var same = unreduced
            same.id = variant.id
            #expect(same == variant, "seed \(seed), \(reader.id)\n\(trial.bulletin.markdown)")
          }
          let text = String(describing: variant)
          let inside = Set(trial.bulletin.canaries.filter(text.contains))
          let printed = oracle.printed(trial.words(key.visible))
          #expect(
            inside == printed,
            "seed \(seed): leaked \(inside.subtracting(printed)), lost \(printed.subtracting(inside))\n\(trial.bulletin.markdown)"
          )
          if inside != printed { return }
        }
      }
    }
    // The run met every kind of outcome often enough to mean something.
    let total = counts.full + counts.notice + counts.withheld
    print("leak test: \(total) decisions, \(counts)")
    #expect(counts.full * 10 > total && counts.cut > 0 && counts.notice > 0 && counts.withheld > 0)
  }

  private func agrees(_ decision: Decision, _ expected: Oracle.Outcome, _ trial: LeakTrial) -> Bool {
    switch (decision, expected) {
    case (.full(let key), .full(let canaries, let cut)): trial.words(key.visible) == canaries && key.cut == cut
    case (.notice(.cut), .notice): true
    case (.withheld(let reasons), .withheld(let code)):
      switch code {
      case "hollow": reasons.contains { $0.code == .hollow }
      default: reasons.map(\.machine) == [code]
      }
    default: false
    }
  }

  @Test func portionByPortionTheLawsOfLabelsAgree() {
    for seed in 500...UInt64(510) {
      let readers = ReaderGenerator.readers(40, seed: seed)
      let trial = LeakTrial(seed: seed, readers: readers)
      let round = trial.decider.round(at: Shipped.noon)
      for reader in readers {
        let met = round.met(reader)
        for (index, portion) in trial.decider.labels.portions.enumerated() {
          #expect(round.meets(portion.label, reader) == met.contains(index), "seed \(seed), \(reader.id), \(index)")
        }
      }
    }
  }
}
