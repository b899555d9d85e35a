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
    guard context.frontMatter.scheme == .cui else { return findings }
    let sites = Dictionary(
      context.bulletin.marks.map { (Place(file: context.file, line: $0.line, column: $0.column), $0) },
      uniquingKeysWith: { first, _ in first })
    return findings.map { finding in
      var finding = finding
      finding.fix = sites[finding.place].flatMap { proposal($0, context) } ?? finding.fix
      return finding
    }
  }

  private static let explanation =
    "One bulletin has one scheme; a mixed one is released to nobody. Choose by `scheme:` and mark every portion in it."

  /// nil for (U) and for what has no controls.
  private static func family(_ mark: Mark?) -> Mark.Family? {
    guard let mark else { return nil }
    if mark.family == .cui { return .cui }
    return mark.controls.isEmpty && mark.releasableTo == nil && mark.displayOnly == nil ? nil : .legacy
  }

  /// CUI for a mark with FOUO alone in a CUI bulletin.
  private func proposal(_ site: MarkSite, _ context: CheckContext) -> Finding.Fix? {
    guard let portion = site.reading.mark, let mark = portion.mark, mark == Mark(controls: ["FOUO"]) else { return nil }
    let cui = PortionMark(mark: Mark(family: .cui), trafficLight: portion.trafficLight).text
    return context.replacement(
      of: site.reading.written, with: cui, line: site.line,
      "if a law, regulation or policy makes it CUI, mark it \(cui)", safe: false)
  }
}
