// The table of explanations: every rule is in it, its examples do what they say, and the page in Documentation is it.

import Bulletins
import Foundation
import Testing

@testable import Authoring

@Suite struct RuleExplanationTests {
  @Test func everyRuleIsExplained() {
    // S05 is found while reading, F09 in the ledger, at release.
    let checked = AllRules.rules.map { type(of: $0).id } + ["S05", "F09"]
    let ids = RuleExplanation.all.map(\.id)
    #expect(ids.filter { !$0.hasPrefix("D") } == checked.sorted())
    #expect(Set(ids).count == ids.count && RuleExplanation.named("m05")?.id == "M05")
    #expect(RuleExplanation.named("M99") == nil)
    for rule in RuleExplanation.all {
      #expect(![rule.name, rule.what, rule.why, rule.source, rule.bad, rule.good].contains(""), "\(rule.id)")
      #expect(rule.what.last == "." && rule.why.last == "." && rule.bad != rule.good, "\(rule.id)")
    }
  }

  private static let head = [
    "series: officer-safety", "title: \"(U//FOUO) Title\"", "short-title: \"(U) Short\"", "authors: [a.okafor]",
    "info-cutoff: 2026-11-18", "expires: 2026-12-02", "contacts: [watch]",
    "sources:\n  - { id: s1, describe: \"(U//FOUO) Report\" }",
  ]

  private func rules(_ rule: RuleExplanation, _ example: String) -> [Finding] {
    var head = Self.head
    var body = ""
    if rule.form == .body {
      body = example
    } else {
      let key = example.prefix { $0 != ":" }
      head = head.filter { $0.prefix { $0 != ":" } != key } + [example]
    }
    let read = Samples.read("---\n" + head.joined(separator: "\n") + "\n---\n\n" + body + "\n")
    return BulletinCheck.findings(in: SampleSite.context(read, file: "x.md", template: nil))
  }

  @Test(arguments: RuleExplanation.all.filter { $0.form != .words }.map(\.id)) func examples(_ id: String) throws {
    let rule = try #require(RuleExplanation.named(id))
    let bad = rules(rule, rule.bad).filter { $0.rule == id }
    #expect(!bad.isEmpty, "the bad example of \(id) is not found")
    #expect(bad.allSatisfy { $0.severity == rule.severity }, "\(bad)")
    #expect(rules(rule, rule.good).filter { $0.rule == id } == [], "the good example of \(id) is found")
  }

  @Test func thePageIsGenerated() throws {
    let url = Samples.root.appending(path: "Documentation/rules.md")
    if ProcessInfo.processInfo.environment["REVERE_WRITE_GENERATED"] != nil {
      try Data(RulePage.markdown.utf8).write(to: url)
    }
    let committed = String(decoding: (try? Data(contentsOf: url)) ?? Data(), as: UTF8.self)
    #expect(committed == RulePage.markdown, "run the tests with REVERE_WRITE_GENERATED=1 to write it anew")
  }
}
