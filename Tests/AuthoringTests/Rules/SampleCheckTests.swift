// The whole check over the samples: each broken file gives exactly the finding that it was broken for, on its line,
// and no other; the good ones give none. Rules about readers (D) are tried with a whole site around them.

import Authoring
import Bulletins
import Testing

@Suite struct SampleCheckTests {
  struct Expected: Sendable, CustomStringConvertible {
    var file: String
    var rule: String
    var line: Int
    var description: String { file }
  }

  static let expected: [Expected] = {
    let records = (try? CSVReaderOfSamples.records("Tests/Fixtures/samples/broken/expected.csv")) ?? []
    return records.compactMap { fields in
      Int(fields[2]).map { Expected(file: fields[0], rule: fields[1], line: $0) }
    }
  }()

  private func findings(_ path: String, site: Site = SampleSite.site) throws -> [Finding] {
    let read = Samples.read(try #require(Samples.bytes(path)))
    let template = SampleSite.template(read.document.frontMatter.series)
    let context = SampleSite.context(read, file: path, template: template, site: site)
    return BulletinCheck.findings(in: context)
  }

  @Test func everyBrokenFileIsExpected() {
    #expect(Self.expected.map(\.file).sorted() == Samples.broken)
  }

  @Test(arguments: expected) func broken(_ expected: Expected) throws {
    var site = SampleSite.site
    if expected.rule == "M11" { site.designation = nil }
    let found = try findings("Tests/Fixtures/samples/broken/\(expected.file)", site: site)
    let wanted = expected.rule.hasPrefix("D") ? [] : ["\(expected.rule) \(expected.line)"]
    #expect(found.map { "\($0.rule) \($0.place.line)" } == wanted, "\(found)")
    for finding in found {
      #expect(!finding.message.isEmpty && !finding.explanation.isEmpty)
      let isWarning = expected.rule == "M05" || ("CA".contains(expected.rule.prefix(1)) && expected.rule != "C07")
      #expect(finding.severity == (isWarning ? .warning : .error))
    }
  }

  @Test(arguments: Samples.good) func good(_ name: String) throws {
    let folder = try #require(Samples.folders.first { Samples.bytes("\($0)/\(name).md") != nil })
    #expect(try findings("\(folder)/\(name).md") == [])
  }

  /// `--fix` with the safe ones of a broken sample leaves nothing to find.
  @Test(arguments: ["F03", "M03", "M04", "M05", "M08", "M09"]) func safeFixesMend(_ rule: String) throws {
    let file = try #require(Self.expected.first { $0.rule == rule }).file
    let path = "Tests/Fixtures/samples/broken/\(file)"
    let found = try findings(path)
    var lines = String(decoding: try #require(Samples.bytes(path)), as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false
    ).map(String.init)
    for fix in found.compactMap(\.fix) where fix.safe {
      let old = try #require(fix.replacing)
      lines[fix.line - 1] = lines[fix.line - 1].replacing(old, with: try #require(fix.replacement), maxReplacements: 1)
    }
    let read = Samples.read(lines.joined(separator: "\n"))
    let context = SampleSite.context(
      read, file: file, template: SampleSite.template(read.document.frontMatter.series))
    #expect(BulletinCheck.findings(in: context) == [])
  }

  @Test func aTemplateTightensWarningsAndNeverLoosensErrors() {
    func severities(_ lint: [String: String]) -> [Finding.Severity] {
      var sample = RuleSample(body: "(U//FOUO//LES) Text[^s1]\n\n(U//XYZ) Text")
      sample.template = SeriesTemplate(
        series: "officer-safety", name: "", code: "OS", publicName: "", lint: lint)
      return BulletinCheck.findings(in: sample.context).filter { $0.rule.hasPrefix("M") }.map(\.severity)
    }
    #expect(severities([:]) == [.warning, .error])
    #expect(severities(["M05": "error", "M02": "off"]) == [.error, .error])
    #expect(severities(["M05": "off"]) == [.error])
  }
}
