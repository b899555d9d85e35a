// L06: a mailbox that several people read, on a list whose ceiling has LES. It is never sent LES; on such a list it
// gets less than its neighbours, which somebody should have meant.

package import Bulletins
import Markings

package enum L06SharedMailbox: ListRule {
  package static let id = "L06"

  package static func findings(in context: ListCheckContext) -> [Finding] {
    let time = context.time
    func isShared(_ stakeholder: Stakeholder) -> Bool {
      guard stakeholder.status == .active else { return false }
      return switch stakeholder.mailbox {
      case .person: false
      case .shared: true
      case .system: !time.isValid(until: stakeholder.audienceAttested)
      }
    }
    guard context.lists.stakeholders.contains(where: { isShared($0.value) }) else { return [] }
    let shared = context.lists.readers().filter { isShared($0.stakeholder) }
    let policy = CompiledPolicy(context.lists.policy.merged, vocabulary: context.vocabulary)
    return context.lists.lists.compactMap { list in
      guard list.list.ceiling.allows(.les) else { return nil }
      let membership = Membership(list.list.members, policy: policy)
      let left = Set(list.list.except)
      let members = shared.filter { !left.contains($0.id) && membership.includes($0, at: time) }.map(\.id).sorted()
      guard !members.isEmpty else { return nil }
      return Finding(
        rule: id, severity: .warning, place: list.ceilingPlace,
        message:
          "list `\(list.list.id)` may carry LES and has \(members.count) mailbox\(members.count == 1 ? "" : "es")"
          + " that LES is never sent to: \(listing(members))",
        explanation: "name them in `except`, or leave them to get the rest")
    }
  }

  static func listing(_ ids: [String]) -> String {
    ids.prefix(5).joined(separator: ", ") + (ids.count > 5 ? " and \(ids.count - 5) more" : "")
  }
}
