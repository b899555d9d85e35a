// A site of a few readers with two series of its own: small enough that a test can name everybody. Templates, policy,
// vocabularies and layouts are the shipped ones.

import Bulletins
import Distribution
import Foundation
import Markings
import Outbox
import Store
import StoreSQLite
import Synchronization
import Testing
import Workflows

/// One line of stakeholders.yaml.
struct Person {
  var id: String
  var name: String?
  var email: String?
  var organization = "police"
  var status = "active"
  var clearance = "les"
  var nda: String? = "2027-12-31"
  var channels = ["email-tls"]
  var format = "html"
  var pace = "each"
  var sectors: [String] = []

  init(
    _ id: String, name: String? = nil, email: String? = nil, organization: String = "police", status: String = "active",
    clearance: String = "les", nda: String? = "2027-12-31", channels: [String] = ["email-tls"], format: String = "html",
    pace: String = "each", sectors: [String] = []
  ) {
    self.sectors = sectors
    self.pace = pace
    self.id = id
    self.name = name
    self.email = email
    self.organization = organization
    self.status = status
    self.clearance = clearance
    self.nda = nda
    self.channels = channels
    self.format = format
  }

  var line: String {
    let agreements = nda.map { "{ nda: \($0) }" } ?? "{}"
    return """
        - { id: \(id), name: \(name ?? "\"Reader \(id)\""), email: \(email ?? "\(id)@city.example.gov"), \
      organization: \(organization), role: sworn, status: \(status), clearance: \(clearance), \
      agreements: \(agreements), vetting: { vetted-on: 2026-01-01, vetted-by: boss, until: 2028-01-01 }, \
      mailbox: person, regions: [statewide], sectors: [\(sectors.joined(separator: ", "))], channels: [\(channels.joined(separator: ", "))], format: \(format), \
      delivery: \(pace) }
      """
  }
}

final class SmallSite {
  /// Noon of the samples' day at the center.
  static let noon = Instant(seconds: 1_795_366_800)
  static let people = [
    Person("boss", organization: "center"), Person("deputy", organization: "center"), Person("officer"),
    Person("clerk", clearance: "fouo"), Person("plain", channels: ["email-plain"]),
    Person("lapsed", nda: "2026-10-31"), Person("portal-only", channels: ["portal"]),
    Person("firm", organization: "firm", clearance: "partner"), Person("suspended", status: "suspended"),
    Person("textual", name: "\"Zoë Ångström\"", format: "text"),
  ]

  private static let loaded = Mutex<[String: Workspace]>([:])
  let scratch: ScratchFolder
  let folder: String
  let files: FolderOnDisk
  let store: SQLStore
  let carriers = Carriers(relay: .emailTLS)

  init(_ people: [Person] = SmallSite.people) throws {
    scratch = try ScratchFolder()
    folder = scratch.path + "/site"
    let kit = try #require(Kit(root: Repository.root))
    _ = try InitWorkspace.run(folder: folder, kit: kit, sample: false)
    files = FolderOnDisk(root: folder)
    store = try SQLStore(
      driver: try SQLiteDriver(path: folder + "/var/revere.db"), at: Self.noon.seconds * 1_000)
    for name in files.names(in: "distribution-lists/lists") { try remove("distribution-lists/lists/\(name)") }
    for series in ["brief", "alarm"] {
      try write(
        "templates/\(series)/template.yaml",
        """
        name: Test \(series)
        code: \(series == "brief" ? "BR" : "AL")
        public-name: Test series
        default-expiry: 30 days
        urgency: \(series == "brief" ? "routine" : "immediate")
        on-uncertain: hold
        default-lists: [everybody]
        sections:
          required: [Bottom line]
          optional: [Detail]
        front-matter: [authors, info-cutoff]
        """)
      try write(
        "templates/\(series)/template.md", "---\nseries: \(series)\ntitle: \"(U) A title\"\n---\n\n## (U) Bottom line\n"
      )
    }
    try settings()
    try write(
      "distribution-lists/organizations.yaml",
      """
      organizations:
        - { id: center, name: The Center, level: state, type: intelligence, country: USA, regions: [statewide] }
        - { id: police, name: City Police, level: local, type: law-enforcement, country: USA, regions: [statewide] }
        - { id: firm, name: A Firm, level: private, type: critical-infrastructure, country: USA, regions: [statewide] }
      """)
    try self.people(people)
    try list()
  }

  func settings(authorities: String = "[boss, deputy]", extra: String = "") throws {
    try write(
      "revere.yaml",
      """
      site: { id: cfc, name: The Center, serial-prefix: CFC, time-zone: America/New_York, country: USA, \
      portal: "https://portal.center.example.gov/", release-authority: \(authorities), privacy-officer: [boss] }
      contacts: { watch: { name: 24x7 watch, phone: 555-0100, email: watch@center.example.gov } }
      mail:
        from: The Center <bulletins@center.example.gov>
        bounce-domain: bounce.center.example.gov
        relays: [{ name: main, host: localhost, tls: required }]
      \(extra)
      """)
  }

  func people(_ people: [Person]) throws {
    try write(
      "distribution-lists/stakeholders.yaml", "stakeholders:\n" + people.map(\.line).joined(separator: "\n") + "\n")
  }

