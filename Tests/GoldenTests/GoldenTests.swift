// Whole products, byte for byte, and that each golden bulletin is clean under the check. A change of layout shows here
// as a change of committed files, which is the point: somebody looks at it.

import Authoring
import Bulletins
import Foundation
import Markings
import Testing
import Workflows

enum GoldenSite {
  static let workspace = Result {
    try WorkspaceLoading.load(SampleFiles(), settings: WorkspaceLoading.settings(SampleFiles()))
  }
  static let noon = Instant(seconds: 1_795_366_800)
}

@Suite struct GoldenTests {
  private let writes = ProcessInfo.processInfo.environment["REVERE_GOLDEN"] == "write"

  @Test(arguments: GoldenFolder.all) func product(_ folder: GoldenFolder) throws {
    let preview = try folder.preview(in: try GoldenSite.workspace.get())
    for (name, text) in preview.golden {
      let path = folder.path + "/" + name
      let expected = (try? SampleFiles().read(path, limit: 5_000_000)).map { String(decoding: $0, as: UTF8.self) }
      if expected == text { continue }
      if writes {
        try SampleFiles().write(Array(text.utf8), to: path)
        Issue.record("\(path) was written: look at it (git diff), then run without REVERE_GOLDEN")
      } else {
        Issue.record(
          """
          \(path) differs:
          \(LineDifference.excerpt(from: expected ?? "", to: text))
          If the change is meant: REVERE_GOLDEN=write swift test --filter GoldenTests, then look at what was written.
          """)
      }
    }
  }

  @Test(arguments: GoldenFolder.all) func bulletinIsClean(_ folder: GoldenFolder) throws {
    let workspace = try GoldenSite.workspace.get()
    // What the bulletin does to readers of the sample site is what the folders show.
    let findings = CheckBulletin.findings(try folder.bulletin(in: workspace), in: workspace, now: GoldenSite.noon)
      .filter { !$0.rule.hasPrefix("D") }
    #expect(findings.isEmpty, "\(findings.map { "\($0.place.file):\($0.place.line): [\($0.rule)] \($0.message)" })")
  }

  @Test func everySeriesAndSchemeIsHere() throws {
    let workspace = try GoldenSite.workspace.get()
    let fronts = try GoldenFolder.all.map { try $0.bulletin(in: workspace).read.document.frontMatter }
    #expect(Set(fronts.map(\.series)).isSuperset(of: workspace.templates.keys))
    #expect(Set(fronts.map(\.scheme)) == Set(Scheme.allCases))
    #expect(try Set(GoldenFolder.all.map { try $0.bulletin(in: workspace).hash }).count >= 9)
  }
}

/// The first place where two texts part, and what follows there.
enum LineDifference {
  static func excerpt(from old: String, to new: String, context: Int = 3, length: Int = 12) -> String {
    let before = old.split(separator: "\n", omittingEmptySubsequences: false)
    let after = new.split(separator: "\n", omittingEmptySubsequences: false)
    let same = zip(before, after).prefix { $0 == $1 }.count
    var tail = 0
    while tail < min(before.count, after.count) - same, before[before.count - 1 - tail] == after[after.count - 1 - tail]
    {
      tail += 1
    }
    let first = max(0, same - context)
    var lines = ["@@ line \(first + 1) @@"]
    lines += before[first..<same].map { "  \($0)" }
    let gone = before[same..<(before.count - tail)]
    let come = after[same..<(after.count - tail)]
    lines += gone.prefix(length).map { "- \($0)" }
    if gone.count > length { lines.append("  (\(gone.count - length) more lines)") }
    lines += come.prefix(length).map { "+ \($0)" }
    if come.count > length { lines.append("  (\(come.count - length) more lines)") }
    lines += before.suffix(tail).prefix(context).map { "  \($0)" }
    return lines.joined(separator: "\n")
  }
}
