// P05: a policy that says it is not in force yet, or that is older than the one that was in force. What the file says
// decides all the same (Documentation/decisions/0066): records name a policy by its version, and people by its day.

package import Bulletins

package enum P05PolicyHead: ListRule {
  package static let id = "P05"

  package static func findings(in context: ListCheckContext) -> [Finding] {
    context.lists.policy.heads.flatMap { head in
      [early(head, context), older(head, context)].compactMap { $0 }
    }
  }

  private static func early(_ head: PolicyHead, _ context: ListCheckContext) -> Finding? {
    guard let effective = head.effective, let today = context.time.today, effective > today else { return nil }
    return Finding(
      rule: id, severity: .warning, place: head.effectivePlace,
      message: "the policy says it takes effect on \(effective), and it decides already",
      explanation: "put the file in its place on that day, or write the day from which it holds")
  }

  private static func older(_ head: PolicyHead, _ context: ListCheckContext) -> Finding? {
    guard let version = head.version, let recorded = context.recordedVersions[head.versionPlace.file],
      version < recorded
    else { return nil }
    return Finding(
      rule: id, severity: .warning, place: head.versionPlace,
      message: "version \(version) is lower than \(recorded), which the ledger has of this policy",
      explanation: "give an older text that shall hold again a new, higher version: decisions are recorded by it")
  }
}
