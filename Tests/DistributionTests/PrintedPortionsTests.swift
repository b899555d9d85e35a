// What counts as cut, and what makes a webhook thin: what is printed, not what might have been (decision 0073).

import Bulletins
import Distribution
import Markings
import TestSupport
import Testing

@Suite struct PrintedPortionsTests {
  let fouo = Bench.reader("fouo", clearance: .fouo)
  let les = Bench.reader("les")

  /// What these readers get by a channel of a bulletin with an open bottom line and something after it.
  private func key(
    _ reader: Reader, _ channel: ChannelClass = .emailPlain, sources: [SourceEntry] = [], hsec: [Int] = [],
    title: String = "(U) Title", shortTitle: String = "(U) Short",
    body: (inout Bench.Draft) -> [Block] = { _ in [] }
  ) throws -> (key: VariantKey, whole: VariantKey, decider: Decider) {
    var draft = Bench.Draft(title: title, shortTitle: shortTitle) {
      $0.sources = sources
      $0.hsec = hsec
    }
    draft.body = [draft.heading("(U) Bottom line"), draft.paragraph("(U) Open.")]
    draft.body += body(&draft)
    let decider = Bench.decider(draft.revision(required: ["Bottom line"]))
    func decided(_ channel: ChannelClass) throws -> VariantKey {
      try #require(decider.decide(reader, Endpoint(channel), now: Shipped.noon).variant)
    }
    return (try decided(channel), try decided(.portal), decider)
  }

  private let report = [SourceEntry(id: "s1", describe: Bench.marked("(U//FOUO) A report"))]

  @Test func aSourceThatOnlyHiddenBlocksCiteIsNotCut() throws {
    let hidden = try key(fouo, .emailPlain, sources: report) { [$0.paragraph("(U//LES) Where it was.", cites: ["s1"])] }
    #expect(hidden.key == hidden.whole && !hidden.key.cut)
    let cited = try key(fouo, .emailPlain, sources: report) { [$0.paragraph("(U) What it was.", cites: ["s1"])] }
    #expect(cited.key.cut && !cited.whole.cut)
    // Whoever may read the block has more of it in the portal, and is told so.
    let seen = try key(les, .emailPlain, sources: report) { [$0.paragraph("(U//LES) Where it was.", cites: ["s1"])] }
    #expect(seen.key.cut)
  }

  @Test func aTearLineWhoseBlockIsSeenWholeIsNotCut() throws {
    let police = [Clause(.organizationTypes, ["law-enforcement"])]
    func body(_ draft: inout Bench.Draft) -> [Block] {
      [
        draft.paragraph("(U) Call the desk.", clauses: police),
        Block(.tearline([draft.paragraph("(U//FOUO) Check the pump.")])),
      ]
    }
    let officer = try key(fouo, body: body)
    #expect(officer.key == officer.whole && !officer.key.cut)
    let engineer = Bench.reader("engineer", clearance: .fouo, type: "public-health")
    #expect(try key(engineer, body: body).key.cut)
  }

  @Test func aHeadingWithNothingBelowItIsNotCut() throws {
    let empty = try key(fouo) { [$0.heading("(U//FOUO) Annex"), $0.paragraph("(U//LES) Closed.")] }
    #expect(empty.key == empty.whole && !empty.key.cut)
    #expect(try key(les) { [$0.heading("(U//FOUO) Annex"), $0.paragraph("(U//LES) Closed.")] }.key.cut)
  }

  @Test func aShortTitleIsCutWhereItOrFactsUnderItAreShown() throws {
    #expect(try !key(fouo, shortTitle: "(U//FOUO) Short").key.cut)
    #expect(try key(fouo, .emailPlain, hsec: [3], shortTitle: "(U//FOUO) Short").key.cut)
    #expect(try key(fouo, title: "(U//FOUO) Title").key.cut)
    // It is the subject of mail: mail that has it is not the mail that has not.
    let held = try key(fouo, .emailTLS, shortTitle: "(U//FOUO) Short")
    #expect(held.key.visible.contains(Document.shortTitlePortion))
  }

