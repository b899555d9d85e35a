// Findings as SARIF 2.1.0 (OASIS), which code hosts and editors read. Columns count Unicode scalars. One run; every rule
// of the check is described in it, found or not, so that a viewer can show why a rule is there.

import Authoring
import Bulletins
import Foundation

struct SarifLog: Encodable {
  struct Message: Encodable { var text: String }
  struct Location: Encodable { var physicalLocation: PhysicalLocation }
  struct PhysicalLocation: Encodable {
    var artifactLocation: ArtifactLocation
    var region: Region
  }
  struct ArtifactLocation: Encodable { var uri: String }
  struct Region: Encodable {
    var startLine: Int
    var startColumn: Int
    var endLine: Int?
    var endColumn: Int?
  }
  struct Change: Encodable {
    struct Replacement: Encodable {
      var deletedRegion: Region
      var insertedContent: Message
    }
    var artifactLocation: ArtifactLocation
    var replacements: [Replacement]
  }
  struct Fix: Encodable {
    var description: Message
    var artifactChanges: [Change]
  }
  struct Result: Encodable {
    var ruleId: String
    var ruleIndex: Int
    var level: String
    var message: Message
    var locations: [Location]
    var fixes: [Fix]?
  }
  struct Level: Encodable { var level: String }
  struct Descriptor: Encodable {
    var id: String
    var shortDescription: Message?
    var fullDescription: Message?
    var help: Message?
    var defaultConfiguration: Level?
  }
  struct Driver: Encodable {
    var name = "revere"
    var version = revereVersion
    var rules: [Descriptor]
  }
  struct Tool: Encodable { var driver: Driver }
  struct Run: Encodable {
    var tool: Tool
    var columnKind = "unicodeCodePoints"
    var results: [Result]
  }

  var schema = "https://json.schemastore.org/sarif-2.1.0.json"
  var version = "2.1.0"
  var runs: [Run]

  private enum CodingKeys: String, CodingKey {
    case schema = "$schema"
    case version, runs
  }

  /// - Parameter line: the text of a line of a file, to say where on it a fix replaces; nil when it is not at hand.
  init(_ findings: [Finding], line: (Place) -> String?) {
    let known = RuleExplanation.all
    let others = Set(findings.map(\.rule)).subtracting(known.map(\.id)).sorted()
    let rules = known.map(Self.descriptor) + others.map { Descriptor(id: $0) }
    let places = Dictionary(uniqueKeysWithValues: rules.enumerated().map { ($1.id, $0) })
    let results = findings.map { finding in
      Result(
        ruleId: finding.rule, ruleIndex: places[finding.rule] ?? -1, level: finding.severity.rawValue,
        message: Message(text: [finding.message, finding.explanation].filter { !$0.isEmpty }.joined(separator: ". ")),
        locations: [
          Location(
            physicalLocation: PhysicalLocation(
              artifactLocation: ArtifactLocation(uri: Self.uri(finding.place.file)),
              region: Region(startLine: finding.place.line, startColumn: finding.place.column)))
        ],
        fixes: Self.fix(finding, line).map { [$0] })
    }
    runs = [Run(tool: Tool(driver: Driver(rules: rules)), results: results)]
  }

  private static func descriptor(_ rule: RuleExplanation) -> Descriptor {
    Descriptor(
      id: rule.id, shortDescription: Message(text: rule.name), fullDescription: Message(text: rule.what),
      help: Message(text: rule.why), defaultConfiguration: Level(level: rule.severity.rawValue))
  }

  /// A replacement on one line; advice alone is part of no log.
  private static func fix(_ finding: Finding, _ line: (Place) -> String?) -> Fix? {
    guard let fix = finding.fix, let old = fix.replacing, let new = fix.replacement,
      let text = line(Place(file: finding.place.file, line: fix.line)), let range = text.range(of: old)
    else { return nil }
    let column = text[..<range.lowerBound].unicodeScalars.count + 1
    return Fix(
      description: Message(text: fix.summary),
      artifactChanges: [
        Change(
          artifactLocation: ArtifactLocation(uri: uri(finding.place.file)),
          replacements: [
            Change.Replacement(
              deletedRegion: Region(
                startLine: fix.line, startColumn: column, endLine: fix.line,
                endColumn: column + old.unicodeScalars.count), insertedContent: Message(text: new))
          ])
      ])
  }

  /// A path of the workspace as a URI reference; an absolute one as a file URI.
  private static func uri(_ path: String) -> String {
    var allowed = CharacterSet.urlPathAllowed
    // A colon in the first part of a relative path would be a scheme.
    allowed.remove(charactersIn: ":;?#%")
    let written = path.addingPercentEncoding(withAllowedCharacters: allowed) ?? path
    return path.hasPrefix("/") ? "file://" + written : written
  }
}
