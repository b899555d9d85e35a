// `revere templates check`: the shipped series are clean; of a broken one each mistake is found at its place.

import Bulletins
import Foundation
import Testing
import Workflows

@Suite struct CheckTemplatesTests {
  private func findings(_ files: [String: String]) throws -> [Finding] {
    let workspace = try #require(SampleSite.workspace)
    let series = Set(files.keys.compactMap { $0.split(separator: "/").first.map(String.init) }).sorted()
    return try CheckTemplates.findings(
      series: series, in: FilesInMemory(files.mapValues { Array($0.utf8) }), path: "t/", workspace: workspace,
      now: SmallSite.noon)
  }

  private static let yaml = """
    name: Roll call
    code: RC
    public-name: Roll Call
    default-expiry: 2 days
    urgency: routine
    on-uncertain: hold
    default-lists: [fire-ems]
    sections:
      required: [Bottom line]
      optional: [Detail]
      guidance: { Bottom line: What happened., Detail: More of it. }
    front-matter: [authors, info-cutoff, contacts]
    gates: [pii]
    lint: { C06: error, M15: "off" }
    """
  private static let text = """
    ---
    series: roll-call
    title: "(U) Roll call, {{today}}"
    short-title: "(U) Roll call"
    authors: [{{author}}]
    info-cutoff: {{now}}
    expires: {{expires}}
    sources:
      - { id: s1, describe: "(U) Log", date: {{today}} }
    contacts: [watch]
    ---

    ## (U) Bottom line

    (U) What happened.[^s1]

    """

  @Test func shippedSeriesAreClean() throws {
    let files = FolderOnDisk(root: Repository.root + "/templates")
    let series = files.names(in: "").filter { files.exists("\($0)/template.yaml") }
    #expect(series.count == 8)
    let found = try CheckTemplates.findings(
      series: series, in: files, path: "", workspace: try #require(SampleSite.workspace), now: SmallSite.noon)
    #expect(found == [])
  }

  /// `change` replaces a text in one of the two files; what is wrong apart from T04 (the sample's lists do not take it).
  @Test(arguments: [
    ("", "", []),
    ("code: RC", "code: OS", ["T03 t/roll-call/template.yaml:2 error"]),
    ("[fire-ems]", "[fire-emt]", ["T04 t/roll-call/template.yaml:7 error did you mean `fire-ems`?"]),
    ("Bottom line: What happened., ", "", ["T05 t/roll-call/template.yaml:9 warning"]),
    ("C06: error", "Q06: error", ["T06 t/roll-call/template.yaml:14 error"]),
    ("C06: error", "C16: error", ["T06 t/roll-call/template.yaml:14 error"]),
    ("C06: error", "D05: off", []),
    ("M15: ", "D01: ", ["T06 t/roll-call/template.yaml:14 warning"]),
    ("M15: ", "S03: ", []),
    ("M15: ", "M01: ", ["T06 t/roll-call/template.yaml:14 warning"]),
    ("series: roll-call", "series: rollcall", ["T01 t/roll-call/template.md:2 error"]),
    ("{{today}}\"", "{{tody}}\"", ["T02 t/roll-call/template.md:3 error did you mean `today`?"]),
    ("## (U) Bottom line", "## (U) Botom line", ["T05 t/roll-call/template.md:13 warning did you mean `Bottom line`?"]),
    ("(U) What happened.[", "What happened.[", ["M01 t/roll-call/template.md:15 error"]),
    ("contacts: [watch]\n", "", ["F01 t/roll-call/template.md:1 error"]),
    ("urgency: routine", "urgnecy: routine", ["F02 t/roll-call/template.yaml:5 error did you mean `urgency`?"]),
  ])
  func one(_ old: String, _ new: String, _ expected: [String]) throws {
    let (yaml, text) =
      old.isEmpty
      ? (Self.yaml, Self.text)
      : (Self.yaml.replacingOccurrences(of: old, with: new), Self.text.replacingOccurrences(of: old, with: new))
    #expect(old.isEmpty || yaml != Self.yaml || text != Self.text)
    let found = try findings(["roll-call/template.yaml": yaml, "roll-call/template.md": text])
      .filter { !$0.message.contains("does not take") }
    for expected in expected {
      #expect(
        found.contains { finding in
          let place = "\(finding.rule) \(finding.place.file):\(finding.place.line) \(finding.severity.rawValue)"
          return expected == place || expected == place + " " + finding.explanation
        }, "\(found)")
    }
    #expect(found.isEmpty == expected.isEmpty, "\(found)")
    for finding in found { #expect(!finding.message.isEmpty && !finding.explanation.isEmpty, "\(finding)") }
  }

  @Test func listsThatDoNotTakeIt() throws {
    let found = try findings(["roll-call/template.yaml": Self.yaml, "roll-call/template.md": Self.text])
    #expect(found.map { "\($0.rule) \($0.place.line):\($0.place.column)" } == ["T04 7:17"])
    #expect(found.first?.explanation.contains("distribution-lists/lists/fire-ems.yaml") == true)
  }

  @Test func withoutAStartingText() throws {
    let found = try findings(["roll-call/template.yaml": Self.yaml])
    #expect(found.contains { $0.rule == "T02" && $0.place.file == "t/roll-call/template.md" })
  }

  @Test func aNameThatCannotBeASeries() throws {
    let found = try findings(["Roll Call/template.yaml": Self.yaml, "Roll Call/template.md": Self.text])
    #expect(found.contains { $0.rule == "T01" && $0.place.file == "t/Roll Call/template.yaml" })
  }
}
