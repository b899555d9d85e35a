// The agencies, towns and substances that imported records have: a search for another word is a slip of the pen and not
// an answer of zero.

import Outbox
import SiteFiles
import Statistics
import Store

struct SearchedWords {
  private var agencies: Set<String> = []
  private var towns: Set<String> = []
  private var substances: Set<String> = []
  private var isEmpty = true
  /// So many words are listed where none is near.
  private static let most = 12

  init(in store: any UnitOfWork) throws {
    _ = try CountedRecords.forEach(in: store, days: nil) { packed, block, _ in
      isEmpty = false
      agencies.insert(block.word(packed[.agency]))
      towns.insert(block.word(packed[.town]))
      substances.insert(block.word(packed[.suspected]))
      substances.insert(block.word(packed[.laboratory]))
    }
    agencies.remove("")
    towns.remove("")
    substances.remove("")
  }

  /// - Throws: `DataProblem` for the first word of the search that no record has, in any period.
  func refuseUnknown(_ search: DataSearch) throws {
    guard !isEmpty else { throw DataProblem.nothingImported }
    try refuse(search.agency, "agency", agencies) { $0.lowercased().contains($1) }
    try refuse(search.town, "town", towns) { $0.lowercased() == $1 }
    try refuse(search.substance, "substance", substances) { $0.lowercased().contains($1) }
  }

  private func refuse(
    _ wanted: String?, _ kind: String, _ known: Set<String>, matches: (String, String) -> Bool
  ) throws {
    guard let wanted, !known.contains(where: { matches($0, wanted.lowercased()) }) else { return }
    var hint = Suggestion.hint(for: wanted, in: known)
    if hint.isEmpty {
      let listed = known.sorted()
      hint = "records have " + listed.prefix(Self.most).joined(separator: ", ")
      if listed.count > Self.most { hint += " and \(listed.count - Self.most) more" }
    }
    throw DataProblem(.unknownWord, "no imported record has the \(kind) `\(wanted)`", hint: hint)
  }
}
