// D06: a bulletin that would be sent to nobody: its lists bring no reader, or none of those they bring may have any of
// it, nor pull it. It would use up a serial and look like any other release.

package import Bulletins

package enum D06NobodyIsSent: AudienceRule {
  package static let id = "D06"

  package static func findings(in context: AudienceCheckContext) -> [Finding] {
    // A site without readers has nobody to send anything to, and knows it.
    guard !context.readers.isEmpty else { return [] }
    let round = context.decider.round(at: context.now)
    let isSentOrTold = context.rows.contains { row in
      guard case .withheld = row.decision else { return true }
      guard row.endpoint != nil else { return pulls(row.reader, round) }
      return row.decision.reasons.contains(where: isToldElsewhere)
    }
    guard !isSentOrTold else { return [] }
    return [
      finding(
        context, line: context.audienceLine, "it would be sent to nobody: \(reason(context))",
        explanation:
          "Release would use up a serial and send nothing. Whoever is on none of its lists may still pull it."
      )
    ]
  }

  /// A member whose channels are pulled alone gets it there.
  private static func pulls(_ reader: Reader, _ round: DecisionRound) -> Bool {
    reader.stakeholder.channels.contains { channel in
      guard [.feed, .portal].contains(channel) else { return false }
      if case .withheld = round.decide(reader, Endpoint(channel)) { return false }
      return true
    }
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