  @Test func webhooksAreThinForWhatTheySay() throws {
    let hidden = try key(fouo, .webhook, sources: report) { [$0.paragraph("(U//LES-NF/DSEN) Where.", cites: ["s1"])] }
    #expect(!hidden.decider.isThin(hidden.key, Endpoint(.webhook)))
    let cited = try key(fouo, .webhook, sources: report) { [$0.paragraph("(U) What it was.", cites: ["s1"])] }
    #expect(cited.decider.isThin(cited.key, Endpoint(.webhook)))
    #expect(
      VariantBuilder.id(hidden.key, hidden.decider.revision)
        == VariantBuilder.id(
          try key(Bench.reader("none", clearance: .public), .webhook, sources: report) {
            [$0.paragraph("(U//LES-NF/DSEN) Where.", cites: ["s1"])]
          }.key, hidden.decider.revision))
  }

  @Test func theLabelInHeadersSaysWhatTheSubjectSays() throws {
    let made = try key(fouo, .emailTLS, shortTitle: "(U//FOUO) Short")
    let variant = try #require(made.decider.variant(made.key))
    #expect(variant.banner.text == "UNCLASSIFIED")
    func label(_ channel: ChannelClass) -> String? {
      made.decider.headerBanner(made.key, rolledUp: variant.rolledUp, channel)?.text
    }
    #expect(label(.emailTLS) == "UNCLASSIFIED//FOUO")
    // There the subject is the series' public name.
    #expect(label(.emailPlain) == "UNCLASSIFIED")
  }

  @Test func theFirstChannelThatCarriesAllThatIsShown() throws {
    var draft = Bench.Draft {
      $0.to = ["r"]
      $0.sources = report
    }
    draft.body = [draft.paragraph("(U) Open."), draft.paragraph("(U//LES) Where it was.", cites: ["s1"])]
    let planner = PushPlanner(Bench.decider(draft.revision()), lists: [])
    let reader = Bench.reader(clearance: .fouo) {
      $0.channels = [.emailPlain, .emailTLS]
      $0.email = "r@example.gov"
    }
    #expect(planner.row(reader, now: Shipped.noon)?.endpoint?.channel == .emailPlain)
  }

  @Test func aTearLineOfManyPortionsIsNotMoreThanItsBlock() throws {
    var draft = Bench.Draft { $0.to = ["r"] }
    draft.body = [
      draft.paragraph("(U//LES) All of it."),
      Block(.tearline([draft.bullets(["(U) One.", "(U) Two.", "(U) Three."])])),
      draft.paragraph("(U//SSI) Beyond every mail."),
    ]
    let planner = PushPlanner(Bench.decider(draft.revision()), lists: [])
    let reader = Bench.reader {
      $0.channels = [.emailPlain, .emailTLS]
      $0.email = "r@example.gov"
      $0.agreements.append(Agreement("ssi", until: Bench.far))
    }
    let row = try #require(planner.row(reader, now: Shipped.noon))
    #expect(row.endpoint?.channel == .emailTLS && row.decision.variant?.cut == true)
  }

  @Test func aRuleStaysWhereItIs() throws {
    let police = [Clause(.organizationTypes, ["law-enforcement"])]
    let made = try key(fouo, .portal) { draft in
      let torn = draft.paragraph("(U//FOUO) Check the pump.")
      return [
        draft.paragraph("(U) Call the desk.", clauses: police), Block(.tearline([torn])),
        Block(.thematicBreak, portion: torn.portion), draft.paragraph("(U) Last."),
      ]
    }
    let variant = try #require(made.decider.variant(made.key))
    #expect(variant.body.count { $0.content == .thematicBreak } == 1)
    #expect(variant.body.allSatisfy { $0.content != .thematicBreak || $0.portion == nil })
  }
}
