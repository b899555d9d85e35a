// The sample site for the tests of loading and checking: the files that ship, read once.

import Bulletins
import Foundation
import Markings

@testable import Distribution

enum SampleSite {
  static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static func file(_ path: String, as name: String? = nil) throws -> ListFile {
    ListFile(path: name ?? path, bytes: [UInt8](try Data(contentsOf: repository.appending(path: path))))
  }

  static func files(in folder: String, suffix: String) throws -> [ListFile] {
    let names = try FileManager.default.contentsOfDirectory(atPath: repository.appending(path: folder).path)
    return try names.filter { $0.hasSuffix(suffix) }.sorted().map { try file(folder + "/" + $0) }
  }

  static let words: LoadedVocabulary = {
    (try? files(in: "templates/vocab", suffix: ".csv")).map(VocabularyLoader.load) ?? LoadedVocabulary()
  }()

  /// All of distribution-lists/.
  static func listFiles() throws -> [ListFile] {
    let folder = SiteListsLoader.folder
    return try files(in: folder, suffix: ".yaml") + files(in: folder + "/lists", suffix: ".yaml")
      + files(in: folder + "/decisions", suffix: ".yaml")
  }

  static let zone = TimeZone(identifier: "America/New_York") ?? .gmt
  static let site = Site(
    id: "cfc", name: "Commonwealth Fusion Center", serialPrefix: "CFC", zone: zone,
    releaseAuthorities: ["p.munroe", "t.renfrew"], privacyOfficers: ["n.farrow"])
  /// 2026-11-22 09:00 at the center.
  static let now = Instant(rfc3339: "2026-11-22T09:00:00-05:00") ?? Instant(seconds: 0)

  // MARK: small sites, written in a test

  static func load(_ files: [String: String], csv: String? = nil) -> SiteLists {
    var all = defaults
    for (name, text) in files { all[name] = text }
    var given = all.map { ListFile(path: SiteListsLoader.folder + "/" + $0.key, bytes: Array($0.value.utf8)) }
    if let csv {
      given.removeAll { $0.path.hasSuffix("stakeholders.yaml") }
      given.append(ListFile(path: SiteListsLoader.folder + "/stakeholders.csv", bytes: Array(csv.utf8)))
    }
    return SiteListsLoader.load(given, vocabulary: words.vocabulary)
  }

  static func check(_ lists: SiteLists, series: Set<String> = []) -> [Finding] {
    let empty = Site(id: "x", name: "X", serialPrefix: "X", zone: zone)
    return ListCheck.findings(
      in: ListCheckContext(lists: lists, vocabulary: words.vocabulary, site: empty, now: now, series: series))
  }

  /// `L02 warning stakeholders.yaml:3`: what a test compares.
  static func summary(_ findings: [Finding]) -> [String] {
    findings.map { finding in
      let name = finding.place.file.split(separator: "/").last.map(String.init) ?? finding.place.file
      return "\(finding.rule) \(finding.severity) \(name):\(finding.place.line)"
    }
  }

  static let defaults = [
    "organizations.yaml": """
    organizations:
      - { id: police, name: Police, level: local, type: law-enforcement, country: USA }
      - { id: power, name: Power, level: private, type: critical-infrastructure, country: USA }
    """,
    "stakeholders.yaml": """
    stakeholders:
    """ + reader(id: "a.one"),
    "release-policy.yaml": policy(),
  ]

  /// A line of stakeholders.yaml in which everything is right, with some of the keys replaced or (nil) left out.
  static func reader(id: String, _ changes: [String: String?] = [:]) -> String {
    var facts: [(String, String)] = [
      ("id", id), ("name", "Reader \(id)"), ("email", "\(id)@police.example.gov"), ("organization", "police"),
      ("role", "sworn"), ("status", "active"), ("clearance", "les"), ("agreements", "{ nda: 2027-12-31 }"),
      ("vetting", "{ vetted-on: 2026-01-01, vetted-by: x, until: 2027-12-31 }"), ("mailbox", "person"),
      ("channels", "[email-tls]"),
    ]
    for (key, value) in changes.sorted(by: { $0.key < $1.key }) {
      facts.removeAll { $0.0 == key }
      if let value { facts.append((key, value)) }
    }
    return "\n  - { " + facts.map { "\($0.0): \($0.1)" }.joined(separator: ", ") + " }"
  }

  static func stakeholders(_ readers: String...) -> [String: String] {
    ["stakeholders.yaml": "stakeholders:" + readers.joined()]
  }

  static func policy(_ atoms: String = "", channels: String = "{ portal: all }") -> String {
    """
    policy: test
    version: 1
    atoms:
      FOUO: { clearance: fouo }
      LES: { all: [ { atom: FOUO }, { clearance: les } ] }
    \(atoms)
    channels: \(channels)
    """
  }
}
