// `revere new`: the file is written once, with nothing left to replace, and checks clean but for what only the analyst
// can say.

import Bulletins
import Foundation
import Markings
import Testing
import Workflows

@Suite struct NewBulletinTests {
  private func start(_ series: String, stem: String = "begun", in site: SmallSite) throws -> BulletinFile {
    let workspace = try site.workspace()
    var draft = BulletinDraft(
      template: try #require(workspace.templates[series]), workspace: workspace, now: SmallSite.noon)
    #expect(draft.answer(.author, "boss") == [])
    let path = try NewBulletin.write(draft, stem: stem, files: site.files)
    #expect(path == "bulletins/\(stem).md")
    return try site.load(stem)
  }

  @Test func nothingIsOverwritten() throws {
    let site = try SmallSite()
    let first = try start("officer-safety", in: site).bytes
    do throws(any Error) { _ = try start("officer-safety", in: site) } catch {
      #expect((error as? WorkspaceProblem)?.code == .exists)
    }
    #expect(try site.load("begun").bytes == first)
  }

  @Test(arguments: ["", "..", "a/b", "A", "-a", "a b", "a.b", "ü", "../../x", String(repeating: "a", count: 101)])
  func strangeNames(stem: String) throws {
    #expect(!NewBulletin.isStem(stem))
    let site = try SmallSite()
    #expect(throws: WorkspaceProblem.self) { try start("officer-safety", stem: stem, in: site) }
    #expect(site.files.names(in: "bulletins").isEmpty)
  }

  @Test func freeNames() throws {
    let site = try SmallSite()
    let today = try #require(CivilDate("2026-11-22"))
    func free() -> String { NewBulletin.freeStem(for: "brief", today: today, in: site.files) }
    #expect(free() == "brief-2026-11-22")
    _ = try start("brief", stem: free(), in: site)
    #expect(free() == "brief-2026-11-22-2")
    _ = try start("brief", stem: free(), in: site)
    #expect(free() == "brief-2026-11-22-3")
  }
}
