// The decision vectors of release-policy.md section 7.

import Bulletins
import Distribution
import Markings
import TestSupport
import Testing

@Suite struct DecisionVectorTests {
  let canadian = Bench.reader("ca", clearance: .fouo, level: .foreign, country: "CAN")
  let firm = Bench.reader("firm", clearance: .partner, level: .private, type: "critical-infrastructure")

  @Test func canadianPoliceWithARecordedRelease() {
    let text = "(U//FOUO/REL TO USA, CAN) text"
    #expect(Bench.meets(canadian, text, decisions: RecordedDecisions(foreignRelease: ["CAN"])))
    #expect(!Bench.meets(canadian, text))
    #expect(!Bench.meets(canadian, "(U) text", decisions: RecordedDecisions(foreignRelease: ["CAN"])))
    #expect(!Bench.meets(canadian, text, decisions: RecordedDecisions(foreignRelease: ["GBR"])))
  }

  @Test func privatePartner() {
    #expect(!Bench.meets(firm, "(U) text"))
    #expect(Bench.meets(firm, "(U) text", decisions: RecordedDecisions(privateRelease: true)))
    #expect(!Bench.meets(firm, "(U//LES) text", decisions: RecordedDecisions(privateRelease: true)))
  }

  @Test func privateFirmByCitizenship() {
    let released = RecordedDecisions(privateRelease: true)
    #expect(Bench.meets(firm, "(U//NF) text", decisions: released))
    var british = firm
    british.stakeholder.citizenship = .country("GBR")
    #expect(!Bench.meets(british, "(U//NF) text", decisions: released))
    british.stakeholder.citizenship = .malformed
    #expect(!Bench.meets(british, "(U//NF) text", decisions: released))
  }

  @Test func sharedMailbox() {
    let desk = Bench.reader { $0.mailbox = .shared }
    #expect(Bench.meets(desk, "(U//FOUO) text"))
    #expect(!Bench.meets(desk, "(U//LES) text"))
  }

  @Test func partnerSystem() {
    let attested = Bench.reader {
      $0.mailbox = .system
      $0.audienceAttested = Bench.far
    }
    #expect(Bench.meets(attested, "(U//LES) text"))
    #expect(!Bench.meets(Bench.reader { $0.mailbox = .system }, "(U//LES) text"))
  }

  @Test func agreementThatExpiredYesterday() {
    let late = Bench.reader { $0.agreements = [Agreement("nda", until: .day("2026-11-21"))] }
    #expect(!Bench.meets(late, "(U//FOUO) text"))
    #expect(Bench.meets(late, "(U) text"))
    let lastDay = Bench.reader { $0.agreements = [Agreement("nda", until: .day("2026-11-22"))] }
    #expect(Bench.meets(lastDay, "(U//FOUO) text"))
  }

  @Test func trafficLights() {
    #expect(Bench.meets(firm, "(TLP:AMBER) text", scheme: .tlp))
    let withoutAgreement = Bench.reader { $0.agreements = [] }
    #expect(!Bench.meets(withoutAgreement, "(TLP:AMBER) text", scheme: .tlp))
    #expect(Bench.meets(withoutAgreement, "(TLP:GREEN) text", scheme: .tlp))
    #expect(!Bench.meets(Bench.reader(), "(TLP:RED) text", scheme: .tlp))
    #expect(Bench.meets(Bench.reader(), "(TLP:RED) text", scheme: .tlp) { $0.to = ["r"] })
    #expect(!Bench.meets(canadian, "(TLP:CLEAR) text", scheme: .tlp))
  }

  @Test func suspended() {
    for status in [ReaderStatus.suspended, .departed, nil] {
      let decider = Bench.decider(Bench.Draft().revision())
      let decision = decider.decide(
        Bench.reader { $0.status = status }, Endpoint(.portal), now: Shipped.noon)
      #expect(decision.reasons.map(\.machine) == ["status"])
    }
  }

  @Test func memberOfTwoSectorsReadsBothPortions() {
    let member = Bench.reader { $0.sectors = ["energy", "healthcare"] }
    #expect(Bench.meets(member, "(U) text", clauses: [Clause(.sectors, ["energy", "water"])]))
    #expect(Bench.meets(member, "(U) text", clauses: [Clause(.sectors, ["water", "healthcare"])]))
    #expect(!Bench.meets(member, "(U) text", clauses: [Clause(.sectors, ["water"])]))
    #expect(!Bench.meets(member, "(U) text", clauses: [Clause(.sectors, [])]))
  }

  @Test func regionsStandForWhatIsBelowThem() {
    let townsman = Bench.reader { $0.regions = ["worcester"] }
    #expect(Bench.meets(townsman, "(U) text", clauses: [Clause(.regions, ["central"])]))
    let everywhere = Bench.reader { $0.regions = ["statewide"] }
    #expect(!Bench.meets(everywhere, "(U) text", clauses: [Clause(.regions, ["central"])]))
    #expect(Bench.meets(everywhere, "(U) text", clauses: [Clause(.regions, ["statewide"])]))
  }

  @Test func foreignOrganizationAtHomeMeetsOnlyWhatIsOpenToAll() {
    let odd = Bench.reader(level: .foreign, country: "USA")
    #expect(!Bench.meets(odd, "(U) text"))
    #expect(Bench.meets(odd, "(U) text", decisions: RecordedDecisions(publicRelease: true)))
  }

  @Test func publicReleaseOpensOnlyBarePortions() {
    let released = RecordedDecisions(publicRelease: true)
    #expect(Bench.meets(canadian, "(U) text", decisions: released))
    #expect(!Bench.meets(canadian, "(U//NF) text", decisions: released))
    #expect(!Bench.meets(canadian, "(U) text", decisions: released, clauses: [Clause(.sectors, ["energy"])]))
    #expect(!Bench.meets(canadian, "(U) (TLP:GREEN) text", decisions: released))
    #expect(Bench.meets(canadian, "(U) (TLP:CLEAR) text", decisions: released))
  }

  @Test func unknownAtomsAreMetByNobody() {
    #expect(!Bench.meets(Bench.reader(), "(U//XYZ) text"))
    #expect(!Bench.meets(Bench.reader(), "(CUI//SP-SGI) text", scheme: .cui))
    #expect(!Bench.meets(Bench.reader(), "(CUI//DL ONLY) text", scheme: .cui))
    #expect(Bench.meets(Bench.reader(), "(CUI//DL ONLY) text", scheme: .cui) { $0.to = ["r"] })
  }
}
