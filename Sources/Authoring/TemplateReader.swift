// templates/SERIES/template.yaml and template.md to a SeriesTemplate (site-files.md; bulletin-format.md, Templates).
// The folder's name is the name of the series. A template with any error is none: nothing is checked by half of it.

package import Bulletins
import SiteFiles

package enum TemplateReader {
  private static let limit = 1 << 20

  /// nil when there is an error; `file` is the path of template.yaml that findings name.
  package static func read(
    yaml: [UInt8], startingText: [UInt8], series: String, file: String
  ) -> (SeriesTemplate?, [Finding]) {
    var findings = FindingList(file: file)
    var problems: [FileProblem] = []
    var template: SeriesTemplate?
    do throws(FileProblem) {
      guard let node = try YAMLReader.read(yaml, limit: limit, problems: &problems) else {
        throw FileProblem(.missingKey, at: SourcePosition(line: 1), "the file holds no keys")
      }
      var fields = MapFields(node)
      template = typed(&fields, series: series)
      problems += fields.finish()
      try YAMLReader.checkUTF8(startingText)
      template?.startingText = String(decoding: startingText, as: UTF8.self)
    } catch {
      problems.append(error)
    }
    findings.add(problems)
    return (problems.isEmpty ? template : nil, findings.sorted)
  }

  private static func typed(_ fields: inout MapFields, series: String) -> SeriesTemplate {
    var template = SeriesTemplate(
      series: series, name: fields.requiredText("name") ?? "", code: code(&fields) ?? "",
      publicName: fields.requiredText("public-name") ?? "")
    expiry(&fields, &template)
    template.urgency = fields.choice("urgency", of: Urgency.self) ?? .routine
    template.onUncertain = fields.choice("on-uncertain", of: SeriesTemplate.OnUncertain.self) ?? .hold
    template.asksForAcknowledgement = fields.bool("acknowledge") ?? false
    template.defaultLists = fields.texts("default-lists") ?? []
    sections(&fields, &template)
    template.requiredFrontMatter = fields.texts("front-matter") ?? []
    let known = FrontMatterReader.knownKeys
    for (key, position) in fields.locatedTexts("front-matter") ?? [] where !known.contains(key) {
      fields.report(
        FileProblem(
          .badValue, at: position, "front matter has no key `\(key)`", hint: Suggestion.hint(for: key, in: known)))
    }
    template.gates = (fields.locatedTexts("gates") ?? []).compactMap { name, position in
      if let gate = Gate.Name(rawValue: name) { return gate }
      let names = Gate.Name.allCases.map(\.rawValue)
      fields.report(
        FileProblem(
          .badValue, at: position, "there is no gate `\(name)`", hint: Suggestion.hint(for: name, in: names)))
      return nil
    }
    template.lint = lint(&fields)
    template.fixedText = (fields.texts("fixed-text") ?? []).filter { !$0.isEmpty }
    if template.requiredSections.isEmpty, fields.problems.isEmpty {
      // Without one nothing would keep an empty shell from being sent.
      fields.report(
        FileProblem(
          .missingKey, at: fields.node.position, "`sections.required` names no section",
          hint: "name the sections without which the bulletin says nothing, for example Bottom line"))
    }
    return template
  }

  /// The part of a serial that names the series: capitals and digits, so that a serial can be taken apart.
  private static func code(_ fields: inout MapFields) -> String? {
    guard let code = fields.requiredText("code") else { return nil }
    let isCode = code.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }
    if !isCode || code.isEmpty || code.utf8.count > 8, let position = fields.entry("code")?.value.position {
      fields.report(
        FileProblem(.badValue, at: position, "`code` must be capitals and digits, at most eight", hint: "write OS"))
    }
    return code
  }

  /// `30 days`, `2 weeks`, `1 year`; years and months are 365 and 30 days. `end of quarter`, `event + 7 days`.
  private static func expiry(_ fields: inout MapFields, _ template: inout SeriesTemplate) {
    guard let text = fields.text("default-expiry"), let position = fields.entry("default-expiry")?.value.position
    else { return }
    if text == "end of quarter" {
      template.expirySuggestion = .endOfQuarter
    } else if text.hasPrefix("event + "), let days = span(text.dropFirst("event + ".count)) {
      template.expirySuggestion = .afterEvent(days: days)
    } else if let days = span(text[...]) {
      template.defaultExpiryDays = days
    } else {
      fields.report(
        FileProblem(
          .badValue, at: position,
          "`default-expiry` must be a span of days, the end of the quarter or days after the event",
          hint: "write `30 days`, `1 year`, `end of quarter` or `event + 7 days`"))
    }
  }

  private static func span(_ text: Substring) -> Int? {
    let units = ["day": 1, "week": 7, "month": 30, "year": 365]
    let words = text.split(separator: " ")
    if words.count == 2, let number = Int(words[0]), (1...3_650).contains(number) {
      let unit = words[1].hasSuffix("s") ? words[1].dropLast() : words[1]
      if let days = units[String(unit)] { return number * days }
    }
    return nil
  }

  private static func sections(_ fields: inout MapFields, _ template: inout SeriesTemplate) {
    guard let value = fields.value("sections") else { return }
    var inner = MapFields(value, path: "sections")
    template.requiredSections = inner.texts("required") ?? []
    template.requiredIfPresent = inner.texts("required-if-present") ?? []
    template.optionalSections = inner.texts("optional") ?? []
    let all = template.requiredSections + template.requiredIfPresent + template.optionalSections
    let headings = Set(all.map(sectionSlug))
    if headings.count < all.count {
      inner.report(FileProblem(.repeatedKey, at: value.position, "a section is named twice"))
    }
    if let guidance = inner.value("guidance") {
      for entry in guidance.map ?? [] {
        template.guidance[entry.key] = entry.value.text
        if entry.value.text == nil {
          inner.report(
            FileProblem(.wrongType, at: entry.value.position, "the guidance of `\(entry.key)` must be a text"))
        } else if !headings.contains(sectionSlug(entry.key)) {
          inner.report(
            FileProblem(
              .unknownKey, at: entry.keyPosition, "guidance for `\(entry.key)`, which is no section",
              hint: Suggestion.hint(for: entry.key, in: all)))
        }
      }
      if guidance.map == nil {
        inner.report(FileProblem(.wrongType, at: guidance.position, "`sections.guidance` must be a map of headings"))
      }
    }
    fields.report(inner.finish())
  }

  /// Rule ids and what they are here: `off`, `warning` or `error`.
  private static func lint(_ fields: inout MapFields) -> [String: String] {
    guard let value = fields.value("lint") else { return [:] }
    var lint: [String: String] = [:]
    for entry in value.map ?? [] {
      let rule = Array(entry.key.utf8)
      let isRule =
        rule.count == 3 && (0x41...0x5A).contains(rule[0]) && rule[1...].allSatisfy { (0x30...0x39).contains($0) }
      if !isRule {
        fields.report(FileProblem(.unknownKey, at: entry.keyPosition, "`\(entry.key)` is no rule"))
      } else if let level = entry.value.text, ["off", "warning", "error"].contains(level) {
        lint[entry.key] = level
      } else {
        fields.report(
          FileProblem(.badValue, at: entry.value.position, "`\(entry.key)` must be `off`, `warning` or `error`"))
      }
    }
    if value.map == nil {
      fields.report(FileProblem(.wrongType, at: value.position, "`lint` must be a map of rules"))
    }
    return lint
  }
}
