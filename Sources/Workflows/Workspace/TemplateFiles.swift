// template.yaml and template.md of one series, with the places of what they say, and what of it does not hang together:
// the folder's name, the starting text, default lists, guidance, rules (T01, T02, T04 to T06).

import Authoring
import Bulletins
import Distribution
import SiteFiles

struct TemplateFiles {
  var template: SeriesTemplate
  var yamlPath: String
  var textPath: String
  private var node: Node

  /// nil with findings when template.yaml cannot be used.
  static func read(
    _ series: String, in files: some WorkspaceFiles, path: String
  ) throws(WorkspaceProblem) -> (TemplateFiles?, [Finding]) {
    let yaml = try files.read("\(series)/template.yaml", limit: 1 << 20)
    let hasText = files.exists("\(series)/template.md")
    let text = hasText ? try files.read("\(series)/template.md", limit: 1 << 20) : []
    let yamlPath = "\(path)\(series)/template.yaml"
    let (template, findings) = TemplateReader.read(yaml: yaml, startingText: text, series: series, file: yamlPath)
    var problems: [FileProblem] = []
    guard let template, let node = try? YAMLReader.read(yaml, limit: 1 << 20, problems: &problems) else {
      return (nil, findings)
    }
    return (
      TemplateFiles(template: template, yamlPath: yamlPath, textPath: "\(path)\(series)/template.md", node: node),
      findings
    )
  }

  func findings(in workspace: Workspace) -> [Finding] {
    name() + text() + lists(workspace) + sections() + lint()
  }

  /// Of a key's value; the top of the file where it has none.
  func place(_ keys: String...) -> Place {
    var found = node
    for key in keys { found = found[key] ?? found }
    return place(of: found)
  }

  private func place(of node: Node) -> Place {
    Place(file: yamlPath, line: node.position.line, column: node.position.column)
  }

  private func finding(
    _ rule: String, _ severity: Finding.Severity = .error, at place: Place, _ message: String, _ explanation: String
  ) -> Finding {
    Finding(rule: rule, severity: severity, place: place, message: message, explanation: explanation)
  }

  private func name() -> [Finding] {
    guard !NewBulletin.isStem(template.series) else { return [] }
    return [
      finding(
        "T01", at: Place(file: yamlPath, line: 1), "`\(template.series)` cannot be the name of a series",
        "The folder's name is what `series:` says: small letters, digits and hyphens.")
    ]
  }

  private func text() -> [Finding] {
    let lines = template.startingText.split(separator: "\n", omittingEmptySubsequences: false)
    guard !template.startingText.isEmpty else {
      return [
        finding(
          "T02", at: Place(file: textPath, line: 1), "there is no starting text",
          "`revere new` begins with template.md; write the front matter and a heading for each section.")
      ]
    }
    var findings: [Finding] = []
    for (index, line) in lines.enumerated() {
      for piece in line.split(separator: "{{", omittingEmptySubsequences: false).dropFirst() {
        let name = piece.split(separator: "}}", omittingEmptySubsequences: false).first.map(String.init) ?? ""
        if StartingText.placeholders.contains(name) { continue }
        findings.append(
          finding(
            "T02", at: Place(file: textPath, line: index + 1), "`revere new` fills in no `{{\(name)}}`",
            Suggestion.hint(for: name, in: StartingText.placeholders).isEmpty
              ? "The placeholders are: \(StartingText.placeholders.joined(separator: ", "))."
              : Suggestion.hint(for: name, in: StartingText.placeholders)))
      }
    }
    let series = StartingText(
      template.startingText,
      values: Dictionary(uniqueKeysWithValues: StartingText.placeholders.map { ($0, "x") })
    ).frontMatter?["series"]
    if let series, series.text != template.series {
      findings.append(
        finding(
          "T01", at: Place(file: textPath, line: series.position.line + 1, column: series.position.column),
          "the starting text is of the series `\(series.text ?? "")`", "Write `series: \(template.series)`."))
    }
    return findings
  }

  private func lists(_ workspace: Workspace) -> [Finding] {
    let lists = workspace.lists.lists.map(\.list)
    return (node["default-lists"]?.list ?? node["default-lists"].map { [$0] } ?? []).compactMap { named in
      guard let id = named.text else { return nil }
      guard let list = lists.first(where: { $0.id == id }) else {
        let hint = Suggestion.hint(for: id, in: lists.map(\.id))
        return finding(
          "T04", at: place(of: named), "no list is called `\(id)`",
          hint.isEmpty ? "A bulletin of this series would be pushed to nobody by it." : hint)
      }
      guard !list.series.contains(template.series) else { return nil }
      return finding(
        "T04", at: place(of: named), "the list `\(id)` does not take \(template.series)",
        "Add \(template.series) to `series` in distribution-lists/lists/\(id).yaml.")
    }
  }

  private func sections() -> [Finding] {
    let all = template.requiredSections + template.requiredIfPresent + template.optionalSections
    let known = Set(all.map(sectionSlug))
    let guided = Set(template.guidance.keys.map(sectionSlug))
    let silent = all.filter { !guided.contains(sectionSlug($0)) }.map { section in
      finding(
        "T05", .warning, at: place("sections"), "the section \"\(section)\" has no guidance",
        "Say in `sections.guidance` what an analyst should write there.")
    }
    let lines = template.startingText.split(separator: "\n", omittingEmptySubsequences: false)
    let strange = lines.enumerated().compactMap { index, line -> Finding? in
      guard line.hasPrefix("## ") else { return nil }
      // Without the mark: "## (U) Bottom line".
      var words = line.dropFirst(3).drop { $0 == " " }
      while words.first == "(", let end = words.firstIndex(of: ")") {
        words = words[words.index(after: end)...].drop { $0 == " " }
      }
      let heading = String(words)
      guard !known.contains(sectionSlug(heading)) else { return nil }
      let hint = Suggestion.hint(for: heading, in: all)
      return finding(
        "T05", .warning, at: Place(file: textPath, line: index + 1), "\"\(heading)\" is no section of the series",
        hint.isEmpty ? "Name it under `sections` in template.yaml, as optional at least." : hint)
    }
    return silent + strange
  }

  /// Errors, of which a part is only a warning.
  private static let partlyWarnings: Set<String> = ["S03"]

  private func lint() -> [Finding] {
    let rules = RuleExplanation.all
    return (node["lint"]?.map ?? []).compactMap { entry in
      let place = Place(file: yamlPath, line: entry.keyPosition.line, column: entry.keyPosition.column)
      guard let rule = rules.first(where: { $0.id == entry.key }) else {
        return finding("T06", at: place, "there is no rule `\(entry.key)`", "See the list in rules.md.")
      }
      guard rule.severity == .error, !Self.partlyWarnings.contains(rule.id) else { return nil }
      return finding(
        "T06", .warning, at: place, "`\(entry.key)` is an error in every series",
        "The setting says nothing; remove the line.")
    }
  }
}
