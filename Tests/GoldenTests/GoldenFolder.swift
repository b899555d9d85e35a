// One folder of Tests/Fixtures/golden: whose eyes (as.txt), and what they get, through the code of `revere render --as`
// with the sample workspace. Not compared: the bytes of pictures, which differ by the system's libraries.

import Bulletins
import Distribution
import Foundation
import Markings
import Rendering
import Testing
import Workflows

/// The sample site as it lies in the repository: settings from templates/sample, the rest where it ships from.
struct SampleFiles: WorkspaceFiles {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().resolvingSymlinksInPath().path
  private let folder = FolderOnDisk(root: root)

  private func path(_ path: String) -> String { path == "revere.yaml" ? "templates/sample/revere.yaml" : path }
  func read(_ name: String, limit: Int) throws(WorkspaceProblem) -> [UInt8] {
    try folder.read(path(name), limit: limit)
  }
  func exists(_ name: String) -> Bool { folder.exists(path(name)) }
  func isFolder(_ name: String) -> Bool { folder.isFolder(path(name)) }
  func names(in name: String) -> [String] { folder.names(in: name) }
  func write(_ bytes: [UInt8], to path: String) throws(WorkspaceProblem) { try folder.write(bytes, to: path) }
}

struct GoldenProblem: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}

struct GoldenFolder: CustomTestStringConvertible, Sendable {
  static let folder = "Tests/Fixtures/golden"
  static let all: [GoldenFolder] = FolderOnDisk(root: SampleFiles.root).names(in: folder).map { GoldenFolder(name: $0) }
    .filter { FolderOnDisk(root: SampleFiles.root).exists($0.path + "/as.txt") }

  var name: String
  var testDescription: String { name }
  var path: String { Self.folder + "/" + name }
  init(name: String) { self.name = name }

  /// `key: value` lines; `#` begins a comment. Keys: reader, channel, and where needed bulletin (a file elsewhere in
  /// the repository), now, foreign-release (what the release authority recorded).
  func settings() throws -> [String: String] {
    let text = String(decoding: try SampleFiles().read(path + "/as.txt", limit: 10_000), as: UTF8.self)
    var settings: [String: String] = [:]
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      guard let colon = line.range(of: ": ") else { throw GoldenProblem("\(path)/as.txt: not `key: value`: \(line)") }
      settings[String(line[..<colon.lowerBound])] = String(line[colon.upperBound...])
    }
    let unknown = Set(settings.keys).subtracting(["reader", "channel", "bulletin", "now", "foreign-release"])
    guard unknown.isEmpty else { throw GoldenProblem("\(path)/as.txt: unknown keys \(unknown.sorted())") }
    return settings
  }

  func bulletin(in workspace: Workspace) throws -> BulletinFile {
    let path = try settings()["bulletin"] ?? path + "/bulletin.md"
    let url = URL(fileURLWithPath: SampleFiles.root + "/" + path)
    return try BulletinFile.load(
      name: url.lastPathComponent, path: path, folder: FolderOnDisk(root: url.deletingLastPathComponent().path),
      settings: workspace.readerSettings())
  }

  /// What the reader gets; a withheld bulletin is a problem that names the reasons.
  func preview(in workspace: Workspace) throws -> Preview {
    let settings = try settings()
    let written = settings["now"] ?? "2026-11-22T12:00:00-05:00"
    guard let now = Instant(rfc3339: written) else { throw GoldenProblem("no time: \(written)") }
    guard let reader = workspace.lists.readers().first(where: { $0.id == settings["reader"] }),
      let channel = settings["channel"].flatMap(ChannelClass.init(rawValue:)), let layouts = workspace.layouts
    else { throw GoldenProblem("\(path)/as.txt: unknown reader or channel, or layouts that cannot be used") }
    let countries = (settings["foreign-release"] ?? "").split(separator: " ").map(String.init)
    let file = try bulletin(in: workspace)
    let (revision, _) = RevisionBuilding.revision(
      file, in: workspace, recorded: RecordedDecisions(foreignRelease: Set(countries)), now: now)
    let (decision, preview) = try RenderPreview.one(
      ProductAssembly(revision, pictures: file.pictures, workspace: workspace, layouts: layouts), reader: reader,
      endpoint: Endpoint(channel), mail: workspace.settings.mail, now: now)
    guard let preview else { throw GoldenProblem("withheld: \(decision.reasons.map(\.text))") }
    return preview
  }
}

extension Preview {
  /// The three files, by name; pictures replaced by what names them.
  var golden: [(file: String, text: String)] {
    let page = rendered.images.reduce(rendered.page()) { page, image in
      let data = "data:\(image.mediaType);base64," + Data(image.bytes).base64EncodedString()
      return page.replacing(data, with: image.fileName)
    }
    var isPicture = false
    var lines: [Substring] = []
    for line in String(decoding: message, as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("Content-Type: ") { isPicture = line.hasPrefix("Content-Type: image/") }
      if isPicture, line.hasPrefix("Content-Disposition: ") {
        lines += [line, "", "(picture)"]
      } else if isPicture, line.hasPrefix("--") {
        isPicture = false
        lines.append(line)
      } else if !isPicture || line.hasPrefix("Content-") {
        lines.append(line)
      }
    }
    return [
      ("expected.html", page), ("expected.txt", rendered.plainText()),
      ("expected.eml", lines.joined(separator: "\n")),
    ]
  }
}
