// Every rule can fail: small bad snippets, each with the violation that it must give, and near misses that must pass.

import Testing

@Suite("The rules find what they are for")
struct RuleTests {
  private func source(_ text: String, _ path: String = "Sources/Mail/Bad.swift") -> SwiftSource {
    SwiftSource(path: path, text: text)
  }

  // MARK: Imports

  @Test(arguments: [
    ("Sources/Markings/Bad.swift", "import Foundation", "Markings may not import Foundation"),
    ("Sources/Mail/Bad.swift", "package import Store", "Mail may not import Store"),
    ("Sources/Mail/Bad.swift", "@preconcurrency import Yams", "only SiteFiles imports Yams"),
    ("Sources/Store/Bad.swift", "internal import struct GRDB.Row", "only StoreSQLite imports GRDB"),
    ("Sources/Workflows/Bad.swift", "let a = 1; import Mustache", "only Rendering imports Mustache"),
    ("Sources/revere/main.swift", "import Workflows", "revere may not import Workflows"),
    ("Sources/Attic/Bad.swift", "import Foundation", "Attic is no target of the plan"),
    ("Sources/Bulletins/Bad.swift", "@_exported import Markings", "an underscored import attribute hides a dependency"),
  ])
  func importIsRefused(_ path: String, _ text: String, _ message: String) {
    #expect(ImportRule.violations(in: [source(text, path)]).map(\.message) == [message])
  }

  @Test(arguments: [
    ("Sources/Bulletins/Good.swift", "package import Foundation\npackage import Markings"),
    ("Sources/Markings/Good.swift", "// import Foundation\n/* import /* x */ Foundation */ let s = \"import Yams\""),
    ("Sources/Mail/Good.swift", "let important = 1\nlet x = \"\"\"\nimport Store\n\"\"\""),
  ])
  func importIsAccepted(_ path: String, _ text: String) {
    #expect(ImportRule.violations(in: [source(text, path)]) == [])
  }

  @Test func secondFileWithCTypesIsRefused() {
    let files = ["A", "B"].map { source("import CMarkGFM", "Sources/Authoring/\($0).swift") }
    #expect(ImportRule.violations(in: [files[0]]) == [])
    #expect(ImportRule.violations(in: files).map(\.path) == ["Sources/Authoring/B.swift"])
  }

  // MARK: The manifest

  @Test func manifestThatDiffersIsFound() {
    let manifest = """
      let yams = Target.Dependency.product(name: "Yams", package: "Yams")
      room("Markings", [yams]), room("Bulletins"), room(
        "Attic", ["Markings", yams]),
      """
    let plan = [
      "Markings": HousePlan.Room(sees: [], platform: []),
      "Bulletins": HousePlan.Room(sees: ["Markings"], platform: []),
      "Store": HousePlan.Room(sees: [], platform: []),
    ]
    #expect(
      Set(ManifestRule.violations(manifest: manifest, plan: plan).map(\.message)) == [
        "Markings may not depend on Yams", "Attic is not in the plan", "Store is in the plan and not in the manifest",
        "the plan lets Bulletins see Markings, which the manifest does not list",
      ])
  }

  // MARK: Calls

  @Test(arguments: [
    ("clock", "let now = Date()"), ("clock", "x = Date.now"), ("clock", "ContinuousClock().now"),
    ("clock", "due.timeIntervalSinceNow < 0"), ("clock", "clock_gettime(CLOCK_MONOTONIC, &t)"),
    ("clock", "time(nil)"), ("sleep", "try await Task.sleep(for: d)"), ("sleep", "usleep(5)"),
    ("sleep", "Thread.sleep(forTimeInterval: 1)"),
    ("files", "FileManager.default.contents(atPath: p)"), ("files", "try Data(contentsOf: url)"),
    ("surroundings", "ProcessInfo.processInfo"), ("zone", "TimeZone.current"), ("bundle", "Bundle.module.url"),
    ("printing", "print(x)"), ("network", "URLSession.shared"), ("force", "try! f()"), ("force", "x as! Int"),
    ("force", "fatalError()"),
  ])
  func callIsRefused(_ name: String, _ text: String) throws {
    let rule = try #require(CallRule.all.first { $0.name == name })
    #expect(rule.violations(in: [source(text)]).count == 1)
  }

  @Test(arguments: [
    "CivilDate()", "// Date()", "let s = \"Date.now\"", "time(nilly)", "func print(_ x: Int) {}", "blueprint(x)",
    "renderer.print(x)", "#\"try! \"# + x", "let d: Date", "oversleep()",
  ])
  func nearMissIsAccepted(_ text: String) {
    for rule in CallRule.all { #expect(rule.violations(in: [source(text)]) == [], "\(rule.name)") }
  }

  @Test func placesThatMayAreLeftAlone() throws {
    let clock = try #require(CallRule.all.first { $0.name == "clock" })
    #expect(clock.violations(in: [source("Date()", "Sources/CommandLineTool/Clock.swift")]) == [])
    var excepted = clock
    excepted.exceptions = ["Sources/Mail/Bad.swift": "a reason"]
    #expect(excepted.violations(in: [source("Date()")]) == [])
  }

  // MARK: Shape

  private let opening = "// What this file promises to its readers, in words.\n"

  @Test func fileWithoutOpeningIsFound() {
    #expect(FileShapeRule.violations(in: [source("import Foundation\n")]).count == 1)
    #expect(FileShapeRule.violations(in: [source("// short\n")]).count == 1)
    #expect(FileShapeRule.violations(in: [source(opening)]) == [])
  }

  @Test func longFileMustSayWhy() {
    let body = String(repeating: "let x = 1\n", count: FileShapeRule.longest)
    #expect(FileShapeRule.violations(in: [source(opening + body)]).count == 1)
    #expect(FileShapeRule.violations(in: [source(opening + "// Long because of its table.\n" + body)]) == [])
  }

  @Test func unfinishedWorkIsFound() {
    #expect(FileShapeRule.violations(in: [source(opening + "// TO" + "DO: later\n")]).count == 1)
  }

  @Test(arguments: ["package struct Row {}", "enum Issue {}", "public final class Request {}", "struct Markings {}"])
  func takenNameIsFound(_ text: String) {
    #expect(FileShapeRule.violations(in: [source(opening + text)]).count == 1)
  }

  @Test(arguments: ["struct Rows {}", "enum Block {\n  struct Table {}\n}", "let row: Row"])
  func freeNameIsAccepted(_ text: String) {
    #expect(FileShapeRule.violations(in: [source(opening + text)]) == [])
  }

  // MARK: Leftovers

  @Test func pathOfOneMachineIsFound() {
    #expect(LeftoverRule.violations(path: "README.md", text: "a\nsee /wo" + "rk/x").map(\.line) == [2])
    #expect(LeftoverRule.violations(path: "README.md", text: "see Sources/Mail") == [])
  }

  @Test func strangeTopLevelNameIsFound() {
    #expect(LeftoverRule.violations(paths: ["Sources/a.swift", "attic/b"]).map(\.path) == ["attic"])
  }
}
