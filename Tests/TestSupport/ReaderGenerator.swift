// Random readers: most facts good, each missing, malformed or expired often enough.

import Bulletins
package import Distribution

package enum ReaderGenerator {
  package static func readers(_ count: Int, seed: UInt64) -> [Reader] {
    var dice = Dice(seed: seed)
    return (0..<count).map { reader("r\($0)", &dice) }
  }

  private static let dates = ["2026-11-21", "2026-11-22", "2026-12-31", "2030-01-01", "2030-01-01", "2030-01-01"]

  private static func reader(_ id: String, _ dice: inout Dice) -> Reader {
    let type =
      dice.once(in: 12) ? nil : dice.pick(["law-enforcement", "fire", "critical-infrastructure", "intelligence"])
    let level: OrganizationLevel? =
      dice.once(in: 20) ? nil : dice.pick([.local, .state, .federal, .private, .private, .foreign, .tribal])
    let country: String? =
      dice.once(in: 20) ? nil : level == .foreign ? dice.pick(["CAN", "CAN", "GBR", "USA"]) : "USA"
    var person = Stakeholder(id: id, organization: "o")
    person.role = dice.once(in: 12) ? nil : dice.pick(Role.allCases)
    person.status = dice.once(in: 20) ? dice.pick([.suspended, .departed, nil]) : .active
    person.clearance = dice.pick([.public, .partner, .fouo, .les, .les, .les])
    for name in ["nda", "p23", "ssi", "pcii", "cjis"] where !dice.once(in: name == "nda" ? 8 : 2) {
      person.agreements.append(Agreement(name, until: .day(dice.pick(dates))))
    }
    if !dice.once(in: 10) {
      person.vetting = Vetting(
        on: .day(dice.pick(["2026-01-01", "2026-01-01", "2026-11-22", "2026-11-23"])), until: .day(dice.pick(dates)))
    }
    if dice.once(in: 6) { person.citizenship = dice.pick([.country("USA"), .country("GBR"), .malformed]) }
    person.mailbox = dice.pick([.person, .person, .person, .shared, .system])
    if dice.once(in: 2) { person.audienceAttested = .day(dice.pick(dates)) }
    person.sectors = dice.some(["energy", "transportation", "healthcare"], atMost: 2)
    person.disciplines = dice.some(["law-enforcement", "fire", "ems"], atMost: 2)
    person.regions = dice.some(["statewide", "central", "worcester-county", "worcester", "boston"], atMost: 2)
    person.channels = dice.some(ChannelClass.allCases, atMost: 3)
    person.email = "\(id)@example.gov"
    return Reader(person, Organization(id: "o", name: "O", level: level, type: type, country: country))
  }
}
