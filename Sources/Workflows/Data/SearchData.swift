// `revere data search`: records on the operator's own terminal, for a reader who could read the same in a bulletin of the
// center. Every search is in the audit log with who asked, for what, and how many they saw.

import Bulletins
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
  /// What records are marked with.
  package static let mark = "U//LES"

  /// Visits what matches, and writes the audit entry after the last one, also when nothing matched or the reader was
  /// not cleared.
  /// - Parameter limit: so many are visited; all that match are counted.
  /// - Returns: how many match.
  /// - Throws: `DataProblem` when the reader is not cleared, nothing is imported, or no imported record has the agency,
  ///   town or substance.
  package static func run(
    _ search: DataSearch, reader: Reader, workspace: Workspace, store: any UnitOfWork, now: Moment, limit: Int,
    visit: (IncidentPerson) -> Void
  ) throws -> Int {
    if let lacking = lacks(reader, workspace, now) {
      try store.write {
        try $0.audit(
          actor: reader.id, action: "data-search-refused", subject: "records", detail: search.words, at: now)
      }
      throw DataProblem(
        .notCleared, "`\(reader.id)` may not see records, which are \(mark)", hint: lacking)
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
    if found == 0 { try SearchedWords(in: store).refuseUnknown(search) }
    return found
  }

  /// What the reader lacks, in words; nil for who may see records. It is decided as for a bulletin that is one portion
  /// of the center's own, with nothing recorded that would open it, read where channels carry most.
  private static func lacks(_ reader: Reader, _ workspace: Workspace, _ now: Moment) -> String? {
    let registry = workspace.vocabulary.registry
    let portion = MarkedText(
      mark: MarkReader.readBare(mark, registry: registry, scheme: .legacy).mark, text: "Imported records")
    let revision = Revision(
      bulletin: "records", hash: "",
      document: Document(
        frontMatter: FrontMatter(series: "records", title: portion, shortTitle: portion), body: [],
        portions: [Portion(kind: .title, mark: portion.mark), Portion(kind: .shortTitle, mark: portion.mark)]),
      template: SeriesTemplate(series: "records", name: "Records", code: "X", publicName: "Records"))
    let decider = Decider(
      revision: revision, policy: workspace.policy, site: workspace.site,
      vocabulary: workspace.vocabulary.vocabulary)
    switch decider.decide(reader, Endpoint(.portal), now: Instant(seconds: now.seconds)) {
    case .full: return nil
    case .notice: return Reason(.channelCeiling).text
    case .withheld(let reasons):
      // That the titles are hollow follows from what is lacking.
      return reasons.filter { $0.code != .hollow }.map(\.text).joined(separator: "; ")
    }
  }
}
