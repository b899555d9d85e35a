// Every template that ships is read without a finding; what is wrong with one is reported with its place.

import Authoring
import Bulletins
import Foundation
import Testing

@Suite struct TemplateReaderTests {
  static let shipped: [String] =
    ((try? FileManager.default.contentsOfDirectory(
      at: Samples.root.appending(path: "templates"), includingPropertiesForKeys: nil)) ?? [])
    .map(\.lastPathComponent).filter { Samples.bytes("templates/\($0)/template.yaml") != nil }.sorted()

  @Test(arguments: shipped) func shippedTemplates(series: String) throws {
    let yaml = try #require(Samples.bytes("templates/\(series)/template.yaml"))
    let text = try #require(Samples.bytes("templates/\(series)/template.md"))
    let (template, findings) = TemplateReader.read(
      yaml: yaml, startingText: text, series: series, file: "template.yaml")
    #expect(findings.map { "\($0.short) \($0.message)" } == [])
    let read = try #require(template)
    #expect(!read.requiredSections.isEmpty && !read.guidance.isEmpty && !read.startingText.isEmpty)
  }

  private func read(_ yaml: String) -> (SeriesTemplate?, [String]) {
    let (template, findings) = TemplateReader.read(
      yaml: Array(yaml.utf8), startingText: [], series: "x", file: "template.yaml")
    return (template, findings.map(\.short))
  }

  @Test func values() throws {
    let (template, findings) = read(
      """
      name: Officer Safety Bulletin
      code: OS
      public-name: Officer Safety
      default-expiry: 2 weeks
      urgency: immediate
      on-uncertain: resend
      default-lists: [a, b]
      sections: { required: [Bottom line], required-if-present: [Person], optional: [Timeline], guidance: { Bottom line: Say it. } }
      front-matter: [authors, pii]
      gates: [pii, first-amendment]
      lint: { A01: error, C03: "off" }
      """)
    #expect(findings == [])
    let read = try #require(template)
    #expect(read.defaultExpiryDays == 14 && read.urgency == .immediate && read.onUncertain == .resend)
    #expect(read.guidance == ["Bottom line": "Say it."])
    #expect(read.gates == [.pii, .firstAmendment])
    #expect(read.lint == ["A01": "error", "C03": "off"])
  }

  @Test(
    arguments: [
      ("30 days", 30, nil), ("1 year", 365, nil), ("end of quarter", nil, .endOfQuarter),
      ("event + 7 days", nil, .afterEvent(days: 7)), ("event + 2 weeks", nil, .afterEvent(days: 14)),
    ] as [(String, Int?, SeriesTemplate.ExpirySuggestion?)])
  func expiry(text: String, days: Int?, suggestion: SeriesTemplate.ExpirySuggestion?) throws {
    let (template, findings) = read(
      "name: A\ncode: OS\npublic-name: B\ndefault-expiry: \(text)\nsections: { required: [X] }\n")
    #expect(findings == [] && template?.defaultExpiryDays == days && template?.expirySuggestion == suggestion)
  }

  @Test(arguments: [
    ("name: A\ncode: OS\n", "F01 1:1"),
    ("name: A\ncode: OS\npublic-name: B\n", "F01 1:1"),
    ("name: A\ncode: OS\npublic-name: B\nsections: { optional: [X] }\n", "F01 1:1"),
    ("name: A\ncode: os\npublic-name: B\n", "F03 2:7"),
    ("name: A\ncode: OS\npublic-name: B\nname: C\nsections: { required: [X] }\n", "F02 4:1"),
    ("name: A\ncode: OS\npublic-name: B\nurgnecy: routine\nsections: { required: [X] }\n", "F02 4:1"),
    ("name: A\ncode: OS\npublic-name: B\ndefault-expiry: soon\n", "F03 4:17"),
    ("name: A\ncode: OS\npublic-name: B\ndefault-expiry: event + soon\n", "F03 4:17"),
    ("name: A\ncode: OS\npublic-name: B\ndefault-expiry: event\n", "F03 4:17"),
    ("name: A\ncode: OS\npublic-name: B\nfront-matter: [author]\n", "F03 4:16"),
    ("name: A\ncode: OS\npublic-name: B\ngates: [pi]\n", "F03 4:9"),
    ("name: A\ncode: OS\npublic-name: B\nlint: { A1: error }\n", "F02 4:9"),
    ("name: A\ncode: OS\npublic-name: B\nsections: { required: [X], guidance: { Y: z } }\n", "F02 4:40"),
  ])
  func refused(yaml: String, finding: String) {
    let (template, findings) = read(yaml)
    #expect(template == nil)
    #expect(findings == [finding])
  }
}
