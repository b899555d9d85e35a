// Predicates as data: cycles and unknown words are false, and the table of what atoms demand of each other.

import Bulletins
import Distribution
import Markings
import TestSupport
import Testing

@Suite struct PolicyEvaluationTests {
  func policy(_ atoms: [Atom: Predicate]) -> ReleasePolicy { ReleasePolicy(name: "t", version: "1", atoms: atoms) }
  func meets(_ policy: ReleasePolicy, _ atom: Atom) -> Bool {
    CompiledPolicy(policy, vocabulary: Shipped.vocabulary)
      .meets(atom, Bench.reader(), at: DecisionTime(Shipped.noon, site: Shipped.site))
  }

  @Test func aCycleIsFalse() {
    let circular = policy([
      .fouo: .atom(.les), .les: .atom(.fouo), .ssi: .any([.atom(.ssi), .clearance("fouo")]),
      .pcii: .any([.atom(.les), .clearance("fouo")]),
    ])
    #expect(!meets(circular, .fouo))
    #expect(!meets(circular, .les))
    #expect(meets(circular, .ssi))
    #expect(meets(circular, .pcii))
    #expect(CompiledPolicy.cycles(in: circular) == [.fouo, .les, .ssi])
  }

  @Test func whatNobodyKnowsIsFalse() {
    #expect(!meets(policy([.fouo: .has(.type, ["no-such-type"])]), .fouo))
    #expect(!meets(policy([.fouo: .clearance("secret")]), .fouo))
    #expect(!meets(policy([.fouo: .agreement("handshake")]), .fouo))
    #expect(!meets(policy([.fouo: .invalid("shoe-size")]), .fouo))
    #expect(!meets(policy([.fouo: .atom(Atom("NO SUCH"))]), .fouo))
    #expect(!meets(policy([Atom("NO SUCH"): .everybody]), Atom("NO SUCH")))
    #expect(!meets(policy([.namedOnly: .everybody]), .namedOnly))
  }

  @Test func theDefaultPolicyDemandsFOUOBesideWhatHidesIt() throws {
    let order = try #require(AtomTable.order(Shipped.policy, vocabulary: Shipped.vocabulary))
    for atom in [Atom.les, .ssi, .deaSensitive] { #expect(order.isAtMost(.fouo, atom), "\(atom)") }
    #expect(!order.isAtMost(.les, .fouo))
    #expect(order.isAtMost(.les, .criminalIntelligence))
    #expect(order.isAtMost(.partner, .government))
    #expect(!order.isAtMost(.noforn, .les))
    #expect(order.isAtMost(TrafficLight.clear.atom, .government))
  }

  @Test func aPolicyThatOpensLESIsFound() throws {
    var loose = Shipped.policy
    loose.atoms[.les] = .clearance("les")
    let order = try #require(AtomTable.order(loose, vocabulary: Shipped.vocabulary))
    #expect(!order.isAtMost(.fouo, .les))
  }

  @Test func datesAreValidThroughTheirLastSecondInTheZone() {
    let endOfDay = CivilDate.day("2026-11-22").end(in: Shipped.zone)
    let reader = Bench.reader { $0.agreements = [Agreement("nda", until: .day("2026-11-22"))] }
    let compiled = CompiledPolicy(Shipped.policy, vocabulary: Shipped.vocabulary)
    let last = DecisionTime(Instant(seconds: endOfDay.seconds - 1), site: Shipped.site)
    #expect(compiled.meets(.fouo, reader, at: last))
    #expect(!compiled.meets(.fouo, reader, at: DecisionTime(endOfDay, site: Shipped.site)))
  }

  @Test func vettingNeedsBothEndsAndNoFutureStart() {
    let compiled = CompiledPolicy(Shipped.policy, vocabulary: Shipped.vocabulary)
    let time = DecisionTime(Shipped.noon, site: Shipped.site)
    for vetting in [
      nil, Vetting(on: .day("2026-01-01"), until: nil), Vetting(on: nil, until: Bench.far),
      Vetting(on: .day("2026-11-23"), until: Bench.far),
    ] {
      #expect(!compiled.meets(.fouo, Bench.reader { $0.vetting = vetting }, at: time))
    }
    #expect(
      compiled.meets(.fouo, Bench.reader { $0.vetting = Vetting(on: .day("2026-11-22"), until: Bench.far) }, at: time))
  }
}
