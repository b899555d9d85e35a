// D04: the members of a list changed by more than its `alert-on-change` since something was last released by it. A file
// that was exported wrongly, or a changed policy, adds or loses readers by the dozen and is no error of its own.

package import Bulletins
package import Markings

package enum D04AudienceChanged: AudienceRule {
  package static let id = "D04"

  package static func findings(in context: AudienceCheckContext) -> [Finding] {
    let time = DecisionTime(context.now, site: context.decider.site)
    return context.planner.lists.compactMap { list in
      guard let limit = list.alertOnChange, let last = context.lastIssues[list.id] else { return nil }
      let members = Self.members(of: list, among: context.readers, policy: context.decider.compiled, at: time)
      let joined = members.subtracting(last.members).count
      let left = last.members.subtracting(members).count
      guard Double(joined + left) > limit * Double(max(last.members.count, 1)) else { return nil }
      return finding(
        context, line: context.audienceLine,
        "list `\(list.id)` has \(counted(members.count, "reader")), \(joined) new and \(left) gone since "
          + "\(last.serial), which had \(last.members.count)",
        explanation: "More than its alert-on-change of \(percent(limit)). Look at `revere audience`; if it is as it "
          + "should be, accept it at release.")
    }
  }

  private static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded()))%" }

  /// Active readers whom a list brings, subscriptions and labels aside.
  static func members(
    of list: DistributionList, among readers: [Reader], policy: CompiledPolicy, at time: DecisionTime
  ) -> Set<String> {
    let membership = Membership(list.members, policy: policy)
    let except = Set(list.except)
    return Set(
      readers.lazy.filter {
        $0.stakeholder.status == .active && !except.contains($0.id) && membership.includes($0, at: time)
      }.map(\.id))
  }
}

extension LastIssue {
  /// The members of a list by the files and the time of a release.
  package init(
    serial: String, list: DistributionList, lists: SiteLists, vocabulary: Vocabulary, site: Site, at: Instant
  ) {
    self.init(
      serial: serial,
      members: D04AudienceChanged.members(
        of: list, among: lists.readers(), policy: CompiledPolicy(lists.policy.merged, vocabulary: vocabulary),
        at: DecisionTime(at, site: site)))
  }
}
