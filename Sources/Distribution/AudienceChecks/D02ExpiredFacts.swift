// D02: readers who are sent nothing, or less, because a fact about them ended: an agreement, a vetting, the statement of
// a system's owner. Found by deciding again as if every date still held; whoever would then get more is named.

package import Bulletins

package enum D02ExpiredFacts: AudienceRule {
  package static let id = "D02"

  package static func findings(in context: AudienceCheckContext) -> [Finding] {
    let time = DecisionTime(context.now, site: context.decider.site)
    let lapsed = context.readers.filter { $0.stakeholder.status == .active && hasEnded($0.stakeholder, time) }
    guard let today = time.today, !lapsed.isEmpty else { return [] }
    let ids = Set(lapsed.map(\.id))
    let now = Dictionary(
      context.rows.lazy.filter { ids.contains($0.reader.id) }.map { ($0.reader.id, $0.decision) }
    ) { first, _ in first }
    var left: [String] = []
    var less: [String] = []
    let renewed = lapsed.map { reader in
      var reader = reader
      reader.stakeholder = asIfValid(reader.stakeholder, today)
      return reader
    }
    context.planner.forEachRow(renewed, now: context.now, words: false) { row in
      guard case .full(let whole) = row.decision else { return }
      if let visible = now[row.reader.id]?.variant?.visible {
        if visible != whole.visible { less.append(row.reader.id) }
      } else {
        left.append(row.reader.id)
      }
    }
    guard !left.isEmpty || !less.isEmpty else { return [] }
    let words = [
      left.isEmpty ? "" : "\(counted(left.count, "reader")) left out (\(L06SharedMailbox.listing(left.sorted())))",
      less.isEmpty
        ? "" : "\(counted(less.count, "reader")) given less (\(L06SharedMailbox.listing(less.sorted())))",
    ].filter { !$0.isEmpty }
    return [
      finding(
        context, line: context.audienceLine, words.joined(separator: ", ") + ", because facts about them expired",
        explanation: "Renew the facts in distribution-lists/ or leave it so; `revere lists check` says which they are "
          + "(L05).")
    ]
  }

  private static func hasEnded(_ reader: Stakeholder, _ time: DecisionTime) -> Bool {
    reader.agreements.contains { !time.isValid(until: $0.until) }
      || reader.vetting?.until.map { !time.isValid(until: $0) } ?? false
      || reader.audienceAttested.map { !time.isValid(until: $0) } ?? false
  }

  private static func asIfValid(_ reader: Stakeholder, _ today: CivilDate) -> Stakeholder {
    var reader = reader
    for index in reader.agreements.indices {
      reader.agreements[index].until = max(reader.agreements[index].until, today)
    }
    if let until = reader.vetting?.until { reader.vetting?.until = max(until, today) }
    if let until = reader.audienceAttested { reader.audienceAttested = max(until, today) }
    return reader
  }
}
