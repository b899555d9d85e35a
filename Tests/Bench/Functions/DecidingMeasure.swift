// Deciding for 100,000 readers about a bulletin of 60 portions and grouping them by variant, as an audience is planned.
// Readers differ in organization, clearance, dates, sectors, disciplines and regions; portions in their marks.

import Bulletins
import Distribution
import Markings
import TestSupport

enum DecidingMeasure {
  static func run(readers count: Int, portions: Int) throws -> Figures {
    let revision = revision(portions: portions)
    guard revision.document.portions.count == portions else { throw MeasureFailure("not \(portions) portions") }
    let readers = readers(count)
    let before = Stopwatch.peakMegabytes
    let list = DistributionList(
      id: "all", name: "All", owner: "r", ceiling: .all, series: ["test"],
      members: .everybody)
    var times: [Double] = []
    var variants = 0
    var decided = 0
    for _ in 0..<5 {
      times.append(
        Stopwatch.seconds {
          let planner = PushPlanner(Bench.decider(revision), lists: [list])
          var summary = AudienceSummary()
          planner.forEachRow(readers, now: Shipped.noon, words: false) { row in
            summary.add(row.reader, row.endpoint?.channel, row.decision)
          }
          variants = summary.variants.count
          decided = summary.total.readers
        })
    }
    guard decided == count, variants > 3 else {
      throw MeasureFailure("\(decided) readers were decided about, \(variants) variants")
    }
    return Figures(values: [
      "seconds": Stopwatch.median(times), "variants": Double(variants), "readers": Double(count),
      "peak-before-mb": before,
    ])
  }

  private static func revision(portions: Int) -> Revision {
    let marks = [
      "(U)", "(U//FOUO)", "(U//LES)", "(U//FOUO) (TLP:AMBER)", "(U//LES-NF)", "(U//SSI)", "(U//PCII)", "(TLP:GREEN)",
    ]
    var draft = Bench.Draft(title: "(U//FOUO) Title") { $0.lists = ["all"] }
    var number = 0
    while draft.portions.count < portions {
      let text = marks[number % marks.count] + " Words \(number)"
      let block = number % 6 == 0 ? draft.heading(text.replacingMark()) : draft.paragraph(text)
      draft.body.append(block)
      number += 1
    }
    return draft.revision()
  }

  private static func readers(_ count: Int) -> [Reader] {
    var dice = Dice(seed: 42)
    let types = Shipped.vocabulary.organizationTypes.sorted()
    let sectors = Shipped.vocabulary.sectors.sorted()
    let disciplines = Shipped.vocabulary.disciplines.sorted()
    let organizations = (0..<2_000).map { number in
      let level = dice.pick(OrganizationLevel.allCases)
      return Organization(
        id: "o\(number)", name: "Organization \(number)", level: level, type: dice.pick(types),
        country: level == .foreign ? dice.pick(["CAN", "GBR"]) : "USA")
    }
    let until = [CivilDate.day("2026-11-21"), Bench.far]
    return (0..<count).map { number in
      let organization = dice.pick(organizations)
      var person = Stakeholder(
        id: "r\(number)", organization: organization.id, role: dice.pick(Role.allCases), status: .active,
        clearance: dice.pick(Clearance.allCases), agreements: [Agreement("nda", until: dice.pick(until))],
        vetting: Vetting(on: .day("2026-01-01"), until: dice.pick(until)), mailbox: .person,
        channels: dice.pick([[.emailTLS, .portal], [.emailPlain], [.emailSMIME, .emailTLS]]))
      person.email = "r\(number)@agency\(number % 500).example.gov"
      person.sectors = dice.some(sectors, atMost: 2)
      person.disciplines = dice.some(disciplines, atMost: 2)
      person.regions = ["statewide"]
      return Reader(person, organization)
    }
  }
}

extension String {
  /// Headings are unclassified, so that sections with different readers stand side by side.
  fileprivate func replacingMark() -> String { "(U) " + (split(separator: " ", maxSplits: 1).last ?? "") }
}
