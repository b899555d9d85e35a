// The objects of one collection, one of each kind of thing that STIX has to say, as a committed file that the validators
// of Tests/Content/test_stix.py read.

import Feeds
import Foundation
import Testing

struct StixGoldenTests {
  private static let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures/feeds/stix-objects.json")

  @Test func theObjectsAreTheCommittedOnes() throws {
    let answer = try SampleSource(StixSamples.variety).objects("limit=1000").answer
    // In lines, for whoever looks at a difference.
    let pretty =
      try JSONSerialization.data(
        withJSONObject: JSONSerialization.jsonObject(with: answer.body),
        options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]) + Data("\n".utf8)
    let isCommitted = (try? Data(contentsOf: Self.file)) == pretty
    if !isCommitted, ProcessInfo.processInfo.environment["REVERE_GOLDEN"] == "write" {
      try FileManager.default.createDirectory(
        at: Self.file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try pretty.write(to: Self.file)
    }
    #expect(
      isCommitted,
      """
      Tests/Fixtures/feeds/stix-objects.json differs. If the change is meant: \
      REVERE_GOLDEN=write swift test --filter StixGoldenTests, look at what was written (git diff), then run without it.
      """)
  }
}
