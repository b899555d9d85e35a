// A new workspace, with and without the samples; nothing is overwritten.

import Foundation
import Testing
import Workflows

@Suite struct InitWorkspaceTests {
  @Test(arguments: [false, true]) func workspace(sample: Bool) throws {
    let scratch = try ScratchFolder()
    let folder = scratch.path + "/w"
    let kit = try #require(Kit(root: Repository.root))
    _ = try InitWorkspace.run(folder: folder, kit: kit, sample: sample)
    let files = FolderOnDisk(root: folder)
    #expect(files.exists("revere.yaml"))
    #expect(files.exists("templates/officer-safety/template.yaml"))
    #expect(files.exists("templates/vocab/regions.csv"))
    #expect(!files.exists("templates/sample"))
    #expect(files.exists("bulletins/officer-safety-conversion-devices.md") == sample)
    let (settings, problems) = try SettingsReader.read(try files.read("revere.yaml", limit: 1 << 20))
    #expect(problems.isEmpty && settings != nil)
    let mode = try FileManager.default.attributesOfItem(atPath: folder + "/var")[.posixPermissions] as? NSNumber
    #expect(mode?.intValue == 0o700)
    #expect(throws: WorkspaceProblem.self) { try InitWorkspace.run(folder: folder, kit: kit, sample: sample) }
  }

  /// A folder that somebody has already keeps its files and its permissions.
  @Test func anExistingFolderIsRespected() throws {
    let scratch = try ScratchFolder()
    let files = FolderOnDisk(root: scratch.path)
    try files.write([1], to: "var/own.txt")
    try files.write([2], to: "templates/vocab/regions.csv")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: scratch.path + "/var")
    _ = try InitWorkspace.run(folder: scratch.path, kit: try #require(Kit(root: Repository.root)), sample: false)
    #expect(try files.read("var/own.txt", limit: 9) == [1])
    #expect(try files.read("templates/vocab/regions.csv", limit: 9) == [2])
    let mode = try FileManager.default.attributesOfItem(atPath: scratch.path + "/var")[.posixPermissions] as? NSNumber
    #expect(mode?.intValue == 0o755)
  }

  @Test func anEmptyPathIsTheCurrentFolder() { #expect(FolderOnDisk(root: "").root == ".") }

  @Test(arguments: ["../outside", "/etc/passwd", "a/../../b", "a\0b"])
  func pathsStayInside(path: String) throws {
    let scratch = try ScratchFolder()
    do throws(WorkspaceProblem) {
      _ = try FolderOnDisk(root: scratch.path).read(path, limit: 10)
      #expect(Bool(false), "must be refused")
    } catch { #expect(error.code == .outside) }
  }

  @Test func limitsBeforeReading() throws {
    let scratch = try ScratchFolder()
    let files = FolderOnDisk(root: scratch.path)
    try files.write([1, 2, 3], to: "a/b.txt")
    #expect(try files.read("a/b.txt", limit: 3) == [1, 2, 3])
    do throws(WorkspaceProblem) { _ = try files.read("a/b.txt", limit: 2) } catch { #expect(error.code == .tooLarge) }
    do throws(WorkspaceProblem) { _ = try files.read("a", limit: 2) } catch { #expect(error.code == .notReadable) }
    do throws(WorkspaceProblem) { _ = try files.read("b", limit: 2) } catch { #expect(error.code == .notFound) }
  }
}
