// The policy's language as a file: what is understood, and what becomes false.

import Bulletins
import Markings
import Testing

@testable import Distribution

@Suite struct PolicyLoaderTests {
  func load(_ text: String, site: String? = nil) -> LoadedPolicy {
    PolicyLoader.load(
      shipped: ListFile(path: "release-policy.yaml", bytes: Array(text.utf8)),
      site: site.map { ListFile(path: "release-policy.site.yaml", bytes: Array($0.utf8)) },
      vocabulary: SampleSite.words.vocabulary)
  }

  @Test func theShippedPolicy() throws {
    let loaded = PolicyLoader.load(
      shipped: try SampleSite.file("distribution-lists/release-policy.yaml"), vocabulary: SampleSite.words.vocabulary)
    #expect(loaded.findings.isEmpty)
    let policy = loaded.merged
    #expect(policy.name == "cfc" && policy.version == "2" && policy.effective == CivilDate("2026-11-15"))
    #expect(policy.hash.count == 71 && policy.hash.hasPrefix("sha256:"))
    #expect(policy.atoms[.fouo] == .all([.clearance("fouo"), .agreement("nda"), .vettingCurrent]))
    #expect(policy.atoms[Atom("TLP:CLEAR")] == .everybody)
    #expect(
      policy.atoms[.noforn]
        == .all([
          .has(.citizenship, ["USA"]), .has(.level, ["federal", "state", "local", "tribal", "private"]),
        ]))
    #expect(policy.ceiling(.portal) == .all)
    #expect(policy.ceiling(.emailPlain).allows(.partner) && !policy.ceiling(.emailPlain).allows(.fouo))
    #expect(policy.webhookThinAbove?.count == 5 && policy.headerCeiling == .emailTLS)
  }

  @Test(arguments: [
    ("{ levle: [state] }", "P01"), ("{ level: [provincial] }", "P01"), ("{ clearance: secret }", "P01"),
    ("{ agreement: none }", "P01"), ("{ vetting: yes }", "P01"), ("{ attested: false }", "P01"),
    ("{ atom: FUOO }", "P01"), ("{ not: { atom: LES } }", "P01"), ("{ level: [state], role: [sworn] }", "P01"),
    ("{ organizations: [x] }", "P01"), ("[ ]", "P01"), ("state", "P01"), ("{ }", "P01"),
    ("{ all: { atom: LES } }", "P01"),
    ("{ level: [[state]] }", "P01"), ("{ atom: [LES] }", "P01"),
  ])
  func whatIsNotUnderstoodIsFalse(_ predicate: String, _ rule: String) throws {
    let loaded = load("policy: p\nversion: 1\natoms:\n  FOUO: \(predicate)\n")
    #expect(loaded.findings.map(\.rule) == [rule])
    #expect(loaded.findings.first?.place.line == 4)
    let found = try #require(loaded.merged.atoms[.fouo])
    switch found {
    case .invalid, .has(_, []): break
    default: Issue.record("\(predicate) became \(found)")
    }
  }

  @Test func suggestions() {
    let loaded = load("policy: p\nversion: 1\natoms:\n  FOUO: { levle: [state] }\n")
    #expect(loaded.findings.first?.explanation.contains("level") == true)
    #expect(load("policy: p\nversion: 1\natomes: {}\n").findings.first?.explanation.contains("atoms") == true)
  }

  @Test func aWordThatIsUnknownIsLeftOut() {
    let loaded = load("policy: p\nversion: 1\natoms:\n  FOUO: { level: [state, provincial] }\n")
    #expect(loaded.merged.atoms[.fouo] == .has(.level, ["state"]))
  }

  @Test func unreadable() {
    for text in ["a: [", "", "- x", "\u{0}", "policy: p\nversion: 1\natoms: [LES]\nchannels: all\n"] {
      let loaded = load(text)
      #expect(!loaded.findings.isEmpty, "\(text)")
      #expect(loaded.merged.atoms.isEmpty && loaded.merged.channels.isEmpty)
    }
  }

  static let base = """
    policy: p
    version: 1
    atoms: { FOUO: { clearance: fouo } }
    channels: { email-tls: [FOUO, LES], portal: all }
    """

  @Test func aSiteTightens() {
    let site = "policy: s\nversion: 1\natoms: { FOUO: { role: [sworn] } }\nchannels: { email-tls: [FOUO] }\n"
    let merged = load(Self.base, site: site).merged
    #expect(merged.atoms[.fouo] == .all([.clearance("fouo"), .has(.role, ["sworn"])]))
    #expect(merged.ceiling(.emailTLS) == .only([.fouo]))
    #expect(merged.ceiling(.portal) == .all)
  }

  /// Otherwise a typing mistake in what a site closes would leave it open.
  @Test(arguments: [
    "a: [", "policy: s\nversion: 1\natoms: { FUOO: { role: [sworn] } }\n",
    "policy: s\nversion: 1\natom: { FOUO: { role: [sworn] } }\n", "policy: s\nversion: 1\natoms: [FOUO]\n",
    "policy: s\nversion: 1\nchannels: { email-tsl: [FOUO] }\n",
    "policy: s\nversion: 1\natoms: { FOUO: { role: [sworn] }, FOUO: { any: [] } }\n",
  ])
  func aSiteFileThatIsNotUnderstoodClosesEverything(_ site: String) {
    let loaded = load(Self.base, site: site)
    #expect(loaded.merged.atoms.isEmpty && loaded.merged.channels.isEmpty)
    #expect(loaded.findings.contains { $0.severity == .error && $0.place.file == "release-policy.site.yaml" })
  }
}
