// What a person orders when they release, and why a release is refused.

package import Bulletins
package import Outbox
package import Store

/// One named person's order. The two-person gates of the console put an approval by another person before it.
package struct ReleaseOrder: Hashable, Sendable {
  /// A release authority's reader id.
  package var by: String
  /// A second person, who must be another one; kept with the release and in the audit log.
  package var second: String?
  package var reason: String
  package var kind: ReleaseKind
  /// What the release authority decides with it; recorded for exactly this revision.
  package var decisions: RecordedDecisions
  /// Ids of rules whose warnings are accepted.
  package var acceptedRules: Set<String>

  package init(
    by: String, second: String? = nil, reason: String = "", kind: ReleaseKind = .release,
    decisions: RecordedDecisions = .none,
    acceptedRules: Set<String> = []
  ) {
    self.by = by
    self.second = second
    self.reason = reason
    self.kind = kind
    self.decisions = decisions
    self.acceptedRules = acceptedRules
  }
}

/// Nothing was changed.
package struct ReleaseRefusal: Error, Hashable, Sendable {
  package enum Code: String, Hashable, Sendable, CaseIterable {
    case notAnAuthority = "not-an-authority"
    case badName = "bad-name"
    case findings
    case unknownDecision = "unknown-decision"
    /// The version before it was widened by a decision that this one proposes too and has not.
    case undecided
    case unchanged
    case needsKind = "needs-kind"
    case nothingToFollow = "nothing-to-follow"
    case expired
    case spillage
    case noReason = "no-reason"
    case nobody
    case hollow
    /// The second person is the first, or nobody of the center's readers.
    case second
    /// The bulletin was recalled.
    case recalled
    /// A newer version is out.
    case overtaken
    /// An update that goes later would cancel now what waits of an earlier version.
    case gap
  }
  package var code: Code
  package var message: String
  package var hint: String
  package var findings: [Finding]
  package init(_ code: Code, _ message: String, hint: String = "", findings: [Finding] = []) {
    self.code = code
    self.message = message
    self.hint = hint
    self.findings = findings
  }
}

/// What a release did.
package struct ReleaseSummary: Hashable, Sendable {
  package struct Line: Hashable, Sendable {
    /// The store's key of the variant or notice.
    package var key: String
    package var kind: VariantContent.Kind
    package var banner: String
    package var cut: Bool
    package var readers: Int
  }
  package var serial: String
  /// The bulletin whose place it takes.
  package var replaces: String?
  /// Rows of earlier versions, and of the bulletin whose place it takes, that had not gone out and never will.
  package var cancelled = 0
  package var release: Int64
  /// When it was released.
  package var at: Moment
  /// When the first message may go.
  package var startsAt: Moment
  package var lines: [Line]
  /// Reasons in machine form, joined, with the number of readers who were withheld for them.
  package var withheld: [String: Int]
  package var readers: Int
  /// Readers who hold an earlier version, or the bulletin whose place it takes, and are told that it is no longer current, not being sent this one.
  package var leftBehind = 0
  /// Decisions that are recorded for the bulletin and do not count for this revision.
  package var ignored: [Finding]

  /// Readers of one variant together, whether or not its fixed line names the portal to them; most readers first.
  package var merged: [Line] {
    var byID: [String: Line] = [:]
    for line in lines {
      let id = String(line.key.prefix { $0 != "-" })
      byID[id, default: Line(key: id, kind: line.kind, banner: line.banner, cut: line.cut, readers: 0)].readers +=
        line.readers
    }
    return byID.values.sorted { ($0.kind.rawValue, $1.readers, $0.key) < ($1.kind.rawValue, $0.readers, $1.key) }
      .reversed()
  }
}
