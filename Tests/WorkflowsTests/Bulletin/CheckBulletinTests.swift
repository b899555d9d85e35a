// The check with a whole workspace around it: the broken samples give what they were broken for, the good ones nothing.

import Authoring
import Bulletins
import Distribution
import Foundation
import Markings
import SiteFiles
import Testing
import Workflows

/// The sample site, loaded once.
enum SampleSite {
  static let workspace: Workspace? = try? {
    let scratch = try ScratchFolder()
    let folder = scratch.path + "/w"
    guard let kit = Kit(root: Repository.root) else { return nil }
    _ = try InitWorkspace.run(folder: folder, kit: kit, sample: true)
    let files = FolderOnDisk(root: folder)
    return try WorkspaceLoading.load(files, settings: try WorkspaceLoading.settings(files))
  }()

  static func load(_ folder: String, _ name: String) throws -> BulletinFile {
    try BulletinFile.load(
      name: name, path: name, folder: FolderOnDisk(root: Repository.root + "/" + folder),
      settings: try #require(workspace).readerSettings())
  }
}

@Suite struct CheckBulletinTests {
  struct Expected: Sendable, CustomStringConvertible {
    var file: String
    var rule: String
    var line: Int
    var description: String { file }
  }

  static let broken = "Tests/Fixtures/samples/broken"
  static let expected: [Expected] = {
    let text = (try? Repository.bytes("\(broken)/expected.csv")).map { String(decoding: $0, as: UTF8.self) } ?? ""
    return text.split(separator: "\n").dropFirst().compactMap { line in
      let fields = line.split(separator: ",", maxSplits: 3)
      return fields.count == 4
        ? Int(fields[2]).map { Expected(file: "\(fields[0])", rule: "\(fields[1])", line: $0) } : nil
    }
  }()

  @Test func theTableIsThere() { #expect(Self.expected.count >= 40) }

  /// Findings about readers and lists as they stand, which may be there beside any bulletin.
  static let ofReaders: Set<String> = ["D02", "D04"]

  /// What the loader found is said, and not that every notice is missing.
  @Test(arguments: ["", "Law Enforcement Sensitive\n", "{{#open}}"]) func aNoticeThatCannotBeUsed(_ text: String) throws
  {
    let site = try SmallSite()
    try site.write("templates/notices/les.txt", text)
    let workspace = try WorkspaceLoading.load(site.files, settings: try WorkspaceLoading.settings(site.files))
    let file = try SampleSite.load(Self.broken, try #require(Self.expected.first { $0.rule == "M03" }).file)
    let found = CheckBulletin.findings(file, in: workspace, now: SmallSite.noon).filter { $0.rule == "M10" }
    #expect(found.map(\.place.file) == ["templates/notices/les.txt"], "\(found)")
    let templates = try CheckTemplates.findings(
      series: ["brief"], in: FolderOnDisk(root: site.folder + "/templates"), path: "", workspace: workspace,
      now: SmallSite.noon
    ).filter { $0.rule == "M10" }
    #expect(templates == found)
  }

  @Test(arguments: expected) func broken(_ expected: Expected) throws {
    var workspace = try #require(SampleSite.workspace)
    if expected.rule == "M11" { workspace.settings.site.designation = nil }
    let file = try SampleSite.load(Self.broken, expected.file)
    let known = workspace.templates[file.read.document.frontMatter.series] != nil || expected.rule == "F06"
    let found = CheckBulletin.findings(file, in: workspace, now: SmallSite.noon).filter {
      (known || $0.rule != "F06") && !Self.ofReaders.contains($0.rule)
    }
    #expect(
      found.map { "\($0.rule) \($0.place.line)" } == ["\(expected.rule) \(expected.line)"], "\(found)")
    #expect(found.allSatisfy { $0.place.file == expected.file && $0.place.column >= 1 })
    // Released it is not, whatever is accepted, unless all that was found are warnings.
    if found.contains(where: { $0.severity == .error }) {
      let site = try SmallSite([])
      #expect(throws: ReleaseRefusal.self) {
        try ReleaseBulletin.run(
          file, in: workspace,
          order: ReleaseOrder(by: "p.munroe", acceptedRules: Self.ofReaders.union([expected.rule])),
          carriers: .init(relay: .emailTLS), store: site.store, now: SmallSite.noon)
      }
    }
  }

