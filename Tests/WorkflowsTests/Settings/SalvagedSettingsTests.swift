// What the switches know of a revere.yaml with errors: the ledger and the zone, as far as the file tells.

import Bulletins
import Foundation
import Testing
import Workflows

@Suite struct SalvagedSettingsTests {
  private static let head = """
    site: { id: x, name: X, serial-prefix: XY, time-zone: America/New_York }
    store: sqlite:elsewhere/ledger.db

    """

  private func read(_ text: String) -> SalvagedSettings {
    SalvagedSettings.read(FilesInMemory([SettingsReader.file: Array(text.utf8)]))
  }

  @Test func aSoundFileIsReadWhole() {
    let sound = read(Self.head)
    #expect(sound.problem == nil && sound.namesStore && sound.settings.store == "sqlite:elsewhere/ledger.db")
    let usual = read(Self.head.replacingOccurrences(of: "store:", with: "#"))
    #expect(usual.problem == nil && usual.namesStore && usual.settings.store == SiteSettings.defaultStore)
  }

  @Test(arguments: [
    head + "contactz: {}\n", head + "delivery: { quiet-hours: 22-6 }\n", head + "site: {}\n",
    head.replacingOccurrences(of: "name: X,", with: ""), head.replacingOccurrences(of: "XY", with: "x y"),
  ])
  func theLedgerOfAFileWithErrors(text: String) throws {
    let salvaged = read(text)
    let problem = try #require(salvaged.problem as? FindingsFailure)
    #expect(!problem.findings.isEmpty)
    #expect(salvaged.namesStore && salvaged.settings.store == "sqlite:elsewhere/ledger.db")
    #expect(salvaged.settings.site.zone.identifier == "America/New_York")
  }

  @Test(arguments: ["", "::: {", "[1]", "store: [a]\n", "stoer: sqlite:elsewhere/ledger.db\n", head + "x: [\n"])
  func aGuessIsCalledOne(text: String) {
    let salvaged = read(text)
    #expect(salvaged.problem != nil && !salvaged.namesStore && salvaged.settings.store == SiteSettings.defaultStore)
  }

  @Test func aFileThatCannotBeRead() {
    let salvaged = SalvagedSettings.read(FilesInMemory([:]))
    #expect(salvaged.problem is WorkspaceProblem && !salvaged.namesStore)
    #expect(salvaged.settings.site.zone == .gmt)
  }
}
