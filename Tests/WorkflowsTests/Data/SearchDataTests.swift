// Who may look at imported records: exactly who could read a portion of the center's own that is marked as they are. And
// a search for a word that no record has says so.

import Distribution
import Markings
import Outbox
import Statistics
import Store
import Testing
import Workflows

@Suite struct SearchDataTests {
  private let site: SmallSite
  private let workspace: Workspace

  init() throws {
    site = try SmallSite(
      SmallSite.people + [Person("ally", organization: "allies"), Person("lodger", organization: "firm")])
    try site.write(
      "distribution-lists/organizations.yaml",
      """
      organizations:
        - { id: center, name: The Center, level: state, type: intelligence, country: USA, regions: [statewide] }
        - { id: police, name: City Police, level: local, type: law-enforcement, country: USA, regions: [statewide] }
        - { id: firm, name: A Firm, level: private, type: critical-infrastructure, country: USA, regions: [statewide] }
        - { id: allies, name: Their Police, level: foreign, type: law-enforcement, country: CAN, regions: [] }
      """)
    workspace = try site.workspace()
  }

  private func imported() throws {
    let name = "county-task-forces"
    let path = Repository.root + "/Tests/Fixtures/samples/data/exports/\(name)-2026-q3.csv"
    let map = "templates/data/\(name).yaml"
    let order = ImportOrder(
      fileName: "export.csv", mappingFile: map, mapping: try site.files.read(map, limit: 1 << 20), asOf: "2026-10-20",
      by: "boss")
    let report = try ImportData.run(
      order, knowledge: try DataKnowledge(site.files), store: site.store,
      now: Moment(seconds: SmallSite.noon.seconds), file: { try ImportData.chunks(of: path, $0) },
      note: { _, _, _ in })
    #expect(report.counts.unknown == 0 && report.counts.mapped > 200)
  }

  /// How many records were found and shown, or why none may be.
  private func search(
    _ search: DataSearch, as id: String, at now: Instant = SmallSite.noon
  ) throws -> Result<Int, DataProblem> {
    let reader = try #require(workspace.lists.readers().first { $0.id == id })
    var shown = 0
    do {
      let found = try SearchData.run(
        search, reader: reader, workspace: workspace, store: site.store, now: Moment(seconds: now.seconds),
        limit: 1_000
      ) { _ in shown += 1 }
      #expect(found == shown)
      return .success(found)
    } catch let problem as DataProblem {
      #expect(shown == 0)
      return .failure(problem)
    }
  }

  @Test(
    arguments: [
      ("officer", nil), ("boss", nil), ("ally", "country"), ("suspended", "status"), ("lapsed", "nda"),
      ("clerk", "clearance"), ("lodger", "LES"),
    ] as [(String, String?)])
  func whoMaySeeRecords(reader: String, lacks: String?) throws {
    try imported()
    switch (try search(DataSearch(town: "New Bedford"), as: reader), lacks) {
    case (.success(let found), nil): #expect(found > 10)
    case (.failure(let problem), let lacks?):
      #expect(problem.code == .notCleared && problem.hint.contains(lacks), "\(problem)")
      #expect(try site.audit().last?.action == "data-search-refused")
    case (let answer, _): Issue.record("\(reader): \(answer)")
    }
  }

  /// The agreement ends with 2027-12-31 at the center, 05:00 in Greenwich.
  @Test(arguments: [(1_830_315_599, true), (1_830_315_600, false)] as [(Int64, Bool)])
  func factsEnd(seconds: Int64, sees: Bool) throws {
    try imported()
    let answer = try search(DataSearch(town: "New Bedford"), as: "officer", at: Instant(seconds: seconds))
    #expect(((try? answer.get()) != nil) == sees, "\(answer)")
  }

  @Test(
    arguments: [
      (DataSearch(town: "New Bedfrod"), "town `New Bedfrod`", "`New Bedford`"),
      (DataSearch(town: "Nantucket-on-Sea"), "town", "and "),
      (DataSearch(agency: "Fifth Cavalry"), "agency", "South Coast Drug Task Force"),
      (DataSearch(substance: "fentanly"), "substance `fentanly`", "`fentanyl`"),
    ])
  func unknownWords(search: DataSearch, message: String, hint: String) throws {
    try imported()
    guard case .failure(let problem) = try self.search(search, as: "officer") else {
      Issue.record("found something")
      return
    }
    #expect(problem.code == .unknownWord && problem.message.contains(message) && problem.hint.contains(hint))
    #expect(try site.audit().last?.action == "data-search")
  }

  @Test func knownWordsMayFindNothing() throws {
    guard case .failure(let problem) = try search(DataSearch(town: "New Bedford"), as: "officer") else {
      Issue.record("found something where nothing is imported")
      return
    }
    #expect(problem.code == .nothingImported)
    try imported()
    let answer = try search(DataSearch(town: "NEW BEDFORD", period: Period("2025")), as: "officer")
    #expect(try answer.get() == 0)
  }
}
