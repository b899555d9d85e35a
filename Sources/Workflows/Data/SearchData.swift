// `revere data search`: records on the operator's own terminal, for a reader who may see law enforcement sensitive
// material. Every search is in the audit log with who asked, for what, and how many they saw.

package import Distribution
import Markings
package import Outbox
package import Statistics
package import Store

package struct DataSearch: Hashable, Sendable {
  package var agency: String?
  package var town: String?
  package var substance: String?
  package var period: Period?
  package init(agency: String? = nil, town: String? = nil, substance: String? = nil, period: Period? = nil) {
    self.agency = agency
    self.town = town
    self.substance = substance
    self.period = period
  }

  /// For the audit log.
  var words: String {
    [("agency", agency), ("town", town), ("substance", substance), ("period", period?.name)].compactMap { name, value in
      value.map { "\(name) \($0)" }
    }.joined(separator: ", ")
  }

  func matches(_ record: IncidentPerson) -> Bool {
    func has(_ text: String, _ wanted: String?) -> Bool {
      wanted.map { text.lowercased().contains($0.lowercased()) } ?? true
    }
    return has(record.agency, agency) && (town.map { record.town.lowercased() == $0.lowercased() } ?? true)
      && (has(record.suspected, substance) || has(record.laboratory, substance))
  }
}

package enum SearchData {
  /// Handling that records have: whoever searches must meet both by the site's policy.
  private static let atoms: [Atom] = [.fouo, .les]

  /// Visits what matches, and writes the audit entry after the last one, also when nothing matched or the reader was
  /// not cleared.
  /// - Parameter limit: so many are visited; all that match are counted.
  /// - Returns: how many match.
  package static func run(
    _ search: DataSearch, reader: Reader, workspace: Workspace, store: any UnitOfWork, now: Moment, limit: Int,
    visit: (IncidentPerson) -> Void
  ) throws -> Int {
    guard isCleared(reader, workspace, now) else {
      try store.write {
        try $0.audit(
          actor: reader.id, action: "data-search-refused", subject: "records", detail: search.words, at: now)
      }
      throw DataProblem(
        .notCleared, "`\(reader.id)` may not see records: they are FOUO and LES",
        hint: "by the policy of the site, on this day; see `revere lists check`")
    }
    var found = 0
    _ = try CountedRecords.forEach(in: store, days: search.period?.days) { packed, block, record in
      let words = block.inWords(packed, source: record.about.source)
      guard search.matches(words) else { return }
      found += 1
      if found <= limit { visit(words) }
    }
    try store.write {
      try $0.audit(
        actor: reader.id, action: "data-search", subject: "records",
        detail: "\(search.words): \(found) found, \(min(found, limit)) shown", at: now)
    }
    return found
  }

  private static func isCleared(_ reader: Reader, _ workspace: Workspace, _ now: Moment) -> Bool {
    guard reader.stakeholder.status == .active else { return false }
    let policy = CompiledPolicy(workspace.policy, vocabulary: workspace.vocabulary.vocabulary)
    let time = DecisionTime(Instant(seconds: now.seconds), site: workspace.site)
    return atoms.allSatisfy { policy.meets($0, reader, at: time) }
  }
}
