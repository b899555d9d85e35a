// L07: S/MIME is not built: one finding a file.

import Bulletins
import Testing

@testable import Distribution

@Suite struct L07SecureMailTests {
  @Test func oneFindingAFile() {
    let secure: [String: String?] = ["channels": "[email-smime, portal]"]
    let lists = SampleSite.load(
      SampleSite.stakeholders(
        SampleSite.reader(id: "a.one"), SampleSite.reader(id: "a.two", secure), SampleSite.reader(id: "a.three", secure)
      ))
    let found = SampleSite.check(lists)
    #expect(SampleSite.summary(found) == ["L07 warning stakeholders.yaml:3"])
    #expect(found.first?.message.contains("2 readers (a.two, a.three)") == true)
  }
}
