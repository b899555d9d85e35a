// D06: a bulletin that would be sent to nobody: its lists bring no reader, or none of those they bring may have any of
// it. It would use up a serial and look like any other release; what is pulled (feeds, the portal) may still be meant.

package import Bulletins

package enum D06NobodyIsSent: AudienceRule {
  package static let id = "D06"

  package static func findings(in context: AudienceCheckContext) -> [Finding] {
    // A site without readers has nobody to send anything to, and knows it.
    guard !context.readers.isEmpty else { return [] }
    let isSentOrTold = context.rows.contains { row in
      guard case .withheld = row.decision, row.endpoint != nil else { return row.endpoint != nil }
      return row.decision.reasons.contains(where: isToldElsewhere)
    }
    guard !isSentOrTold else { return [] }
    return [
      finding(
        context, line: context.audienceLine, "it would be sent to nobody: \(reason(context))",
        explanation:
          "Release would use up a serial and send nothing. Feeds and the portal are not meant: they are pulled."
      )
    ]
  }

  /// C10 says the one, D05 and S01 the other.
  private static func isToldElsewhere(_ reason: Reason) -> Bool {
    reason.code == .expired || reason.code == .hollow && reason.argument != "title"
  }

  private static func reason(_ context: AudienceCheckContext) -> String {
    let count = context.rows.count
    if count > 0 {
      return "\(count == 1 ? "the one reader" : "all \(counted(count, "reader"))") of its audience would get nothing"
    }
    if let named = context.frontMatter.to {
      return named.isEmpty ? "`to:` names nobody" : "no reader is named by `to:`"
    }
    let missing = context.planner.unknownLists
    if !missing.isEmpty { return "no list is called \(missing.map { "`\($0)`" }.joined(separator: ", "))" }
    if context.planner.lists.isEmpty {
      return "none of its lists is for the series `\(context.frontMatter.series)`"
    }
    return "its lists bring no reader"
  }
}