  @Test(arguments: [
    "crime-statistics-2026-9m", "hate-crime-2025", "high-profile-incident-worcester-terminal",
    "officer-safety-conversion-devices", "opioid-arrests-2026-q3", "sar-quarterly-2026-q3",
    "situational-awareness-false-contractors", "special-event-first-night-boston",
  ])
  func goodSamples(stem: String) throws {
    let workspace = try #require(SampleSite.workspace)
    let file = try SampleSite.load("templates/sample/bulletins", stem + ".md")
    let found = CheckBulletin.findings(file, in: workspace, now: SmallSite.noon)
    #expect(found.filter { !Self.ofReaders.contains($0.rule) } == [])
    // Some of the sample's readers were made with facts that ended.
    #expect(Set(found.map(\.rule)).isSubset(of: ["D02"]))
  }

  /// Found where the template says it, by whoever takes the default and by nobody else.
  @Test(arguments: [("", true), ("lists: [everybody]", false), ("to: [officer]", false), ("lists: []", false)])
  func aDefaultListThatDoesNotExist(_ key: String, _ isTaken: Bool) throws {
    let site = try SmallSite()
    let path = "templates/brief/template.yaml"
    let yaml = String(decoding: try site.files.read(path, limit: 1 << 20), as: UTF8.self)
    try site.write(
      path,
      yaml.replacingOccurrences(of: "default-lists: [everybody]", with: "default-lists:\n  - everybody\n  - everyone"))
    let file = try site.bulletin(BulletinText { $0.front = [key].filter { !$0.isEmpty } })
    let found = CheckBulletin.findings(file, in: try site.workspace(), now: SmallSite.noon).filter { $0.rule == "F07" }
    #expect(found.map(\.place) == (isTaken ? [Place(file: path, line: 9, column: 5)] : []), "\(found)")
    #expect(found.allSatisfy { $0.severity == .error && $0.message.contains("`everyone`") })
    if isTaken { #expect(throws: ReleaseRefusal.self) { try site.release(file) } }

    try site.write("distribution-lists/lists/everyone.yaml", "id: [")
    let unread = try WorkspaceLoading.load(site.files, settings: try WorkspaceLoading.settings(site.files))
    #expect(!CheckBulletin.findings(file, in: unread, now: SmallSite.noon).contains { $0.place.file == path })
  }

  @Test func filesThatAreMissingOrNoPictures() throws {
    let workspace = try #require(SampleSite.workspace)
    let text = String(
      decoding: try Repository.bytes("templates/sample/bulletins/officer-safety-conversion-devices.md"), as: UTF8.self)
    func findings(_ files: [String: [UInt8]]) throws -> [String] {
      let file = try BulletinFile.load(
        name: "b.md", path: "b.md",
        folder: FilesInMemory(files.merging(["b.md": Array(text.utf8)]) { first, _ in first }),
        settings: workspace.readerSettings())
      let (revision, _) = RevisionBuilding.revision(file, in: workspace, now: SmallSite.noon)
      #expect(revision.document.faults.contains(.invalid), "a file with such a finding is released to nobody")
      return CheckBulletin.findings(file, in: workspace, now: SmallSite.noon).map(\.rule)
    }
    // One for each place that names a file; the photo stands in the subject and is a figure too.
    #expect(try findings([:]) == ["F07", "F07", "F07"])
    let words = Array("no picture".utf8)
    #expect(try findings(["conversion-device.png": words, "pike-van.jpg": []]) == ["S05", "S05"])
    let large = [UInt8](repeating: 0, count: 6_000_000)
    #expect(try findings(["conversion-device.png": large, "pike-van.jpg": []]) == ["F07", "S05"])
  }
}