  func list(
    ceiling: String = "GOV, PARTNER, FOUO, LES, NF, TLP:CLEAR", except: String = "", mayLeave: Bool = false
  ) throws {
    try write(
      "distribution-lists/lists/everybody.yaml",
      """
      id: everybody
      name: Everybody
      description: All readers of the test.
      owner: boss
      ceiling: [\(ceiling)]
      series: [brief, alarm]
      members:
        any:
          - level: [federal, state, local, tribal, private]
        except: [\(except)]
      may-leave: \(mayLeave)
      review-every: 90 days
      last-reviewed: 2026-10-01
      alert-on-change: 10%
      """)
  }

  /// Replaces the file and moves its time, so that a change within the same second is seen.
  func write(_ path: String, _ text: String) throws { try files.write(Array((text + "\n").utf8), to: path) }
  func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: folder + "/" + path) }

  func secret() throws -> SiteSecret {
    try SiteSecret.founding("var/secret.key", root: folder, store: store)
  }

  func workspace() throws -> Workspace {
    // Most tests share most states of the site: equal files are read once.
    let paths = try FileManager.default.subpathsOfDirectory(atPath: folder).filter {
      !$0.hasPrefix("var/") && !$0.hasPrefix("bulletins/") && !$0.hasPrefix("templates/vocab/") && !files.isFolder($0)
    }
    let state = try paths.sorted().map { ($0, try files.read($0, limit: 1 << 20)) }
    let hash = RevisionHash.of("site", [], files: state)
    if let known = Self.loaded.withLock({ $0[hash] }) { return known }
    let workspace = try WorkspaceLoading.load(files, settings: try WorkspaceLoading.settings(files))
    let errors = CheckLists.findings(workspace, now: SmallSite.noon).filter { $0.severity == .error }
    #expect(errors.isEmpty)
    Self.loaded.withLock { $0[hash] = workspace }
    return workspace
  }

  /// Writes a bulletin into the site.
  func bulletin(_ bulletin: BulletinText = BulletinText(), named stem: String = "visor") throws -> BulletinFile {
    try write("bulletins/\(stem).md", bulletin.text)
    return try load(stem)
  }

  func load(_ stem: String) throws -> BulletinFile {
    try BulletinFile.load(
      name: stem + ".md", path: "bulletins/\(stem).md", folder: FolderOnDisk(root: folder + "/bulletins"),
      settings: try workspace().readerSettings())
  }

  /// What the check warns of about readers is accepted: most sites of the tests have a lapsed one, and lists of a few.
  @discardableResult
  func release(
    _ file: BulletinFile, _ order: ReleaseOrder = ReleaseOrder(by: "boss"), now: Instant = SmallSite.noon
  ) throws -> ReleaseSummary {
    var order = order
    order.acceptedRules.formUnion(["D02", "D04"])
    return try ReleaseBulletin.run(
      file, in: try workspace(), order: order, carriers: carriers, store: store, now: now)
  }

  /// The refusal's code, or nil when it was released.
  func refusal(
    of file: BulletinFile, _ order: ReleaseOrder = ReleaseOrder(by: "boss"), now: Instant = SmallSite.noon
  ) throws -> ReleaseRefusal? {
    do {
      try release(file, order, now: now)
      return nil
    } catch let refusal as ReleaseRefusal {
      return refusal
    }
  }

  /// The ledger of a release by reader.
  func rows(_ serial: String) throws -> [String: DeliveryRecord] {
    var rows: [String: DeliveryRecord] = [:]
    try store.read { session in
      let release = try #require(try session.release(serial: serial))
      try session.deliveries(release: release.id, states: []) {
        #expect(rows[$0.reader] == nil, "two rows of \($0.reader)")
        rows[$0.reader] = $0
        return true
      }
    }
    return rows
  }

  func audit() throws -> [AuditEntry] {
    var entries: [AuditEntry] = []
    try store.read {
      try $0.auditEntries(after: 0) {
        entries.append($0)
        return true
      }
    }
    return entries
  }

  func releases() throws -> [ReleaseRecord] { try store.read { try $0.releases(limit: 100) } }
}

/// A bulletin that checks clean: FOUO in the required section, LES in another.
struct BulletinText {
  var series = "brief"
  var title = "\"(U//LES) Blades in sun visors\""
  var shortTitle = "\"(U) Officer safety advisory\""
  var front: [String] = []
  var sources = ["{ id: s1, describe: \"(U//FOUO) Police report\" }"]
  var bottomLine = "(U//FOUO) Canaryfouo two stops this month involved blades.[^s1]"
  var detail: String? = "(U//LES) Canaryles the blades were in sleeves of the visor.[^s1]"

  init(_ change: (inout BulletinText) -> Void = { _ in }) { change(&self) }

  var text: String {
    let detail = detail.map { "\n## (U) Detail\n\n\($0)\n" } ?? ""
    return """
      ---
      series: \(series)
      title: \(title)
      short-title: \(shortTitle)
      authors: [boss]
      info-cutoff: 2026-11-20
      expires: 2026-12-20
      sources:
        - \(sources.joined(separator: "\n  - "))
      contacts: [watch]
      \(front.joined(separator: "\n"))
      ---

      ## (U) Bottom line

      \(bottomLine)
      \(detail)
      """
  }
}
