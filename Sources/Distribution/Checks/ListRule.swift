// A check of lists and policies: one rule a file, looked at here together. Documentation/list-checks.md has the table.

package import Bulletins
package import Markings

/// What a rule looks at. `now` is an argument; no rule reads a clock.
package struct ListCheckContext: Sendable {
  package var lists: SiteLists
  package var vocabulary: Vocabulary
  package var site: Site
  package var now: Instant
  /// Names of the series that have a template; empty when they are not known.
  package var series: Set<String>
  /// By file, the versions of the policies of the latest import; empty when nothing was imported.
  package var recordedVersions: [String: PolicyVersion]
  /// How the atoms stand to each other; nil when the policy tells too many facts apart.
  package let order: AtomOrder?

  package init(
    lists: SiteLists, vocabulary: Vocabulary, site: Site, now: Instant, series: Set<String> = [],
    recordedVersions: [String: PolicyVersion] = [:]
  ) {
    self.lists = lists
    self.vocabulary = vocabulary
    self.site = site
    self.now = now
    self.series = series
    self.recordedVersions = recordedVersions
    order = AtomTable.order(lists.policy.merged, vocabulary: vocabulary)
  }

  var time: DecisionTime { DecisionTime(now, site: site) }
}

package protocol ListRule {
  static var id: String { get }
  static func findings(in context: ListCheckContext) -> [Finding]
}

package enum ListCheck {
  package static var rules: [any ListRule.Type] {
    [
      L02DanglingID.self, L05ExpiredFact.self, L06SharedMailbox.self, L07SecureMail.self, L08Contradiction.self,
      P02Cycle.self, P03HiddenFOUO.self, P04Widening.self, P05PolicyHead.self,
    ]
  }

  /// What cannot be read comes first, for the rest may follow from it; then by place.
  package static func inOrder(_ findings: [Finding]) -> [Finding] {
    func rank(_ finding: Finding) -> Int { finding.rule == L04MalformedValue.id ? 0 : 1 }
    return findings.sorted {
      (rank($0), $0.place, $0.rule, $0.message) < (rank($1), $1.place, $1.rule, $1.message)
    }
  }

  /// Everything that is wrong: what reading found (L01, L03, L04, P01) and what the rules find, in order.
  package static func findings(in context: ListCheckContext) -> [Finding] {
    let found = rules.flatMap { $0.findings(in: context) }
    return inOrder(context.lists.findings + context.lists.policy.findings + found)
  }
}
