// M07: CUI and legacy marks in one bulletin. A bare (U) belongs to both. FOUO to CUI is proposed, never converted.

import Bulletins
import Markings

struct M07SchemesMixed: Rule {
  static let id = "M07"

  func findings(in context: CheckContext) -> [Finding] {
    // The reader knows marks that do not fit the scheme; scheme tlp has room for either, so the first one rules there.
    var findings = context.problems(Self.id, explanation: Self.explanation)
    if context.frontMatter.scheme == .tlp {
      let families = context.bulletin.marks.map { ($0, Self.family($0.reading.mark?.mark)) }
      let first = families.lazy.compactMap(\.1).first
      for (site, family) in families where family != nil && family != first {
        findings.append(
          finding(
            context, line: site.line, column: site.column, "CUI and legacy marks in one bulletin",
            explanation: Self.explanation))
      }
    }
    return findings.map { proposed($0, context) }
  }

  private static let explanation =
    "One bulletin has one scheme; a mixed one is released to nobody. Choose by `scheme:` and mark every portion in it."

  /// nil for (U) and for what has no controls.
  private static func family(_ mark: Mark?) -> Mark.Family? {
    guard let mark else { return nil }
    if mark.family == .cui { return .cui }
    return mark.controls.isEmpty && mark.releasableTo == nil && mark.displayOnly == nil ? nil : .legacy
  }

  /// For a mark with FOUO alone in a CUI bulletin.
  private func proposed(_ finding: Finding, _ context: CheckContext) -> Finding {
    let site = context.bulletin.marks.first {
      $0.line == finding.place.line && $0.column == finding.place.column && $0.reading.mark?.mark?.controls == ["FOUO"]
    }
    guard context.frontMatter.scheme == .cui, let site, let portion = site.reading.mark,
      portion.mark?.releasableTo == nil, portion.mark?.unknown.isEmpty == true
    else { return finding }
    let cui = PortionMark(mark: Mark(family: .cui), trafficLight: portion.trafficLight).text
    var finding = finding
    finding.fix = context.replacement(
      of: site.reading.written, with: cui, line: site.line,
      "if a law, regulation or policy makes it CUI, mark it \(cui)", safe: false)
    return finding
  }
}
