// The rules of the house, held against this repository. A failure names the file and line to mend; the plan itself is
// in HousePlan.swift.

import Foundation
import Testing

@Suite("The house keeps its rules")
struct RepositoryTests {
  // Read and scanned once for all tests.
  private static let read = Result {
    (sources: try Repository.swiftSources(in: "Sources"), tests: try Repository.swiftSources(in: "Tests"))
  }
  let sources: [SwiftSource]
  let tests: [SwiftSource]

  init() throws {
    (sources, tests) = try Self.read.get()
    try #require(!sources.isEmpty && !tests.isEmpty, "no Swift file found: is the root wrong?")
  }

  @Test func importsFollowThePlan() {
    expectNone(ImportRule.violations(in: sources))
  }

  @Test func manifestSaysWhatThePlanSays() throws {
    expectNone(ManifestRule.violations(manifest: try Repository.text("Package.swift")))
  }

  @Test(arguments: CallRule.all.map(\.name))
  func callsAreMadeWhereTheyMayBe(_ name: String) throws {
    let rule = try #require(CallRule.all.first { $0.name == name })
    expectNone(rule.violations(in: sources))
  }

  @Test func exceptionsNameFilesThatExist() {
    let paths = Set(sources.map(\.path))
    for rule in CallRule.all {
      for (path, reason) in rule.exceptions {
        #expect(paths.contains(path), "\(rule.name): \(path) is gone, and so should its exception be")
        #expect(!reason.isEmpty)
      }
    }
  }

  @Test func testsNeverSleep() throws {
    let sleep = try #require(CallRule.all.first { $0.name == "sleep" })
    expectNone(sleep.violations(in: tests))
  }

  @Test func filesHaveTheirShape() {
    expectNone(FileShapeRule.violations(in: sources + tests.filter { !$0.path.contains("/Fixtures/") }))
  }

  @Test func everyTestTargetTestsATarget() {
    for target in Set(tests.map(\.target))
    where target.hasSuffix("Tests") && !HousePlan.testsOfTheWhole.contains(target) {
      let tested = String(target.dropLast("Tests".count))
      #expect(HousePlan.rooms[tested] != nil, "\(target): Tests mirror Sources")
    }
  }

  @Test func nothingOfOneMachineIsLeft() throws {
    let paths = try Repository.files()
    expectNone(LeftoverRule.violations(paths: paths))
    for path in paths {
      // Pictures and other bytes that are no text have nothing to find.
      guard let text = try? Repository.text(path) else { continue }
      expectNone(LeftoverRule.violations(path: path, text: text))
    }
  }

  private func expectNone(_ violations: [Violation], sourceLocation: Testing.SourceLocation = #_sourceLocation) {
    for violation in violations {
      Issue.record("\(violation)", sourceLocation: sourceLocation)
    }
  }
}
