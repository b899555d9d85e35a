// S01: a section that the template requires is missing (line 1) or has nothing under its heading (at the heading).

import Bulletins

struct S01RequiredSection: Rule {
  static let id = "S01"

  func findings(in context: CheckContext) -> [Finding] {
    guard let template = context.template else { return [] }
    let sections = Section.all(context.document.body)
    func named(_ title: String) -> [Section] {
      let key = Section.key(title)
      return sections.filter { $0.key == key }
    }
    let missing = template.requiredSections.filter { named($0).isEmpty }.map { title in
      finding(
        context, line: 1, "the required section \"\(title)\" is missing",
        explanation: template.guidance[title] ?? "Readers of this series rely on it.",
        fix: Finding.Fix(summary: "add a heading `## (U) \(title)` and what belongs under it", line: 1))
    }
    let empty = (template.requiredSections + template.requiredIfPresent).flatMap(named)
      .filter { !$0.pieces.contains { $0.block.holdsContent } }
      .map { section in
        finding(
          context, line: section.heading.line, "the section \"\(section.title)\" is empty",
          explanation: template.guidance[section.title] ?? "Readers of this series rely on it.")
      }
    return missing + empty
  }
}
