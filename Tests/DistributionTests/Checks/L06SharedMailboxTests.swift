// L06: shared mailboxes on a list whose ceiling has LES.

import Bulletins
import Testing

@testable import Distribution

@Suite struct L06SharedMailboxTests {
  func check(ceiling: String, members: String, _ facts: [String: String?]) -> [String] {
    var files = SampleSite.stakeholders(SampleSite.reader(id: "desk", facts), SampleSite.reader(id: "a.one"))
    files["lists/l.yaml"] = "id: l\nname: L\nceiling: \(ceiling)\nseries: [s]\nmembers: \(members)\n"
    return SampleSite.summary(SampleSite.check(SampleSite.load(files)).filter { $0.rule == "L06" })
  }

  @Test func sharedDesk() {
    let desk: [String: String?] = ["mailbox": "shared"]
    #expect(check(ceiling: "[GOV, LES]", members: "{ all: [] }", desk) == ["L06 warning l.yaml:3"])
    #expect(check(ceiling: "[GOV, FOUO]", members: "{ all: [] }", desk).isEmpty)
    #expect(check(ceiling: "[GOV, LES]", members: "{ role: [executive] }", desk).isEmpty)
    #expect(check(ceiling: "[GOV, LES]", members: "{ all: [], except: [desk] }", desk).isEmpty)
    #expect(check(ceiling: "[GOV, LES]", members: "{ all: [] }", ["mailbox": "person"]).isEmpty)
    #expect(check(ceiling: "[GOV, LES]", members: "{ all: [] }", ["mailbox": "shared", "status": "departed"]).isEmpty)
  }

  @Test func systems() {
    let system: [String: String?] = ["mailbox": "system"]
    #expect(check(ceiling: "[LES]", members: "{ atom: FOUO }", system) == ["L06 warning l.yaml:3"])
    #expect(
      check(ceiling: "[LES]", members: "{ atom: FOUO }", ["mailbox": "system", "audience-attested": "2027-01-01"])
        .isEmpty)
    #expect(
      check(ceiling: "[LES]", members: "{ atom: FOUO }", ["mailbox": "system", "audience-attested": "2026-01-01"]).count
        == 1)
  }
}
