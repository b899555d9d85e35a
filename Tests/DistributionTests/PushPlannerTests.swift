// Who is pushed to and by what (site-files.md).

import Bulletins
import Distribution
import Markings
import TestSupport
import Testing

@Suite struct PushPlannerTests {
  let low = DistributionList(
    id: "low", name: "", ceiling: .only([.government]), series: ["test"], members: .has(.type, ["law-enforcement"]),
    except: ["left-out"])
  let high = DistributionList(
    id: "high", name: "", ceiling: .only([.government, .fouo, .les]), series: ["test"],
    members: .has(.stakeholders, ["both"]))

  func planner(
    _ lists: [String] = ["low", "high", "no-such"], carriers: Carriers = Carriers(),
    _ change: (inout FrontMatter) -> Void = { _ in }
  ) -> PushPlanner {
    var draft = Bench.Draft {
      $0.lists = lists
      change(&$0)
    }
    draft.body = [draft.paragraph("(U) open"), draft.paragraph("(U//LES) closed")]
    return PushPlanner(Bench.decider(draft.revision()), lists: [low, high], carriers: carriers)
  }
  func reader(_ id: String, _ channels: [ChannelClass] = [.emailTLS], _ change: (inout Stakeholder) -> Void = { _ in })
    -> Reader
  {
    Bench.reader(id) {
      $0.channels = channels
      $0.email = "x@example.gov"
      change(&$0)
    }
  }

  @Test func exceptAndStatusAndSubscriptionsNarrow() {
    let planner = planner()
    #expect(planner.unknownLists == ["no-such"])
    #expect(planner.row(reader("left-out"), now: Shipped.noon) == nil)
    #expect(planner.row(reader("r") { $0.status = .suspended }, now: Shipped.noon) == nil)
    #expect(planner.row(reader("r") { $0.subscription = Subscription(series: ["other"]) }, now: Shipped.noon) == nil)
    #expect(planner.row(reader("r") { $0.subscription = Subscription(hsec: [3]) }, now: Shipped.noon) == nil)
    #expect(planner.row(reader("r") { $0.subscription = Subscription(series: ["test"]) }, now: Shipped.noon) != nil)
  }

  @Test func severalListsUniteTheirCeilings() throws {
    let one = try #require(planner().row(reader("r"), now: Shipped.noon))
    #expect(one.decision.variant?.cut == true && one.lists == ["low"])
    let both = try #require(planner().row(reader("both"), now: Shipped.noon))
    #expect(both.decision.variant?.cut == false && both.lists == ["low", "high"])
  }

  @Test func withNamedReadersNoListTakesPart() throws {
    let planner = planner { $0.to = ["left-out", "gone"] }
    #expect(planner.lists.isEmpty)
    #expect(planner.row(reader("r"), now: Shipped.noon) == nil)
    #expect(try #require(planner.row(reader("left-out"), now: Shipped.noon)).decision.variant != nil)
    let gone = try #require(planner.row(reader("gone") { $0.status = .departed }, now: Shipped.noon))
    #expect(gone.decision.reasons.map(\.machine) == ["status"])
  }

  @Test func theFirstChannelThatHoldsTheWholeElseTheBest() throws {
    func channel(_ channels: [ChannelClass], _ carriers: Carriers = Carriers()) throws -> ChannelClass? {
      let row = try #require(planner(carriers: carriers).row(reader("both", channels), now: Shipped.noon))
      return row.endpoint?.channel
    }
    #expect(try channel([.emailPlain, .emailTLS]) == .emailTLS)
    #expect(try channel([.portal, .emailSMIME]) == .emailTLS)
    #expect(try channel([.emailTLS], Carriers(relay: .emailPlain)) == .emailPlain)
    #expect(try channel([.portal, .feed]) == nil)
    #expect(try channel([.webhook]) == nil)
    let row = try #require(planner().row(reader("both", [.portal]), now: Shipped.noon))
    #expect(row.decision.reasons.map(\.machine) == ["no-channel"])
  }

  @Test func aListForAnotherSeriesTakesNoPart() {
    let planner = planner { $0.series = "other" }
    #expect(planner.lists.isEmpty && planner.row(reader("both"), now: Shipped.noon) == nil)
  }
}
