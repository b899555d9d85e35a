// D03: a shared mailbox, or a system without a valid statement, that a list whose ceiling has LES brings, and that this
// bulletin leaves with nothing although a person with its facts would get it: nobody behind it learns anything. That such
// a mailbox is on such a list at all is said once, by L06; one that gets a part is served as it should be.

package import Bulletins
import Markings

package enum D03SharedMailbox: AudienceRule {
  package static let id = "D03"

  package static func findings(in context: AudienceCheckContext) -> [Finding] {
    let time = DecisionTime(context.now, site: context.decider.site)
    let lists = Set(context.planner.lists.filter { $0.ceiling.allows(.les) }.map(\.id))
    let withheld = context.rows.filter { row in
      row.lists.contains(where: lists.contains) && isShared(row.reader.stakeholder, time)
        && row.decision.reasons.contains { $0.code == .atom && lesAtoms.contains($0.argument ?? "") }
    }
    let left = served(asPersons: withheld, context)
    guard !left.isEmpty else { return [] }
    let ids = left.map(\.reader.id).sorted()
    let names = Set(left.flatMap(\.lists)).intersection(lists).sorted().joined(separator: ", ")
    return [
      finding(
        context, line: context.audienceLine,
        "\(counted(ids.count, "shared mailbox", ending: "es")) of \(names) would get nothing: "
          + L06SharedMailbox.listing(ids),
        explanation: "LES is never sent to a mailbox that several people read. Write a tear line that it may have, or "
          + "name it in `except` of the list.")
    ]
  }

  /// Those that would get it if one person alone read them: what lacks a clearance too is left out for that.
  private static func served(asPersons rows: [PushRow], _ context: AudienceCheckContext) -> [PushRow] {
    let persons = rows.map { row in
      var reader = row.reader
      reader.stakeholder.mailbox = .person
      return reader
    }
    var served: Set<String> = []
    context.planner.forEachRow(persons, now: context.now, words: false) { row in
      if row.decision.variant != nil { served.insert(row.reader.id) }
    }
    return rows.filter { served.contains($0.reader.id) }
  }

  private static let lesAtoms: Set<String> = [Atom.les.name, Atom.category("LEI").name, Atom.category("INV").name]

  private static func isShared(_ reader: Stakeholder, _ time: DecisionTime) -> Bool {
    switch reader.mailbox {
    case .person: false
    case .shared: true
    case .system: !time.isValid(until: reader.audienceAttested)
    }
  }
}
