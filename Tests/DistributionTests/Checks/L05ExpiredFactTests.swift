// L05: ended facts of active readers, and overdue reviews.

import Bulletins
import Markings
import Testing

@testable import Distribution

@Suite struct L05ExpiredFactTests {
  func check(_ lists: SiteLists, _ time: String) -> [Finding] {
    L05ExpiredFact.findings(
      in: ListCheckContext(
        lists: lists, vocabulary: SampleSite.words.vocabulary, site: SampleSite.site,
        now: Instant(rfc3339: time) ?? Instant(seconds: 0)))
  }

  @Test func validThroughTheLastSecondInTheCentersZone() {
    let lists = SampleSite.load(
      SampleSite.stakeholders(SampleSite.reader(id: "a.one", ["agreements": "{ nda: 2026-11-22 }"])))
    #expect(check(lists, "2026-11-22T23:59:59-05:00").isEmpty)
    #expect(check(lists, "2026-11-23T00:00:00-05:00").map(\.message) == ["`a.one`: agreement nda ended 2026-11-22"])
  }

  @Test func everyKindInOneFinding() {
    let lists = SampleSite.load(
      SampleSite.stakeholders(
        SampleSite.reader(
          id: "a.one",
          [
            "agreements": "{ nda: 2026-01-01, p23: 2026-01-02 }", "mailbox": "system",
            "audience-attested": "2026-02-01",
            "vetting": "{ vetted-on: 2025-01-01, until: 2026-03-01 }",
          ]), SampleSite.reader(id: "a.two", ["agreements": "{ nda: 2026-01-01 }", "status": "departed"])))
    let found = check(lists, "2026-11-22T09:00:00-05:00")
    #expect(SampleSite.summary(found) == ["L05 warning stakeholders.yaml:2"])
    for word in ["nda", "p23", "vetting", "statement"] { #expect(found.first?.message.contains(word) == true) }
  }

  @Test func overdueReview() {
    let list =
      "id: l\nname: L\nceiling: [GOV]\nseries: [s]\nmembers: { all: [] }\nreview-every: 90 days\nlast-reviewed: 2026-08-24\n"
    let lists = SampleSite.load(["lists/l.yaml": list])
    #expect(check(lists, "2026-11-22T09:00:00-05:00").isEmpty)
    #expect(
      check(lists, "2026-11-23T09:00:00-05:00").map(\.message) == ["the review of list `l` was due on 2026-11-22"])
  }
}
