// L01: unknown keys and words, with the nearest known one.

import Bulletins
import Testing

@testable import Distribution

@Suite struct L01UnknownWordTests {
  @Test func wordsOfEveryFile() {
    let lists = SampleSite.load([
      "organizations.yaml":
        "organizations:\n  - { id: police, name: P, level: local, type: law-enforcment, country: USA, region: [x] }\n",
      "stakeholders.yaml": "stakeholders:" + SampleSite.reader(id: "a.one", ["disciplines": "[fires]"]),
      "lists/l.yaml": "id: l\nname: L\nceiling: [FUOO]\nseries: [s]\nmembers: { sector: [enrgy] }\n",
    ])
    let found = SampleSite.summary(SampleSite.check(lists).filter { $0.rule == "L01" })
    #expect(
      found == [
        "L01 error l.yaml:3", "L01 error l.yaml:5", "L01 error organizations.yaml:2", "L01 error organizations.yaml:2",
        "L01 error stakeholders.yaml:2",
      ])
  }

  @Test func suggestion() {
    let lists = SampleSite.load(
      SampleSite.stakeholders(SampleSite.reader(id: "a.one", ["clearance": "foou"])))
    let finding = SampleSite.check(lists).first { $0.rule == "L01" }
    #expect(finding?.explanation == "did you mean `fouo`?")
    #expect(finding?.fix?.replacement == "fouo" && finding?.fix?.safe == false)
  }
}
