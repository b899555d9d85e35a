// L05: facts that ended. Decisions see it by themselves; this tells the people who can renew them.

package import Bulletins

package enum L05ExpiredFact: ListRule {
  package static let id = "L05"

  package static func findings(in context: ListCheckContext) -> [Finding] {
    let time = context.time
    var findings: [Finding] = []
    for reader in context.lists.stakeholders where reader.value.status == .active {
      let ended = ended(reader.value, time)
      guard !ended.isEmpty else { continue }
      findings.append(
        warning("`\(reader.value.id)`: " + ended.joined(separator: ", "), reader.place, "renew it or remove it"))
    }
    for list in context.lists.lists {
      guard let days = list.list.reviewEveryDays, let last = list.list.lastReviewed, let today = time.today else {
        continue
      }
      let due = CivilDate(daysSince1970: last.daysSince1970 + Int64(days))
      if due < today {
        findings.append(
          warning(
            "the review of list `\(list.list.id)` was due on \(due)", list.place, "review it, then set last-reviewed"))
      }
    }
    return findings
  }

  private static func ended(_ reader: Stakeholder, _ time: DecisionTime) -> [String] {
    var ended = reader.agreements.filter { !time.isValid(until: $0.until) }
      .map { "agreement \($0.name) ended \($0.until)" }
    if let until = reader.vetting?.until, !time.isValid(until: until) { ended.append("vetting ended \(until)") }
    if let until = reader.audienceAttested, !time.isValid(until: until) {
      ended.append("the statement of the system's owner ended \(until)")
    }
    return ended
  }

  private static func warning(_ message: String, _ place: Place, _ hint: String) -> Finding {
    Finding(rule: id, severity: .warning, place: place, message: message, explanation: hint)
  }
}
