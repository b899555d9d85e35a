// A bulletin, a list and a few readers for the tests of one rule each.

import Bulletins
import Markings
import TestSupport

@testable import Distribution

struct AudienceSample {
  var title = "(U) Title"
  var shortTitle = "(U) Short title"
  /// Texts with marks: a heading where one begins with `## `.
  var body = ["## (U) Bottom line", "(U) Open.", "## (U) Detail", "(U//LES) Closed."]
  var required = ["Bottom line", "Detail"]
  var readers = [Bench.reader("officer") { $0.email = "x@example.gov" }]
  var list = DistributionList(
    id: "all", name: "", ceiling: .all, series: ["test"], members: .everybody, alertOnChange: 0.1)
  var lastIssues: [String: LastIssue] = [:]
  var decisions = RecordedDecisions.none
  var faults: Set<Fault> = []
  var front: (inout FrontMatter) -> Void = { _ in }

  var context: AudienceCheckContext {
    var draft = Bench.Draft(title: title, shortTitle: shortTitle) {
      $0.lists = ["all"]
      $0.lines = ["series": 2, "short-title": 4, "lists": 9]
      front(&$0)
    }
    for (index, text) in body.enumerated() {
      let isHeading = text.hasPrefix("## ")
      let block = isHeading ? draft.heading(String(text.dropFirst(3))) : draft.paragraph(text)
      if let portion = block.portion { draft.portions[portion].line = 20 + index }
      draft.body.append(block)
    }
    var revision = draft.revision(required: required, decisions: decisions)
    revision.document.faults = faults
    return AudienceCheckContext(
      file: "test.md", decider: Bench.decider(revision), readers: readers, lists: [list], lastIssues: lastIssues,
      now: Shipped.noon)
  }

  /// `D05 22 warning`. Samples are small: that nobody is left to be sent anything (D06) has tests of its own.
  var summary: [String] { findings.map { "\($0.rule) \($0.place.line) \($0.severity.rawValue)" } }
  var messages: [String] { findings.map(\.message) }
  private var findings: [Finding] { AudienceCheck.findings(in: context).filter { $0.rule != D06NobodyIsSent.id } }

  static func reader(
    _ id: String, clearance: Clearance = .les, _ change: (inout Stakeholder) -> Void = { _ in }
  ) -> Reader {
    Bench.reader(id, clearance: clearance) {
      $0.email = "\(id)@example.gov"
      change(&$0)
    }
  }
}
