// The part of a bulletin's check that needs readers, lists and the policy (rules D01-D06): one rule a file, looked at
// here together. They look at what release would decide and store nothing. What they find is about this bulletin; the
// state of the lists as such is the affair of `ListCheck`.

package import Bulletins
package import Markings

/// Who a list brought when something was last released by it.
package struct LastIssue: Hashable, Sendable {
  package var serial: String
  /// Ids of its members then.
  package var members: Set<String>
  package init(serial: String, members: Set<String>) {
    self.serial = serial
    self.members = members
  }
}

package struct AudienceCheckContext: Sendable {
  /// The path that findings name.
  package let file: String
  package let decider: Decider
  package let readers: [Reader]
  /// By id of the list; a list by which nothing was released yet is not here.
  package let lastIssues: [String: LastIssue]
  package let now: Instant
  let planner: PushPlanner
  /// What release would write now, one row a reader.
  let rows: [PushRow]

  package init(
    file: String, decider: Decider, readers: [Reader], lists: [DistributionList], carriers: Carriers = Carriers(),
    lastIssues: [String: LastIssue] = [:], now: Instant
  ) {
    self.file = file
    self.decider = decider
    self.readers = readers
    self.lastIssues = lastIssues
    // Before the window opens nobody may be sent anything: decided is when it opens.
    let start = max(now, decider.labels.window.notBefore ?? now)
    self.now = start
    planner = PushPlanner(decider, lists: lists, carriers: carriers)
    var rows: [PushRow] = []
    planner.forEachRow(readers, now: start, words: false) { rows.append($0) }
    self.rows = rows
  }

  var frontMatter: FrontMatter { decider.revision.document.frontMatter }

  /// The line that says who it goes to.
  var audienceLine: Int {
    let lines = frontMatter.lines
    return lines["to"] ?? lines["lists"] ?? lines["series"] ?? 1
  }
}

package protocol AudienceRule {
  static var id: String { get }
  static func findings(in context: AudienceCheckContext) -> [Finding]
}

extension AudienceRule {
  static func finding(
    _ context: AudienceCheckContext, _ severity: Finding.Severity = .warning, line: Int, _ message: String,
    explanation: String, fix: String? = nil
  ) -> Finding {
    Finding(
      rule: id, severity: severity, place: Place(file: context.file, line: max(1, line)), message: message,
      explanation: explanation, fix: fix.map { Finding.Fix(summary: $0, line: max(1, line)) })
  }
}

package enum AudienceCheck {
  package static var rules: [any AudienceRule.Type] {
    [
      D01SubjectLine.self, D02ExpiredFacts.self, D03SharedMailbox.self, D04AudienceChanged.self, D05HollowVariant.self,
      D06NobodyIsSent.self,
    ]
  }

  /// What is found about readers and lists as they stand may be there beside any bulletin, also one without a fault.
  package static let ofReaders: Set<String> = [
    D02ExpiredFacts.id, D03SharedMailbox.id, D04AudienceChanged.id, D06NobodyIsSent.id,
  ]

  /// None for a bulletin that is released to nobody anyway: its errors come first.
  package static func findings(in context: AudienceCheckContext) -> [Finding] {
    guard context.decider.revision.document.faults.isEmpty else { return [] }
    return rules.flatMap { $0.findings(in: context) }
  }
}

/// `3 readers`, `1 reader`, `2 mailboxes`.
func counted(_ count: Int, _ word: String, ending: String = "s") -> String {
  "\(count) \(word)\(count == 1 ? "" : ending)"
}
